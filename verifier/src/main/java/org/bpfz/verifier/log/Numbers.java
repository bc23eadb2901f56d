package org.bpfz.verifier.log;

import org.bpfz.verifier.domain.Tnum;

/** Numbers as the log writes them: small ones decimal, others hexadecimal (kernel/bpf/log.c: verbose_unum, verbose_snum, tnum_strn). */
public final class Numbers {
    private static final long UNSIGNED_MAX_DECIMAL = 0xffff;

    private Numbers() {
    }

    /** Unsigned: decimal up to 65,535. */
    public static String unsigned(long number) {
        return Long.compareUnsigned(number, UNSIGNED_MAX_DECIMAL) <= 0 ? Long.toString(number) : hex(number);
    }

    /** Signed: decimal from -32,768 to 32,767. */
    public static String signed(long number) {
        return isShortSigned(number) ? Long.toString(number) : hex(number);
    }

    static boolean isShortSigned(long number) {
        return number == (short) number;
    }

    /** A tnum: its number, or value and mask. */
    public static String tnum(Tnum bits) {
        return bits.isConstant() ? unsigned(bits.value()) : "(" + hex(bits.value()) + "; " + hex(bits.mask()) + ")";
    }

    /** As the kernel's format {@code %#llx}, which gives 0 its prefix too. */
    public static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }

    /** As the kernel's format {@code %#x}. */
    public static String hex(int number) {
        return "0x" + Integer.toHexString(number);
    }

    /** As the C format {@code %+d}. */
    public static String plus(long number) {
        return number < 0 ? Long.toString(number) : "+" + number;
    }
}
