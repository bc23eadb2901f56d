package org.bpfz.jit;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * The unsigned remainder of 32 bits by a constant, without a division: the quotient is the upper part of a product with the divisor's
 * reciprocal, rounded up (Granlund and Montgomery, "Division by Invariant Integers using Multiplication", theorem 4.2). HotSpot does that for
 * signed division only.
 */
final class ConstantRemainder {
    private static final ClassDesc DIVISION = Division.class.describeConstable().orElseThrow();

    private ConstantRemainder() {
    }

    /**
     * A reciprocal: {@code n / divisor} is {@code n * multiplier >>> shift} for each n of 32 bits.
     *
     * @param multiplier less than 2^32, so that the product fits 64 bits
     */
    record Reciprocal(long multiplier, int shift) {}

    /** A reciprocal of the divisor, which is not 0, or one with multiplier 0 where it would not fit. */
    static Reciprocal reciprocal(int divisor) {
        long d = Integer.toUnsignedLong(divisor);
        for (int extra = 0; extra < Integer.SIZE - 1; extra++) {
            long power = 1L << (Integer.SIZE + extra);
            long multiplier = Long.divideUnsigned(power, d) + (Long.remainderUnsigned(power, d) == 0 ? 0 : 1);
            long error = multiplier * d - power;
            if (error <= 1L << extra && multiplier < 1L << Integer.SIZE) {
                return new Reciprocal(multiplier, Integer.SIZE + extra);
            }
        }
        return new Reciprocal(0, 0);
    }

    /** From two ints, the second of which is the divisor, to one. */
    static void emit(int divisor, Emitter out) {
        CodeBuilder code = out.code();
        if (divisor == 0) {
            code.pop();
            return;
        }
        Reciprocal reciprocal = reciprocal(divisor);
        if (reciprocal.multiplier() == 0) {
            code.invokestatic(DIVISION, "remainder", MethodTypeDesc.of(CD_int, CD_int, CD_int));
            return;
        }
        code.pop().dup();
        out.zeroExtend();
        code.loadConstant(reciprocal.multiplier()).lmul().loadConstant(reciprocal.shift()).lushr().l2i();
        code.loadConstant(divisor).imul().isub();
    }

    /** The same of a number that is less than twice the divisor: it is subtracted once or not at all. */
    static void emitOnce(int divisor, Emitter out) {
        CodeBuilder code = out.code();
        Label less = code.newLabel();
        code.dup().loadConstant(divisor).if_icmplt(less);
        code.loadConstant(divisor).isub();
        code.labelBinding(less);
    }
}
