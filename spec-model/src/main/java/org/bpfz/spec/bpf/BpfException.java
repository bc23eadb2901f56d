package org.bpfz.spec.bpf;

import org.bpfz.spec.Errno;

/** Says why a command of bpf(2) is refused. */
public final class BpfException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    /** A refusal with its reason in words. */
    public BpfException(Errno errno, String reason) {
        super(reason);
        this.errno = errno;
    }

    BpfException(Errno errno) {
        this(errno, errno.name());
    }

    /** What bpf(2) returns, negated. */
    public Errno errno() {
        return errno;
    }
}
