package org.bpfz.proofs.engines;

import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that stand for any: a form of an instruction is decoded or emitted with these as its immediate and its offset, and where they come out
 * again, they are read as variables. That other numbers are decoded and emitted as these are is what the theorems trust.
 */
record Marks(int imm, short offset, String suffix) {
    static final Marks FIRST = of(0);

    /** Those of the n-th of several instructions, whose variables have a name of their own from the second on. */
    static Marks of(int n) {
        return new Marks(0xa5c3_96f1, (short) 0xdb37, n == 0 ? "" : String.valueOf(n + 1));
    }

    /** What a constant stands for; null for itself. */
    @Nullable
    Term meaning(Terms t, long value, int width) {
        Term variable = t.variable("imm" + suffix, 32);
        if (width == 32) {
            if (value == -imm) {
                // A subtraction of the immediate may be an addition of what it is taken for.
                return t.neg(variable);
            }
            return value == imm
                    ? variable
                    : value == offset ? t.signExtend(t.variable("offset" + suffix, 16), 32) : null;
        }
        if (value == imm) {
            return t.signExtend(variable, 64);
        }
        if (value == Integer.toUnsignedLong(imm)) {
            return t.zeroExtend(variable, 64);
        }
        return value == offset ? t.signExtend(t.variable("offset" + suffix, 16), 64) : null;
    }
}
