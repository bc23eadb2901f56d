package org.bpfz.verifier.domain;

import static java.lang.Long.compareUnsigned;

/**
 * The bounds of a 64-bit number, unsigned and signed, all inclusive.
 *
 * <p>Bounds may contradict each other (a minimum above its maximum) on a path that can't be taken; nothing here repairs that.
 *
 * @param umin unsigned, as {@code umax}
 * @param smin signed, as {@code smax}
 */
public record Range64(long umin, long umax, long smin, long smax) {
    /** Every number. */
    public static final Range64 FULL = new Range64(0, -1, Long.MIN_VALUE, Long.MAX_VALUE);

    private static final long U32_MAX = 0xffff_ffffL;

    /** Exactly this number. */
    public static Range64 constant(long value) {
        return new Range64(value, value, value, value);
    }

    /** The lesser of two unsigned numbers. */
    static long lesser(long a, long b) {
        return compareUnsigned(a, b) <= 0 ? a : b;
    }

    /** The greater of two unsigned numbers. */
    static long greater(long a, long b) {
        return compareUnsigned(a, b) >= 0 ? a : b;
    }

    static boolean ule(long a, long b) {
        return compareUnsigned(a, b) <= 0;
    }

    static boolean ult(long a, long b) {
        return compareUnsigned(a, b) < 0;
    }

    /** What lies in both. */
    public static Range64 meet(Range64 a, Range64 b) {
        long signedLeast = Math.max(a.smin, b.smin);
        long signedMost = Math.min(a.smax, b.smax);
        return new Range64(greater(a.umin, b.umin), lesser(a.umax, b.umax), signedLeast, signedMost);
    }

    /** With the unsigned bounds replaced. */
    Range64 withUnsigned(long newMin, long newMax) {
        return new Range64(newMin, newMax, smin, smax);
    }

    /** With the signed bounds replaced. */
    Range64 withSigned(long newMin, long newMax) {
        return new Range64(umin, umax, newMin, newMax);
    }

    /**
     * Narrowed by known bits: the least number has every unknown bit 0 and the greatest has it 1, but for the sign bit of a signed
     * bound, where it is the other way round (__update_reg64_bounds).
     */
    Range64 within(Tnum bits) {
        long value = bits.value();
        long mask = bits.mask();
        return meet(this,
                new Range64(value, value | mask, value | (mask & Long.MIN_VALUE), value | (mask & Long.MAX_VALUE)));
    }

    /**
     * Signed and unsigned bounds teach each other (__reg64_deduce_bounds):
     *
     * <pre>
     * unsigned range stays in one half of the number circle   the signed one is at most that
     * signed range does not cross -1|0                        the unsigned one is at most that
     * it does, and the unsigned range meets only its          both end where that part ends
     *   non-negative or only its negative part
     * </pre>
     */
    Range64 acrossSigns() {
        boolean oneHalf = umin <= umax;
        long s0 = oneHalf ? Math.max(smin, umin) : smin;
        long s1 = oneHalf ? Math.min(smax, umax) : smax;
        if (ule(s0, s1)) {
            return new Range64(greater(s0, umin), lesser(s1, umax), s0, s1);
        }
        if (ult(umax, s0)) {
            return new Range64(umin, lesser(umax, s1), umin, s1);
        }
        if (ult(s1, umin)) {
            return new Range64(greater(umin, s0), umax, s0, umax);
        }
        return new Range64(umin, umax, s0, s1);
    }

    /** Whether every number in b lies in a. */
    public static boolean contains(Range64 a, Range64 b) {
        return ule(a.umin, b.umin) && ule(b.umax, a.umax) && a.smin <= b.smin && b.smax <= a.smax;
    }

    /** Whether this concrete number lies within all four bounds. */
    public boolean contains(long concrete) {
        return ule(umin, concrete) && ule(concrete, umax) && smin <= concrete && concrete <= smax;
    }

    /** Whether it is exactly this number. */
    boolean isConstant(long value) {
        return umin == value && umax == value && smin == value && smax == value;
    }

    /** Whether neither minimum is above its maximum. */
    boolean isOrdered() {
        return ule(umin, umax) && smin <= smax;
    }

    /** Bounds add; a pair that may overflow becomes full. */
    public static Range64 add(Range64 a, Range64 b) {
        long u0 = a.umin + b.umin;
        long u1 = a.umax + b.umax;
        long s0 = a.smin + b.smin;
        long s1 = a.smax + b.smax;
        boolean unsignedOverflow = ult(u0, a.umin) || ult(u1, a.umax);
        boolean signedOverflow = addOverflows(a.smin, b.smin, s0) || addOverflows(a.smax, b.smax, s1);
        return new Range64(unsignedOverflow ? 0 : u0, unsignedOverflow ? -1 : u1, signedOverflow ? Long.MIN_VALUE : s0,
                signedOverflow ? Long.MAX_VALUE : s1);
    }

    /** Opposite bounds subtract; a pair that may overflow becomes full. */
    public static Range64 sub(Range64 a, Range64 b) {
        long s0 = a.smin - b.smax;
        long s1 = a.smax - b.smin;
        boolean unsignedOverflow = ult(a.umin, b.umax);
        boolean signedOverflow = subOverflows(a.smin, b.smax, s0) || subOverflows(a.smax, b.smin, s1);
        return new Range64(unsignedOverflow ? 0 : a.umin - b.umax, unsignedOverflow ? -1 : a.umax - b.umin,
                signedOverflow ? Long.MIN_VALUE : s0, signedOverflow ? Long.MAX_VALUE : s1);
    }

    /** Bounds multiply where neither factor can be negative and both fit 32 bits; else nothing is known. */
    static Range64 mul(Range64 a, Range64 b) {
        if (a.smin < 0 || b.smin < 0 || ult(U32_MAX, a.umax) || ult(U32_MAX, b.umax)) {
            return FULL;
        }
        return ofUnsignedUnlessNegative(a.umin * b.umin, a.umax * b.umax);
    }

    private static Range64 ofUnsignedUnlessNegative(long u0, long u1) {
        return u1 < 0 ? new Range64(u0, u1, Long.MIN_VALUE, Long.MAX_VALUE) : new Range64(u0, u1, u0, u1);
    }

    /** An and is at least its known ones and at most either operand. */
    static Range64 and(Range64 a, Range64 b, Tnum result) {
        return bitwise(result.value(), lesser(a.umax, b.umax)).within(result);
    }

    /** An or is at least either operand and at most its possible ones. */
    static Range64 or(Range64 a, Range64 b, Tnum result) {
        return bitwise(greater(a.umin, b.umin), result.value() | result.mask()).within(result);
    }

    /** Of an exclusive or only the bits tell. */
    static Range64 xor(Tnum result) {
        return bitwise(result.value(), result.value() | result.mask()).within(result);
    }

    /** Unsigned bounds, and the same as signed ones where they don't cross the sign boundary. */
    private static Range64 bitwise(long u0, long u1) {
        return u0 <= u1 ? new Range64(u0, u1, u0, u1) : new Range64(u0, u1, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /**
     * Shifted to the left by 0 to 63. The unsigned bounds survive where no set bit can be lost; the signed ones only in the shift by
     * 32, half of a compiler's sign extension, where the 32-bit signed bounds move up.
     */
    static Range64 shiftLeft(Range64 a, Range32 low, int distance) {
        boolean mayLoseBits = ult(1L << (63 - distance), a.umax);
        long s0 = distance == 32 ? (long) low.smin() << 32 : Long.MIN_VALUE;
        long s1 = distance == 32 ? (long) low.smax() << 32 : Long.MAX_VALUE;
        return new Range64(mayLoseBits ? 0 : a.umin << distance, mayLoseBits ? -1 : a.umax << distance, s0, s1);
    }

    /** Shifted to the right by 0 to 63, zeros coming in. */
    static Range64 shiftRight(Range64 a, int distance) {
        return new Range64(a.umin >>> distance, a.umax >>> distance, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Shifted to the right by 0 to 63, the sign coming in. */
    static Range64 shiftRightSigned(Range64 a, int distance) {
        return new Range64(0, -1, a.smin >> distance, a.smax >> distance);
    }

    private static boolean addOverflows(long a, long b, long sum) {
        return ((a ^ sum) & (b ^ sum)) < 0;
    }

    private static boolean subOverflows(long a, long b, long difference) {
        return ((a ^ b) & (a ^ difference)) < 0;
    }
}
