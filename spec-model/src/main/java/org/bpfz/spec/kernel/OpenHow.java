package org.bpfz.spec.kernel;

/**
 * {@code struct open_how} of openat2.
 *
 * @param flags   O_*, as an unsigned 64-bit number
 * @param mode    permission bits of a new file; must be 0 otherwise
 * @param resolve RESOLVE_*
 */
public record OpenHow(long flags, long mode, long resolve) {
    /** OPEN_HOW_SIZE_VER0, the size in bytes of the structure that 6.12 knows. */
    public static final int SIZE = 24;
}
