package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;

/**
 * Ends the evaluation of a call with an error, from however deep inside a path walk; {@link Relation} turns it into an
 * outcome. It carries no stack trace: an error is an ordinary answer.
 */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Errno errno;

    Failure(Errno errno) {
        super(errno.name(), null, false, false);
        this.errno = errno;
    }

    Errno errno() {
        return errno;
    }
}
