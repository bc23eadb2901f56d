package org.bpfz.verifier;

import org.bpfz.spec.Errno;

/** Ends the verification: the program is refused. The reason stands in the log already. */
public final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The slot is where the search is. */
    public static final int AT_CURRENT = -1;

    private final Errno errno;
    private final int slot;

    /** A refusal for the instruction that is looked at. */
    public Rejection(Errno errno) {
        this(errno, AT_CURRENT);
    }

    /** A refusal for the instruction at a slot. */
    public Rejection(Errno errno, int slot) {
        super(errno.name(), null, false, false);
        this.errno = errno;
        this.slot = slot;
    }

    /** What BPF_PROG_LOAD fails with. */
    public Errno errno() {
        return errno;
    }

    /** The instruction that is refused, or {@link #AT_CURRENT}. */
    public int slot() {
        return slot;
    }
}
