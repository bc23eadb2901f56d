package org.bpfz.oracle.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.bpfz.oracle.qemu.SyscallSearch.Tried;
import org.bpfz.spec.Errno;
import org.junit.jupiter.api.Test;

/** Which of the calls that a kernel has at unused numbers are the two new ones. */
class SyscallSearchTest {
    private static final List<Integer> DEFAULTS = List.of(463, 464);

    private static Tried tried(int number, long result, int stored) {
        byte[] memory = new byte[16];
        Arrays.fill(memory, (byte) stored);
        return new Tried(number, result, memory);
    }

    private static Tried missing(int number) {
        return tried(number, -Errno.ENOSYS.number(), 0x5a);
    }

    @Test
    void shouldTakeTheOneThatStoresZerosAndTheOneThatStoresNothing() {
        assertEquals(DEFAULTS,
                SyscallSearch.choose(List.of(tried(463, 0, 0), tried(464, 0, 0x5a), missing(465))));
        assertEquals(List.of(464, 463), SyscallSearch.choose(List.of(tried(463, 0, 0x5a), tried(464, 0, 0))));
        assertEquals(List.of(548, 549),
                SyscallSearch.choose(List.of(missing(463), missing(464), tried(548, 0, 0), tried(549, 0, 0x5a))));
    }

    /** Another call that the kernel has at an unused number fails with such arguments. */
    @Test
    void shouldNotTakeOthers() {
        assertEquals(List.of(470, 471), SyscallSearch.choose(List.of(tried(463, -Errno.EFAULT.number(), 0x5a),
                tried(470, 0, 0), tried(471, 0, 0x5a))));
    }

    /** Where the calls fail for a file that is not under verification, there are two of them in their order. */
    @Test
    void shouldTakeTheOnlyTwoThatThereAre() {
        assertEquals(List.of(335 + 1, 500), SyscallSearch.choose(List.of(missing(463),
                tried(336, -Errno.EINVAL.number(), 0x5a), tried(500, -Errno.EINVAL.number(), 0x5a))));
    }

    @Test
    void shouldKeepTheDefaultsWhereNothingTells() {
        assertEquals(DEFAULTS, SyscallSearch.choose(List.of(missing(463), missing(464))));
        assertEquals(DEFAULTS, SyscallSearch.choose(List.of(tried(463, 0, 0x5a), tried(464, 0, 0x5a))));
    }
}
