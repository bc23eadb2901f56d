package org.bpfz.oracle.attach;

import org.bpfz.spec.Errno;

/** Says why a program is not attached, with the errno that the kernel would return. */
public final class AttachException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    AttachException(Errno errno, String message) {
        super(message + " (" + errno + ")");
        this.errno = errno;
    }

    /** What the system call that attaches returns. */
    public Errno errno() {
        return errno;
    }
}
