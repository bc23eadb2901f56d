package org.bpfz.spec.kernel;

/**
 * Memory of the caller that a call reads data from (the kernel's ITER_SOURCE): {@code buf} and {@code count} of a write.
 *
 * @param readable    the bytes up to the first one that faults, or up to {@code length}
 * @param length      the length that the caller gave, as the signed value of the register: may be negative or exceed the
 *                    readable bytes, in which case the rest faults
 * @param userAddress whether the address is below the end of user space (access_ok); otherwise nothing is looked at
 */
public record Source(Rope readable, long length, boolean userAddress) {
    public Source {
        if (length >= 0 && readable.length() > length) {
            throw new IllegalArgumentException(readable.length() + " readable bytes of " + length);
        }
    }

    /** Bytes that can all be read. */
    public static Source of(Rope data) {
        return new Source(data, data.length(), true);
    }

    /** A copy of bytes that can all be read. */
    public static Source of(byte... data) {
        return of(Rope.of(data));
    }

    /** Readable bytes at the end of a mapping, with a length that runs past them. */
    public static Source faulting(Rope readable, long length) {
        return new Source(readable, length, true);
    }

    /** An address in user space at which nothing is mapped, such as NULL. */
    public static Source unmapped(long length) {
        return new Source(Rope.empty(), length, true);
    }

    /** An address that no user memory can have. */
    public static Source outsideUserSpace(long length) {
        return new Source(Rope.empty(), length, false);
    }

    /** Whether some byte of the length faults. */
    public boolean faults() {
        return readable.length() < length;
    }

    /** The first bytes of it, which must be no more than there are. */
    Source cut(long count) {
        return new Source(readable.prefix(Math.min(readable.length(), count)), count, userAddress);
    }

    /** Whether no byte of the length lies beyond user space (access_ok); a negative length does, as it is an unsigned one there. */
    boolean inUserSpace() {
        return userAddress && length >= 0 && length < Limits.USER_SPACE;
    }
}
