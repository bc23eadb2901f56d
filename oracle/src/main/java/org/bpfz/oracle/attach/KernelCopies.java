package org.bpfz.oracle.attach;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.HookRun;

/**
 * The copies that the modelled kernel makes in a call: what a probe on {@code memcpy} sees.
 *
 * <table>
 * <caption>What is copied</caption>
 * <tr><td>a run on the verify hook</td><td>the bytes that the program may look at, in one piece, from the caller</td></tr>
 * <tr><td>write, pwrite64, writev, pwritev, pwritev2, sendmsg</td><td>what was written, a page at a time, from the caller</td></tr>
 * <tr><td>read, pread64, readv, preadv, preadv2, recvmsg</td><td>what was read, a page at a time, to the caller</td></tr>
 * <tr><td>sendfile, copy_file_range</td><td>what was moved, a page at a time, inside the kernel</td></tr>
 * <tr><td>fstat, newfstatat</td><td>a struct stat, to the caller</td></tr>
 * <tr><td>pipe2, socketpair, get_compression_stats</td><td>a pair of numbers, to the caller</td></tr>
 * </table>
 *
 * <p>Splicing moves references to pages, and paths are strings that end at their zero: neither is such a copy. What fails copies nothing
 * but what verify has looked at. Pages are counted from the beginning of what a call moves.
 */
final class KernelCopies {
    /** Where callers have their data; addresses of the recorded tasks are not known. */
    static final long USER = 0x7f00_0000_0000L;

    /** Where the kernel has its pages: in the direct map, behind all objects that programs may look at. */
    private static final long PAGES = 0xffff_88ff_0000_0000L;
    private static final int PAGE = 4096;
    private static final int STAT_SIZE = 144;
    private static final int PAIR_OF_INT = 8;
    private static final int PAIR_OF_LONG = 16;

    private KernelCopies() {
    }

    /**
     * A copy.
     *
     * @param size bytes
     */
    record Copy(long to, long from, long size) {
        /** One of which only the size is known. */
        static Copy ofSize(long size) {
            return new Copy(PAGES, USER, size);
        }
    }

    /**
     * The copies of a call in their order.
     *
     * @param result what it returned
     * @param runs   the programs that it ran
     */
    static List<Copy> of(Call call, long result, List<HookRun> runs) {
        List<Copy> copies = new ArrayList<>();
        for (HookRun run : runs) {
            if (run instanceof HookRun.Verify verify && verify.size() > 0) {
                copies.add(new Copy(PAGES, USER, verify.size()));
            }
        }
        if (result < 0) {
            return copies;
        }
        switch (call) {
            case Call.Write _,Call.Pwrite64 _,Call.Writev _,Call.Pwritev _,Call.Pwritev2 _,Call.Sendmsg _ ->
                byPage(copies, PAGES, USER, result);
            case Call.Read _,Call.Pread64 _,Call.Readv _,Call.Preadv _,Call.Preadv2 _,Call.Recvmsg _ ->
                byPage(copies, USER, PAGES, result);
            case Call.Sendfile _,Call.CopyFileRange _ -> byPage(copies, PAGES, PAGES + (1L << 30), result);
            case Call.Fstat _,Call.Newfstatat _ -> copies.add(new Copy(USER, PAGES, STAT_SIZE));
            case Call.Pipe2 _,Call.Socketpair _ -> copies.add(new Copy(USER, PAGES, PAIR_OF_INT));
            case Call.GetCompressionStats _ -> copies.add(new Copy(USER, PAGES, PAIR_OF_LONG));
            default -> {
                // Names and numbers only.
            }
        }
        return copies;
    }

    private static void byPage(List<Copy> copies, long to, long from, long bytes) {
        for (long done = 0; done < bytes; done += PAGE) {
            copies.add(new Copy(to + done, from + done, Math.min(PAGE, bytes - done)));
        }
    }
}
