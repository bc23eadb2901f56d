package org.bpfz.verifier.access;

/** The largest offsets and sizes that arithmetic on pointers may reach (include/linux/bpf_verifier.h). */
public final class Limits {
    /** BPF_MAX_VAR_OFF. */
    public static final int MAX_OFFSET = 1 << 29;
    /** BPF_MAX_VAR_SIZ. */
    public static final int MAX_SIZE = 1 << 29;

    private Limits() {
    }
}
