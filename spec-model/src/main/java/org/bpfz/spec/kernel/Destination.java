package org.bpfz.spec.kernel;

/**
 * Memory of the caller that a call stores into (the kernel's ITER_DEST): {@code buf} and {@code count} of a read.
 *
 * @param writable    how many bytes can be stored before the first one faults
 * @param length      the length that the caller gave, as the signed value of the register
 * @param userAddress whether the address is below the end of user space (access_ok)
 */
public record Destination(long writable, long length, boolean userAddress) {
    public Destination {
        if (writable < 0 || (length >= 0 && writable > length)) {
            throw new IllegalArgumentException(writable + " writable bytes of " + length);
        }
    }

    /** Memory that can all be written. */
    public static Destination of(long length) {
        return new Destination(Math.max(length, 0), length, true);
    }

    /** Memory whose end lies before the end of the length. */
    public static Destination faulting(long writable, long length) {
        return new Destination(writable, length, true);
    }

    /** An address in user space at which nothing is mapped. */
    public static Destination unmapped(long length) {
        return new Destination(0, length, true);
    }

    /** An address that no user memory can have. */
    public static Destination outsideUserSpace(long length) {
        return new Destination(0, length, false);
    }

    /** The first bytes of it, which must be no more than there are. */
    Destination cut(long count) {
        return new Destination(Math.min(writable, count), count, userAddress);
    }

    /** Whether no byte of the length lies beyond user space (access_ok); a negative length does, as it is an unsigned one there. */
    boolean inUserSpace() {
        return userAddress && length >= 0 && length < Limits.USER_SPACE;
    }
}
