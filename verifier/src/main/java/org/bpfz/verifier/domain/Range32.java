package org.bpfz.verifier.domain;

import static java.lang.Integer.compareUnsigned;
import static java.lang.Integer.toUnsignedLong;

/**
 * The bounds of the low 32 bits of a number, unsigned and signed, all inclusive; the 32-bit twin of {@link Range64}.
 *
 * @param umin unsigned, as {@code umax}
 * @param smin signed, as {@code smax}
 */
public record Range32(int umin, int umax, int smin, int smax) {
    /** Every number. */
    public static final Range32 FULL = new Range32(0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE);

    private static final int U16_MAX = 0xffff;

    /** Exactly this number. */
    public static Range32 constant(int value) {
        return new Range32(value, value, value, value);
    }

    /** The lesser of two unsigned numbers. */
    static int lesser(int a, int b) {
        return compareUnsigned(a, b) <= 0 ? a : b;
    }

    /** The greater of two unsigned numbers. */
    static int greater(int a, int b) {
        return compareUnsigned(a, b) >= 0 ? a : b;
    }

    static boolean ule(int a, int b) {
        return compareUnsigned(a, b) <= 0;
    }

    static boolean ult(int a, int b) {
        return compareUnsigned(a, b) < 0;
    }

    /** What lies in both. */
    public static Range32 meet(Range32 a, Range32 b) {
        int signedLeast = Math.max(a.smin, b.smin);
        int signedMost = Math.min(a.smax, b.smax);
        return new Range32(greater(a.umin, b.umin), lesser(a.umax, b.umax), signedLeast, signedMost);
    }

    /** With the unsigned bounds replaced. */
    Range32 withUnsigned(int newMin, int newMax) {
        return new Range32(newMin, newMax, smin, smax);
    }

    /** With the signed bounds replaced. */
    Range32 withSigned(int newMin, int newMax) {
        return new Range32(umin, umax, newMin, newMax);
    }

    private Range32 narrowUnsigned(int newMin, int newMax) {
        return withUnsigned(greater(umin, newMin), lesser(umax, newMax));
    }

    private Range32 narrowSigned(int newMin, int newMax) {
        return withSigned(Math.max(smin, newMin), Math.min(smax, newMax));
    }

    /** Narrowed by the known low bits, as {@link Range64#within} (__update_reg32_bounds). */
    Range32 within(Tnum bits) {
        int value = (int) bits.value();
        int mask = (int) bits.mask();
        return meet(this, new Range32(value, value | mask, value | (mask & Integer.MIN_VALUE),
                value | (mask & Integer.MAX_VALUE)));
    }

    /**
     * Learns from the 64-bit bounds (first half of __reg32_deduce_bounds). For the unsigned, then for the signed range:
     *
     * <pre>
     * upper half the same throughout     the lower ends bound the low half: unsigned and signed, where they are in order
     * upper half goes up by one, lower   the lower ends bound the signed low half, which runs through zero
     *   half from negative to not
     * </pre>
     */
    Range32 withinWide(Range64 wide) {
        int ulow = (int) wide.umin();
        int uhigh = (int) wide.umax();
        int slow = (int) wide.smin();
        int shigh = (int) wide.smax();
        int utop0 = (int) (wide.umin() >>> 32);
        int utop1 = (int) (wide.umax() >>> 32);
        int stop0 = (int) (wide.smin() >> 32);
        int stop1 = (int) (wide.smax() >> 32);

        Range32 range = this;
        if (utop0 == utop1) {
            range = range.narrowUnsigned(ulow, uhigh);
            range = ulow <= uhigh ? range.narrowSigned(ulow, uhigh) : range;
        }
        if (stop0 == stop1) {
            range = ule(slow, shigh) ? range.narrowUnsigned(slow, shigh) : range;
            range = slow <= shigh ? range.narrowSigned(slow, shigh) : range;
        }
        if (utop0 + 1 == utop1 && ulow < 0 && uhigh >= 0) {
            range = range.narrowSigned(ulow, uhigh);
        }
        if (stop0 + 1 == stop1 && slow < 0 && shigh >= 0) {
            range = range.narrowSigned(slow, shigh);
        }
        return range;
    }

    /** Signed and unsigned bounds teach each other, as {@link Range64#acrossSigns} (second half of __reg32_deduce_bounds). */
    Range32 acrossSigns() {
        boolean oneHalf = umin <= umax;
        int s0 = oneHalf ? Math.max(smin, umin) : smin;
        int s1 = oneHalf ? Math.min(smax, umax) : smax;
        if (ule(s0, s1)) {
            return new Range32(greater(s0, umin), lesser(s1, umax), s0, s1);
        }
        if (ult(umax, s0)) {
            return new Range32(umin, lesser(umax, s1), umin, s1);
        }
        if (ult(s1, umin)) {
            return new Range32(greater(umin, s0), umax, s0, umax);
        }
        return new Range32(umin, umax, s0, s1);
    }

    /** Whether every number in b lies in a. */
    public static boolean contains(Range32 a, Range32 b) {
        return ule(a.umin, b.umin) && ule(b.umax, a.umax) && a.smin <= b.smin && b.smax <= a.smax;
    }

    /** Whether this concrete number lies within all four bounds. */
    public boolean contains(int concrete) {
        return ule(umin, concrete) && ule(concrete, umax) && smin <= concrete && concrete <= smax;
    }

    /** Whether it is exactly this number. */
    boolean isConstant(int value) {
        return umin == value && umax == value && smin == value && smax == value;
    }

    /** Whether neither minimum is above its maximum. */
    boolean isOrdered() {
        return ule(umin, umax) && smin <= smax;
    }

    /** Bounds add; a pair that may overflow becomes full. */
    static Range32 add(Range32 a, Range32 b) {
        long u0 = toUnsignedLong(a.umin) + toUnsignedLong(b.umin);
        long u1 = toUnsignedLong(a.umax) + toUnsignedLong(b.umax);
        long s0 = (long) a.smin + b.smin;
        long s1 = (long) a.smax + b.smax;
        boolean unsignedOverflow = u0 >>> 32 != 0 || u1 >>> 32 != 0;
        boolean signedOverflow = s0 != (int) s0 || s1 != (int) s1;
        return new Range32(unsignedOverflow ? 0 : (int) u0, unsignedOverflow ? -1 : (int) u1,
                signedOverflow ? Integer.MIN_VALUE : (int) s0, signedOverflow ? Integer.MAX_VALUE : (int) s1);
    }

    /** Opposite bounds subtract; a pair that may overflow becomes full. */
    static Range32 sub(Range32 a, Range32 b) {
        long s0 = (long) a.smin - b.smax;
        long s1 = (long) a.smax - b.smin;
        boolean unsignedOverflow = ult(a.umin, b.umax);
        boolean signedOverflow = s0 != (int) s0 || s1 != (int) s1;
        return new Range32(unsignedOverflow ? 0 : a.umin - b.umax, unsignedOverflow ? -1 : a.umax - b.umin,
                signedOverflow ? Integer.MIN_VALUE : (int) s0, signedOverflow ? Integer.MAX_VALUE : (int) s1);
    }

    /** Bounds multiply where neither factor can be negative and both fit 16 bits; else nothing is known. */
    static Range32 mul(Range32 a, Range32 b) {
        if (a.smin < 0 || b.smin < 0 || ult(U16_MAX, a.umax) || ult(U16_MAX, b.umax)) {
            return FULL;
        }
        int u0 = a.umin * b.umin;
        int u1 = a.umax * b.umax;
        return u1 < 0 ? new Range32(u0, u1, Integer.MIN_VALUE, Integer.MAX_VALUE) : new Range32(u0, u1, u0, u1);
    }

    /** An and is at least its known ones and at most either operand. */
    static Range32 and(Range32 a, Range32 b, Tnum result) {
        return bitwise((int) result.value(), lesser(a.umax, b.umax));
    }

    /** An or is at least either operand and at most its possible ones. */
    static Range32 or(Range32 a, Range32 b, Tnum result) {
        return bitwise(greater(a.umin, b.umin), (int) (result.value() | result.mask()));
    }

    /** Of an exclusive or only the bits tell. */
    static Range32 xor(Tnum result) {
        return bitwise((int) result.value(), (int) (result.value() | result.mask()));
    }

    private static Range32 bitwise(int u0, int u1) {
        return u0 <= u1 ? new Range32(u0, u1, u0, u1) : new Range32(u0, u1, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** Shifted to the left by 0 to 63; the unsigned bounds survive where no set bit can leave the low half. */
    static Range32 shiftLeft(Range32 a, int distance) {
        if (distance > 31 || toUnsignedLong(a.umax) > 1L << (31 - distance)) {
            return FULL;
        }
        return new Range32(a.umin << distance, a.umax << distance, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** Shifted to the right by 0 to 31, zeros coming in. */
    static Range32 shiftRight(Range32 a, int distance) {
        return new Range32(a.umin >>> distance, a.umax >>> distance, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** Shifted to the right by 0 to 31, the sign coming in. */
    static Range32 shiftRightSigned(Range32 a, int distance) {
        return new Range32(0, -1, a.smin >> distance, a.smax >> distance);
    }
}
