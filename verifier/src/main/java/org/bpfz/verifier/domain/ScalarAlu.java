package org.bpfz.verifier.domain;

import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Width;

/**
 * What arithmetic does to what is known of its operands (adjust_scalar_min_max_vals).
 *
 * <p>Addition, subtraction, multiplication and the bitwise operations follow both halves of the knowledge, whatever the width, since
 * programs mix 32- and 64-bit code; shifts move bits across the halves, so each width has its own rule and forgets the other bounds.
 */
public final class ScalarAlu {
    private ScalarAlu() {
    }

    /** {@code dst = dst op src}; division, remainder and shifts by an unknown or too large distance yield an unknown number. */
    public static Scalar apply(Width width, AluOp op, Scalar dst, Scalar src) {
        if (!isComputable(width, op, src)) {
            return Scalar.UNKNOWN;
        }
        Scalar result = switch (op) {
            case ADD -> add(dst, src);
            case SUB -> sub(dst, src);
            case MUL -> mul(dst, src);
            case AND -> and(dst, src);
            case OR -> or(dst, src);
            case XOR -> xor(dst, src);
            case LSH ->
                width == Width.W32 ? shiftLeft32(dst, src.low().umin()) : shiftLeft64(dst, (int) src.wide().umin());
            case RSH ->
                width == Width.W32 ? shiftRight32(dst, src.low().umin()) : shiftRight64(dst, (int) src.wide().umin());
            case ARSH -> width == Width.W32
                    ? shiftRightSigned32(dst, src.low().umin())
                    : shiftRightSigned64(dst, (int) src.wide().umin());
            case DIV, SDIV, MOD, SMOD -> Scalar.UNKNOWN;
        };
        return width == Width.W32 ? result.zeroExtended().sync() : result.sync();
    }

    /** Whether anything is known of the result (is_safe_to_compute_dst_reg_range). */
    public static boolean isComputable(Width width, AluOp op, Scalar src) {
        return switch (op) {
            case ADD, SUB, MUL, AND, OR, XOR -> true;
            case LSH, RSH, ARSH -> isConstantAt(width, src) && Range64.ult(src.wide().umax(), width.bits());
            case DIV, SDIV, MOD, SMOD -> false;
        };
    }

    private static boolean isConstantAt(Width width, Scalar src) {
        return switch (width) {
            case W32 -> src.bits().isLowConstant() && src.low().smin() == src.low().smax()
                    && src.low().umin() == src.low().umax();
            case W64 -> src.bits().isConstant() && src.wide().smin() == src.wide().smax()
                    && src.wide().umin() == src.wide().umax();
        };
    }

    /** {@code a + b} at both widths, the parts not yet taught by each other. */
    public static Scalar add(Scalar a, Scalar b) {
        return new Scalar(Tnum.add(a.bits(), b.bits()), Range64.add(a.wide(), b.wide()), Range32.add(a.low(), b.low()));
    }

    static Scalar sub(Scalar a, Scalar b) {
        return new Scalar(Tnum.sub(a.bits(), b.bits()), Range64.sub(a.wide(), b.wide()), Range32.sub(a.low(), b.low()));
    }

    static Scalar mul(Scalar a, Scalar b) {
        return new Scalar(Tnum.mul(a.bits(), b.bits()), Range64.mul(a.wide(), b.wide()), Range32.mul(a.low(), b.low()));
    }

    static Scalar and(Scalar a, Scalar b) {
        Tnum bits = Tnum.and(a.bits(), b.bits());
        return bitwise(b, bits, Range64.and(a.wide(), b.wide(), bits), Range32.and(a.low(), b.low(), bits));
    }

    static Scalar or(Scalar a, Scalar b) {
        Tnum bits = Tnum.or(a.bits(), b.bits());
        return bitwise(b, bits, Range64.or(a.wide(), b.wide(), bits), Range32.or(a.low(), b.low(), bits));
    }

    static Scalar xor(Scalar a, Scalar b) {
        Tnum bits = Tnum.xor(a.bits(), b.bits());
        return bitwise(b, bits, Range64.xor(bits), Range32.xor(bits));
    }

    /** A bitwise result whose bits are all known, by a known operand, is that number whatever the bounds say; so is its low half. */
    private static Scalar bitwise(Scalar operand, Tnum bits, Range64 wide, Range32 low) {
        if (operand.bits().isConstant() && bits.isConstant()) {
            return Scalar.constant(bits.value());
        }
        boolean lowKnown = operand.bits().isLowConstant() && bits.isLowConstant();
        Range32 narrowLow = lowKnown ? Range32.constant((int) bits.value()) : low;
        return new Scalar(bits, wide, narrowLow.within(bits));
    }

    static Scalar shiftLeft32(Scalar a, int distance) {
        Tnum bits = a.bits().low().shiftLeft(distance).low();
        return new Scalar(bits, Range64.FULL, Range32.shiftLeft(a.low(), distance).within(bits));
    }

    static Scalar shiftLeft64(Scalar a, int distance) {
        return new Scalar(a.bits().shiftLeft(distance), Range64.shiftLeft(a.wide(), a.low(), distance),
                Range32.shiftLeft(a.low(), distance)).learnBounds();
    }

    static Scalar shiftRight32(Scalar a, int distance) {
        Tnum bits = a.bits().low().shiftRight(distance);
        return new Scalar(bits, Range64.FULL, Range32.shiftRight(a.low(), distance).within(bits));
    }

    static Scalar shiftRight64(Scalar a, int distance) {
        return new Scalar(a.bits().shiftRight(distance), Range64.shiftRight(a.wide(), distance), Range32.FULL)
                .learnBounds();
    }

    static Scalar shiftRightSigned32(Scalar a, int distance) {
        Tnum bits = a.bits().low().shiftRightSigned(distance, Width.W32);
        return new Scalar(bits, Range64.FULL, Range32.shiftRightSigned(a.low(), distance).within(bits));
    }

    static Scalar shiftRightSigned64(Scalar a, int distance) {
        return new Scalar(a.bits().shiftRightSigned(distance, Width.W64), Range64.shiftRightSigned(a.wide(), distance),
                Range32.FULL).learnBounds();
    }
}
