package org.bpfz.spec.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bpfz.spec.Errno;
import org.bpfz.spec.program.Hook;
import org.junit.jupiter.api.Test;

/** The clauses on examples. */
class CompressionClausesTest {
    private static final int INIT = State.INIT;

    /** Every file is verified; data compresses to a third. */
    private static final Hooks THIRD = new Hooks() {
        @Override
        public long decide(int program, Task task, int uid, int gid) {
            return 1;
        }

        @Override
        public long verify(int program, Task task, long offset, long size, Rope data) {
            return size / 3;
        }
    };

    private static State attached() {
        Attachments both = Attachments.NONE.plus(Hook.DECIDE, new Attachments.Attached(-1, 1))
                .plus(Hook.VERIFY, new Attachments.Attached(-2, 2));
        return State.boot().with(both);
    }

    @Test
    void duplicatedDescriptorsShareSumsAndSeparateOpensDoNot() {
        Kernel kernel = new Kernel(attached(), Reading.strict(), THIRD);
        assertEquals(0, kernel.result(new Call.Open(INIT, "/tmp/a", Flags.O_CREAT | Flags.O_RDWR, 0644)));
        assertEquals(1, kernel.result(new Call.Dup(INIT, 0)));
        assertEquals(2, kernel.result(new Call.Open(INIT, "/tmp/a", Flags.O_WRONLY, 0)));
        assertEquals(9, kernel.result(new Call.Write(INIT, 0, Source.of(new byte[9]))));
        assertEquals(6, kernel.result(new Call.Write(INIT, 1, Source.of(new byte[6]))));
        assertEquals(new Sums(15, 5), sums(kernel, 0));
        assertEquals(new Sums(15, 5), sums(kernel, 1));
        assertEquals(Sums.ZERO, sums(kernel, 2));
        assertEquals(0, kernel.result(new Call.ResetCompressionStats(INIT, 1)));
        assertEquals(Sums.ZERO, sums(kernel, 0));
        assertEquals(Errno.EBADF.negative(), kernel.result(new Call.GetCompressionStats(INIT, 7)));
    }

    private static Sums sums(Kernel kernel, int fd) {
        Outcome.Returned outcome = (Outcome.Returned) kernel.call(new Call.GetCompressionStats(INIT, fd));
        return ((Output.Stats) outcome.output()).sums();
    }
}
