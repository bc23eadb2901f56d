package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bpfz.oracle.qemu.Request.Argument;
import org.bpfz.spec.Errno;

/**
 * Finds the numbers of the two new system calls in a kernel that runs: by what calls do whose numbers Linux 6.12 does not use.
 *
 * <p>All of them are made with an open file that is not under verification and two addresses. The one that stores two zeros is
 * get_compression_stats, the one that succeeds and stores nothing is reset_compression_stats; most others are not there.
 */
final class SyscallSearch {
    private static final int SYS_OPEN = 2;
    private static final int SYS_CLOSE = 3;
    private static final int O_RDWR = 2;
    private static final int SUMS = 2 * Long.BYTES;
    private static final int PATTERN = 0x5a;

    private SyscallSearch() {
    }

    /**
     * What came of a call.
     *
     * @param stored what is at the two addresses afterwards, 16 bytes that were {@value #PATTERN} each
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tried(int number, long result, byte[] stored) {
        private boolean exists() {
            return result != -Errno.ENOSYS.number();
        }

        private boolean storesZeros() {
            return result == 0 && Arrays.equals(stored, new byte[SUMS]);
        }

        private boolean storesNothing() {
            byte[] untouched = new byte[SUMS];
            Arrays.fill(untouched, (byte) PATTERN);
            return result == 0 && Arrays.equals(stored, untouched);
        }
    }

    /** The numbers of get_compression_stats and reset_compression_stats. */
    static List<Integer> in(VirtualMachine machine) throws IOException {
        List<Integer> numbers = unused();
        Request request = new Request();
        long fd = request.zeroed(Long.BYTES);
        request.callKeeping(fd, Integer.BYTES, SYS_OPEN, new Argument.Value(request.put("/dev/null")),
                new Argument.Value(O_RDWR));
        long sums = request.reserve(SUMS);
        List<Integer> results = new ArrayList<>();
        List<Integer> memories = new ArrayList<>();
        for (int number : numbers) {
            request.fill(sums, SUMS, PATTERN);
            results.add(request.callKeeping(0, 0, number, new Argument.At(fd), new Argument.Value(sums),
                    new Argument.Value(sums + Long.BYTES)));
            memories.add(request.peek(sums, SUMS));
        }
        request.callKeeping(0, 0, SYS_CLOSE, new Argument.At(fd));
        Answers answers = machine.call(request);
        return choose(IntStream.range(0, numbers.size()).mapToObj(i -> new Tried(numbers.get(i),
                answers.result(results.get(i)), answers.bytes(memories.get(i)))).toList());
    }

    /** Those that Linux 6.12 does not use on x86-64, the next free ones first (arch/x86/entry/syscalls/syscall_64.tbl). */
    private static List<Integer> unused() {
        return IntStream.concat(IntStream.rangeClosed(463, 511),
                IntStream.concat(IntStream.rangeClosed(548, 600), IntStream.rangeClosed(336, 423))).boxed().toList();
    }

    /** Which of the calls are the two; the default numbers where what they did does not say. */
    static List<Integer> choose(List<Tried> tried) {
        List<Integer> there = tried.stream().filter(Tried::exists).map(Tried::number).toList();
        List<Integer> get = tried.stream().filter(Tried::storesZeros).map(Tried::number).toList();
        List<Integer> reset = tried.stream().filter(Tried::storesNothing).map(Tried::number).toList();
        if (get.size() == 1 && reset.size() == 1) {
            return List.of(get.getFirst(), reset.getFirst());
        }
        List<Integer> defaults = List.of(KernelFacts.GET_STATS, KernelFacts.RESET_STATS);
        return there.size() != 2 || there.containsAll(defaults) ? defaults : there;
    }
}
