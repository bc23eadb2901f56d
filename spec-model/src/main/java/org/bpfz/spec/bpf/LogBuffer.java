package org.bpfz.spec.bpf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bpfz.spec.Errno;

/**
 * Where BPF_PROG_LOAD and BPF_BTF_LOAD put their log (bpf_vlog_init and bpf_vlog_finalize in kernel/bpf/log.c): the end of a log that does
 * not fit, unless BPF_LOG_FIXED asks for its start.
 */
record LogBuffer(int level, long address, int size) {
    private static final int FIXED = 8;
    /** BPF_LOG_LEVEL, BPF_LOG_STATS and BPF_LOG_FIXED. */
    private static final int LEVELS = 3 | 4 | FIXED;
    private static final int MAX_SIZE = -1 >>> 2;

    /** Refuses with EINVAL a buffer without size, a size without buffer, and unknown levels (bpf_verifier_log_attr_valid). */
    void check() throws BpfException {
        boolean both = (address != 0) == (size != 0);
        if (!both || (address != 0 && level == 0) || (level & ~LEVELS) != 0
                || Integer.compareUnsigned(size, MAX_SIZE) > 0) {
            throw new BpfException(Errno.EINVAL, "a log that is asked for in part");
        }
    }

    /**
     * Writes the log.
     *
     * @return the size that it needs with the zero behind, 0 for an empty one
     */
    int write(String log, BpfState state) throws BpfException {
        byte[] text = log.getBytes(StandardCharsets.UTF_8);
        if (level == 0 || text.length == 0) {
            return 0;
        }
        byte[] whole = Arrays.copyOf(text, text.length + 1);
        if (address != 0) {
            int kept = Math.min(size, whole.length);
            byte[] part = (level & FIXED) != 0
                    ? Arrays.copyOf(Arrays.copyOf(whole, kept - 1), kept)
                    : Arrays.copyOfRange(whole, whole.length - kept, whole.length);
            state.write(address, part);
        }
        return whole.length;
    }

    /** Whether a log of that size with its zero is cut: then the command fails with ENOSPC, whatever else it has to say. */
    boolean isTooSmall(int needed) {
        return address != 0 && Integer.compareUnsigned(needed, size) > 0;
    }
}
