package org.bpfz.verifier.domain;

import org.jspecify.annotations.Nullable;

/**
 * All that the verifier knows of a number: the reduced product of its bits, its 64-bit bounds and the bounds of its low half.
 *
 * <p>Operations leave the parts as far apart as the kernel does and then {@link #sync} them, in the kernel's stages, since each
 * stage's result shows in the log and in pruning.
 *
 * @param bits the tnum (var_off)
 * @param wide the bounds of all 64 bits
 * @param low  the bounds of the low 32 bits
 */
public record Scalar(Tnum bits, Range64 wide, Range32 low) {
    /** Any number. */
    public static final Scalar UNKNOWN = new Scalar(Tnum.UNKNOWN, Range64.FULL, Range32.FULL);

    /** The number 0. */
    public static final Scalar ZERO = constant(0);

    private static final long U32_MAX = 0xffff_ffffL;

    /** Exactly this number. */
    public static Scalar constant(long value) {
        return new Scalar(Tnum.constant(value), Range64.constant(value), Range32.constant((int) value));
    }

    /** Whether all 64 bits are known. */
    public boolean isConstant() {
        return bits.isConstant();
    }

    /** Whether it is exactly this number. */
    public boolean isConstant(long value) {
        return bits.isConstant(value);
    }

    /** Whether nothing is known: then the log prints no bounds. */
    public boolean isUnknown() {
        return equals(UNKNOWN);
    }

    /** Whether this concrete number is in every part. */
    public boolean contains(long concrete) {
        return bits.contains(concrete) && wide.contains(concrete) && low.contains((int) concrete);
    }

    /** Whether the bounds of b lie in those of a (range_within); bits are compared apart, by {@link Tnum#contains(Tnum, Tnum)}. */
    public static boolean boundsContain(Scalar a, Scalar b) {
        return Range64.contains(a.wide, b.wide) && Range32.contains(a.low, b.low);
    }

    /** With its bounds forgotten and its bits kept (__mark_reg_unbounded). */
    public Scalar unbounded() {
        return new Scalar(bits, Range64.FULL, Range32.FULL);
    }

    /** With the low half made a constant: bits and 32-bit bounds, the 64-bit bounds left alone (__mark_reg32_known). */
    public Scalar withLowConstant(int value) {
        return new Scalar(bits.withLow(Tnum.constant(Integer.toUnsignedLong(value))), wide, Range32.constant(value));
    }

    /**
     * The parts teach each other (reg_bounds_sync): bounds learn from the bits; bounds learn from bounds, three times over; the bits
     * learn from the bounds; and the bounds from the bits once more. Where all bits are known and no bound contradicts them, that is the
     * constant.
     */
    public Scalar sync() {
        long value = bits.value();
        if (bits.isConstant() && wide.contains(value) && low.contains((int) value)) {
            return wide.isConstant(value) && low.isConstant((int) value) ? this : constant(value);
        }
        return learnBounds().deduce().deduce().deduce().learnBits().learnBounds();
    }

    /** Both bounds narrowed by the bits (__update_reg_bounds). */
    Scalar learnBounds() {
        return new Scalar(bits, wide.within(bits), low.within(bits));
    }

    /** One round of bounds teaching bounds (__reg_deduce_bounds): the low half first, then all 64 bits, then back. */
    Scalar deduce() {
        Range32 narrowLow = low.withinWide(wide).acrossSigns();
        return new Scalar(bits, wide.acrossSigns(), narrowLow).deduceWideFromLow();
    }

    /**
     * 64-bit bounds from those of the low half (__reg_deduce_mixed_bounds): the low half of each 64-bit bound moves to the bound of
     * the low half, unsigned ones always, signed ones where they are in unsigned order too. And a number between S32_MIN and S32_MAX
     * whose low half is not negative is that low half: the upper one can't be all ones.
     */
    private Scalar deduceWideFromLow() {
        Range64 narrow = withLowEnds(wide, low.umin(), low.umax());
        if (Range32.ule(low.smin(), low.smax())) {
            narrow = withLowEnds(narrow, low.smin(), low.smax());
        }
        if (low.smin() >= 0 && narrow.smin() >= Integer.MIN_VALUE && narrow.smax() <= Integer.MAX_VALUE) {
            Range64 same = new Range64(low.smin(), low.smax(), low.smin(), low.smax());
            return new Scalar(Tnum.intersect(bits, Tnum.range(low.smin(), low.smax())), same, low);
        }
        return new Scalar(bits, narrow, low);
    }

    private static Range64 withLowEnds(Range64 range, int lowMin, int lowMax) {
        long min = Integer.toUnsignedLong(lowMin);
        long max = Integer.toUnsignedLong(lowMax);
        Range64 moved = new Range64((range.umin() & ~U32_MAX) | min, (range.umax() & ~U32_MAX) | max,
                (range.smin() & ~U32_MAX) | min, (range.smax() & ~U32_MAX) | max);
        return Range64.meet(range, moved);
    }

    /** Bits from the unsigned bounds: of all 64, then of the low half (__reg_bound_offset). */
    Scalar learnBits() {
        Tnum narrow = Tnum.intersect(bits, Tnum.range(wide.umin(), wide.umax()));
        Tnum narrowLow = Tnum.intersect(narrow.low(),
                Tnum.range(Integer.toUnsignedLong(low.umin()), Integer.toUnsignedLong(low.umax())));
        return new Scalar(Tnum.or(narrow.high(), narrowLow), wide, low);
    }

    /** The low half with zeros above it, as every 32-bit operation leaves it (zext_32_to_64); not yet synced. */
    public Scalar zeroExtended() {
        boolean nonNegative = low.smin() >= 0 && low.smax() >= 0;
        return new Scalar(bits.low(),
                new Range64(Integer.toUnsignedLong(low.umin()), Integer.toUnsignedLong(low.umax()),
                        nonNegative ? low.smin() : 0,
                        nonNegative ? low.smax() : U32_MAX),
                low);
    }

    /** The low 1, 2 or 4 bytes, as a narrow load or a 32-bit move leaves them (coerce_reg_to_size). */
    public Scalar truncated(int bytes) {
        long kept = (1L << (bytes * 8)) - 1;
        boolean sameAbove = (wide.umin() & ~kept) == (wide.umax() & ~kept);
        long min = sameAbove ? wide.umin() & kept : 0;
        long max = sameAbove ? wide.umax() & kept : kept;
        return new Scalar(bits.truncate(bytes), new Range64(min, max, min, max), bytes < 4 ? Range32.FULL : low).sync();
    }

    /**
     * The low 1, 2 or 4 bytes with their sign above them, at 64 bits (coerce_reg_to_size_sx): exact for a constant and where the
     * signed bounds agree above those bytes and don't change sign in them; else just the bounds of the smaller type.
     */
    public Scalar signExtended(int bytes) {
        if (bits.isConstant()) {
            return constant(signExtend(bits.value(), bytes));
        }
        int shift = bytes * 8;
        if (wide.smax() >> shift == wide.smin() >> shift) {
            long a = signExtend(wide.smin(), bytes);
            long b = signExtend(wide.smax(), bytes);
            if ((a ^ b) >= 0) {
                long min = Math.min(a, b);
                long max = Math.max(a, b);
                return new Scalar(Tnum.range(min, max), new Range64(min, max, min, max),
                        new Range32((int) min, (int) max, (int) min, (int) max));
            }
        }
        long max = (1L << (shift - 1)) - 1;
        return new Scalar(Tnum.UNKNOWN, Range64.FULL.withSigned(-max - 1, max),
                Range32.FULL.withSigned((int) (-max - 1), (int) max));
    }

    /** The low 1 or 2 bytes with their sign above them, at 32 bits (coerce_subreg_to_size_sx); not yet zero-extended or synced. */
    public Scalar signExtendedLow(int bytes) {
        if (bits.isConstant()) {
            long value = signExtend(bits.value(), bytes);
            return new Scalar(Tnum.constant(value), wide, Range32.constant((int) value));
        }
        int shift = bytes * 8;
        if (low.smax() >> shift == low.smin() >> shift) {
            int a = (int) signExtend(low.smin(), bytes);
            int b = (int) signExtend(low.smax(), bytes);
            if ((a ^ b) >= 0) {
                int min = Math.min(a, b);
                int max = Math.max(a, b);
                return new Scalar(Tnum.range(min, max).low(), wide, new Range32(min, max, min, max));
            }
        }
        int max = (1 << (shift - 1)) - 1;
        return new Scalar(Tnum.UNKNOWN.low(), wide, Range32.FULL.withSigned(-max - 1, max));
    }

    private static long signExtend(long value, int bytes) {
        int unused = Long.SIZE - bytes * 8;
        return value << unused >> unused;
    }

    /** Narrowed to these signed 32-bit bounds at both widths, and synced: what a helper's int result is known to be. */
    public Scalar withinSigned32(int min, int max) {
        return new Scalar(bits, wide.withSigned(Math.max(wide.smin(), min), Math.min(wide.smax(), max)),
                low.withSigned(Math.max(low.smin(), min), Math.min(low.smax(), max))).sync();
    }

    /**
     * What contradicts itself, in the kernel's words (reg_bounds_sanity_check), or null: on a path that can't be taken bounds may
     * cross, or leave the number that the bits say it is.
     */
    public @Nullable String violation() {
        if (!wide.isOrdered() || !low.isOrdered()) {
            return "range bounds violation";
        }
        if (bits.isConstant() && !wide.isConstant(bits.value())) {
            return "const tnum out of sync with range bounds";
        }
        if (bits.isLowConstant() && !low.isConstant((int) bits.value())) {
            return "const subreg tnum out of sync with range bounds";
        }
        return null;
    }
}
