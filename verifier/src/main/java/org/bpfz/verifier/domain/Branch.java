package org.bpfz.verifier.domain;

import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Width;

/**
 * What a comparison of two numbers decides, and what each way out of it teaches.
 *
 * <p>{@link #decide} is is_scalar_branch_taken, {@link #refine} is regs_refine_cond_op followed by reg_bounds_sync.
 */
public final class Branch {
    /** What is known of a jump before it is taken. */
    public enum Decision {
        ALWAYS, NEVER, EITHER
    }

    /** Both operands with what the way out has taught. */
    public record Refined(Scalar left, Scalar right) {
        private Refined swapped() {
            return new Refined(right, left);
        }
    }

    private Branch() {
    }

    /** Whether {@code left condition right} always holds, never does, or may do either. */
    public static Decision decide(Width width, Condition condition, Scalar left, Scalar right) {
        Range64 a = boundsAt(width, left);
        Range64 b = boundsAt(width, right);
        return switch (condition) {
            case EQ -> equal(width, left, right);
            case NE -> not(equal(width, left, right));
            case SET -> commonBits(left.bits().at(width), right.bits().at(width));
            case GT -> decide(Range64.ult(b.umax(), a.umin()), Range64.ule(a.umax(), b.umin()));
            case GE -> decide(Range64.ule(b.umax(), a.umin()), Range64.ult(a.umax(), b.umin()));
            case LT -> decide(Range64.ult(a.umax(), b.umin()), Range64.ule(b.umax(), a.umin()));
            case LE -> decide(Range64.ule(a.umax(), b.umin()), Range64.ult(b.umax(), a.umin()));
            case SGT -> decide(a.smin() > b.smax(), a.smax() <= b.smin());
            case SGE -> decide(a.smin() >= b.smax(), a.smax() < b.smin());
            case SLT -> decide(a.smax() < b.smin(), a.smin() >= b.smax());
            case SLE -> decide(a.smax() <= b.smin(), a.smin() > b.smax());
        };
    }

    private static Decision decide(boolean always, boolean never) {
        return always ? Decision.ALWAYS : never ? Decision.NEVER : Decision.EITHER;
    }

    private static Decision not(Decision decision) {
        return switch (decision) {
            case ALWAYS -> Decision.NEVER;
            case NEVER -> Decision.ALWAYS;
            case EITHER -> Decision.EITHER;
        };
    }

    /** The bounds that a comparison of the width sees, 32-bit ones widened each in its own signedness. */
    private static Range64 boundsAt(Width width, Scalar scalar) {
        Range32 low = scalar.low();
        return switch (width) {
            case W64 -> scalar.wide();
            case W32 -> new Range64(Integer.toUnsignedLong(low.umin()), Integer.toUnsignedLong(low.umax()), low.smin(),
                    low.smax());
        };
    }

    /** Two constants compare; else the bits or the bounds, at 64 bits those of the low half too, may rule equality out. */
    private static Decision equal(Width width, Scalar left, Scalar right) {
        Tnum a = left.bits().at(width);
        Tnum b = right.bits().at(width);
        if (a.isConstant() && b.isConstant()) {
            return a.value() == b.value() ? Decision.ALWAYS : Decision.NEVER;
        }
        boolean apart = !Tnum.overlap(a, b) || (width == Width.W64 && disjoint(left.wide(), right.wide()))
                || disjoint(left.low(), right.low());
        return apart ? Decision.NEVER : Decision.EITHER;
    }

    private static boolean disjoint(Range64 a, Range64 b) {
        return Range64.ult(b.umax(), a.umin()) || Range64.ult(a.umax(), b.umin()) || a.smin() > b.smax()
                || a.smax() < b.smin();
    }

    private static boolean disjoint(Range32 a, Range32 b) {
        return Range32.ult(b.umax(), a.umin()) || Range32.ult(a.umax(), b.umin()) || a.smin() > b.smax()
                || a.smax() < b.smin();
    }

    /** Whether a &amp; b is non-zero, where one of them is a constant. */
    private static Decision commonBits(Tnum a, Tnum b) {
        boolean mayBeCommon = ((a.value() | a.mask()) & (b.value() | b.mask())) != 0;
        boolean decidable = a.isConstant() || b.isConstant();
        return decidable ? decide((a.value() & b.value()) != 0, !mayBeCommon) : Decision.EITHER;
    }

    /**
     * What is known of both operands once the jump was taken, or was not.
     *
     * <p>Of a branch that can't be taken the result may contradict itself: see {@link Scalar#violation}.
     */
    public static Refined refine(Width width, Condition condition, boolean taken, Scalar left, Scalar right) {
        Refined refined = unsynced(width, condition, taken, left, right);
        return new Refined(refined.left.sync(), refined.right.sync());
    }

    /**
     * The same for a number that is compared with itself: in the kernel both operands are then one register, which takes what each of them
     * learns and is brought into line twice. The result is most often a contradiction.
     */
    public static Scalar refineSelf(Width width, Condition condition, boolean taken, Scalar number) {
        Refined refined = unsynced(width, condition, taken, number, number);
        Scalar both = new Scalar(Tnum.intersect(refined.left.bits(), refined.right.bits()),
                Range64.meet(refined.left.wide(), refined.right.wide()),
                Range32.meet(refined.left.low(), refined.right.low()));
        return both.sync().sync();
    }

    private static Refined unsynced(Width width, Condition condition, boolean taken, Scalar left, Scalar right) {
        if (taken) {
            return whenHolds(width, condition, left, right);
        }
        return condition == Condition.SET
                ? whenNoCommonBits(width, left, right)
                : whenHolds(width, opposite(condition), left, right);
    }

    /** The condition that holds where this one does not; SET has none. */
    private static Condition opposite(Condition condition) {
        return switch (condition) {
            case EQ -> Condition.NE;
            case NE -> Condition.EQ;
            case GT -> Condition.LE;
            case GE -> Condition.LT;
            case LT -> Condition.GE;
            case LE -> Condition.GT;
            case SGT -> Condition.SLE;
            case SGE -> Condition.SLT;
            case SLT -> Condition.SGE;
            case SLE -> Condition.SGT;
            case SET -> throw new IllegalArgumentException("SET has no opposite condition");
        };
    }

    private static Refined whenHolds(Width width, Condition condition, Scalar left, Scalar right) {
        return switch (condition) {
            case EQ -> width == Width.W32 ? equal32(left, right) : equal64(left, right);
            case NE -> constantToTheRight(width, left, right, Branch::notEqual);
            case SET -> constantToTheRight(width, left, right, Branch::commonBit);
            case LE -> width == Width.W32 ? lessOrEqual32(left, right, 0) : lessOrEqual64(left, right, 0);
            case LT -> width == Width.W32 ? lessOrEqual32(left, right, 1) : lessOrEqual64(left, right, 1);
            case SLE -> width == Width.W32 ? signedLessOrEqual32(left, right, 0) : signedLessOrEqual64(left, right, 0);
            case SLT -> width == Width.W32 ? signedLessOrEqual32(left, right, 1) : signedLessOrEqual64(left, right, 1);
            case GE -> whenHolds(width, Condition.LE, right, left).swapped();
            case GT -> whenHolds(width, Condition.LT, right, left).swapped();
            case SGE -> whenHolds(width, Condition.SLE, right, left).swapped();
            case SGT -> whenHolds(width, Condition.SLT, right, left).swapped();
        };
    }

    private static Refined equal64(Scalar left, Scalar right) {
        Range64 wide = Range64.meet(left.wide(), right.wide());
        Tnum bits = Tnum.intersect(left.bits(), right.bits());
        return new Refined(new Scalar(bits, wide, left.low()), new Scalar(bits, wide, right.low()));
    }

    private static Refined equal32(Scalar left, Scalar right) {
        Range32 low = Range32.meet(left.low(), right.low());
        Tnum bits = Tnum.intersect(left.bits().low(), right.bits().low());
        return new Refined(new Scalar(left.bits().withLow(bits), left.wide(), low),
                new Scalar(right.bits().withLow(bits), right.wide(), low));
    }

    /** A rule for a variable and a constant. */
    private interface ConstantRule {
        Scalar apply(Width width, Scalar variable, long constant);
    }

    /** Applies a rule to the operand beside a constant one; two variables teach nothing. */
    private static Refined constantToTheRight(Width width, Scalar left, Scalar right, ConstantRule rule) {
        Tnum constant = right.bits().at(width);
        if (constant.isConstant()) {
            return new Refined(rule.apply(width, left, constant.value()), right);
        }
        Tnum other = left.bits().at(width);
        return other.isConstant()
                ? new Refined(left, rule.apply(width, right, other.value()))
                : new Refined(left, right);
    }

    /** A bound that equals the excluded constant moves in by one. */
    private static Scalar notEqual(Width width, Scalar variable, long constant) {
        Range64 wide = variable.wide();
        Range32 low = variable.low();
        int constant32 = (int) constant;
        return switch (width) {
            case W64 -> new Scalar(variable.bits(),
                    new Range64(wide.umin() == constant ? wide.umin() + 1 : wide.umin(),
                            wide.umax() == constant ? wide.umax() - 1 : wide.umax(),
                            wide.smin() == constant ? wide.smin() + 1 : wide.smin(),
                            wide.smax() == constant ? wide.smax() - 1 : wide.smax()),
                    low);
            case W32 -> new Scalar(variable.bits(), wide,
                    new Range32(low.umin() == constant32 ? low.umin() + 1 : low.umin(),
                            low.umax() == constant32 ? low.umax() - 1 : low.umax(),
                            low.smin() == constant32 ? low.smin() + 1 : low.smin(),
                            low.smax() == constant32 ? low.smax() - 1 : low.smax()));
        };
    }

    /** Only a mask of one bit tells which bit is set. */
    private static Scalar commonBit(Width width, Scalar variable, long constant) {
        boolean isPowerOfTwo = constant != 0 && (constant & (constant - 1)) == 0;
        if (!isPowerOfTwo) {
            return variable;
        }
        Tnum bit = Tnum.constant(constant);
        Tnum bits = width == Width.W32
                ? variable.bits().withLow(Tnum.or(variable.bits().low(), bit))
                : Tnum.or(variable.bits(), bit);
        return new Scalar(bits, variable.wide(), variable.low());
    }

    /** All bits of the mask are clear; the bounds are forgotten first, so that a dead branch contradicts nothing. */
    private static Refined whenNoCommonBits(Width width, Scalar left, Scalar right) {
        return constantToTheRight(width, left, right, Branch::noCommonBit);
    }

    private static Scalar noCommonBit(Width width, Scalar variable, long constant) {
        Tnum clear = Tnum.constant(~constant);
        Tnum bits = width == Width.W32
                ? variable.bits().withLow(Tnum.and(variable.bits().low(), clear))
                : Tnum.and(variable.bits(), clear);
        return new Scalar(bits, Range64.FULL, Range32.FULL);
    }

    /** {@code left + gap <= right}, unsigned, where gap is 0 or 1. */
    private static Refined lessOrEqual64(Scalar left, Scalar right, int gap) {
        Range64 a = left.wide();
        Range64 b = right.wide();
        return new Refined(
                new Scalar(left.bits(), a.withUnsigned(a.umin(), Range64.lesser(a.umax(), b.umax() - gap)), left.low()),
                new Scalar(right.bits(), b.withUnsigned(Range64.greater(a.umin() + gap, b.umin()), b.umax()),
                        right.low()));
    }

    private static Refined lessOrEqual32(Scalar left, Scalar right, int gap) {
        Range32 a = left.low();
        Range32 b = right.low();
        return new Refined(
                new Scalar(left.bits(), left.wide(),
                        a.withUnsigned(a.umin(), Range32.lesser(a.umax(), b.umax() - gap))),
                new Scalar(right.bits(), right.wide(),
                        b.withUnsigned(Range32.greater(a.umin() + gap, b.umin()), b.umax())));
    }

    private static Refined signedLessOrEqual64(Scalar left, Scalar right, int gap) {
        Range64 a = left.wide();
        Range64 b = right.wide();
        return new Refined(
                new Scalar(left.bits(), a.withSigned(a.smin(), Math.min(a.smax(), b.smax() - gap)), left.low()),
                new Scalar(right.bits(), b.withSigned(Math.max(a.smin() + gap, b.smin()), b.smax()), right.low()));
    }

    private static Refined signedLessOrEqual32(Scalar left, Scalar right, int gap) {
        Range32 a = left.low();
        Range32 b = right.low();
        return new Refined(
                new Scalar(left.bits(), left.wide(), a.withSigned(a.smin(), Math.min(a.smax(), b.smax() - gap))),
                new Scalar(right.bits(), right.wide(), b.withSigned(Math.max(a.smin() + gap, b.smin()), b.smax())));
    }
}
