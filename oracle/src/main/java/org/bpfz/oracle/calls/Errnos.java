package org.bpfz.oracle.calls;

import org.bpfz.spec.Errno;
import org.jspecify.annotations.Nullable;

/** Raw results and the names of errors. */
public final class Errnos {
    private static final int MAX_ERRNO = 4095;

    private Errnos() {
    }

    /** The name of the error that a raw result is; null for a success. */
    public static @Nullable String name(long result) {
        if (result >= 0 || result < -MAX_ERRNO) {
            return null;
        }
        Errno errno = Errno.of((int) -result);
        return errno == null ? "errno " + -result : errno.name();
    }

    /** The raw result for the name of an error; null if there is no such error. */
    public static @Nullable Long result(String name) {
        for (Errno errno : Errno.values()) {
            if (errno.name().equals(name)) {
                return (long) errno.negative();
            }
        }
        return switch (name) {
            case "EWOULDBLOCK" -> (long) Errno.EAGAIN.negative();
            case "EDEADLOCK" -> (long) Errno.EDEADLK.negative();
            default -> null;
        };
    }
}
