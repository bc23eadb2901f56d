package org.bpfz.loader.api;

import org.bpfz.spec.Errno;

/** Says that the kernel refuses a command. */
public class BpfCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    /** A refusal of what is named. */
    public BpfCallException(String what, Errno errno) {
        this(what, errno.negative());
    }

    BpfCallException(String what, int result) {
        super(what + ": " + name(result));
        errno = errno(result);
    }

    private static Errno errno(int result) {
        Errno errno = Errno.of(-result);
        return errno == null ? Errno.EINVAL : errno;
    }

    private static String name(int result) {
        Errno errno = Errno.of(-result);
        return errno == null ? "error " + -result : errno.name();
    }

    /** What bpf(2) returned, negated. */
    public Errno errno() {
        return errno;
    }

    /** A result that is no error. */
    static int checked(String what, int result) {
        if (result < 0) {
            throw new BpfCallException(what, result);
        }
        return result;
    }
}
