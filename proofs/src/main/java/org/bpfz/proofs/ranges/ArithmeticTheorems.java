package org.bpfz.proofs.ranges;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Width;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.ScalarAlu;
import org.bpfz.verifier.domain.Tnum;

/**
 * What {@code ScalarAlu.apply} makes of operands has what the specification makes of numbers in them; it follows from the soundness of
 * {@code sync}, shifts of 64 bits from those of the parts, and products from those of the parts ({@link ProductTheorems}).
 */
final class ArithmeticTheorems {
    private ArithmeticTheorems() {
    }

    static List<Theorem> all() {
        List<Theorem> theorems = new ArrayList<>();
        for (Width width : Width.values()) {
            for (AluOp op : AluOp.values()) {
                String name = op.name().toLowerCase(Locale.ROOT);
                theorems.add(RangeTheorems.theorem("alu/" + name + width.bits(),
                        "x " + op + " y at " + width.bits() + " bits, as the specification computes it, belongs to "
                                + "ScalarAlu.apply for all x and y of the operands",
                        aluCode(width, op), c -> apply(c, width, op)));
            }
        }
        return theorems;
    }

    private static List<Code> aluCode(Width width, AluOp op) {
        return switch (op) {
            case ADD, SUB -> List.of(new Code(Tnum.class, op.name().toLowerCase(Locale.ROOT)),
                    new Code(width == Width.W64 ? Range64.class : Range32.class, op.name().toLowerCase(Locale.ROOT)));
            case MUL -> RangeTheorems.code(ScalarAlu.class, "apply");
            case AND, OR, XOR -> List.of(new Code(ScalarAlu.class, "bitwise"), new Code(Range32.class, "bitwise"));
            case LSH -> RangeTheorems.code(ScalarAlu.class, "shiftLeft" + width.bits(), "isConstantAt");
            case RSH -> RangeTheorems.code(ScalarAlu.class, "shiftRight" + width.bits(), "isConstantAt");
            case ARSH -> RangeTheorems.code(ScalarAlu.class, "shiftRightSigned" + width.bits(), "isConstantAt");
            case DIV, SDIV, MOD, SMOD -> RangeTheorems.code(ScalarAlu.class, "isComputable", "apply");
        };
    }

    private static void apply(Claimed c, Width width, AluOp op) {
        Value a = c.free(Scalar.class, "a");
        Value b = c.free(Scalar.class, "b");
        Term x = RangeTheorems.member(c, "x", a);
        Term y = RangeTheorems.member(c, "y", b);
        Terms t = c.terms();
        boolean product = op == AluOp.MUL;
        // Of a product only the contracts of its parts matter, so it is any number that they agree on.
        Term whole = product ? c.number("product", 64) : c.semantics().alu(Width.W64, op, x, y);
        Term result = product
                ? width == Width.W64 ? whole : t.zeroExtend(t.extract(whole, 0, 32), 64)
                : c.semantics().alu(width, op, x, y);
        if (product) {
            c.assumeYields(Tnum.class, "mul", whole);
            c.assumeYields(Range64.class, "mul", whole);
            c.assumeYields(Range32.class, "mul", whole);
        }
        if (width == Width.W64) {
            switch (op) {
                case LSH -> assumeShift(c, "shiftLeft", x, y, whole);
                case RSH -> assumeShift(c, "shiftRight", x, y, whole);
                case ARSH -> assumeShift(c, "shiftRightSigned", x, y, whole);
                default -> {
                    // By the lines that compute it.
                }
            }
        }
        boolean always = switch (op) {
            case ADD, SUB, MUL, AND, OR, XOR -> true;
            default -> false;
        };
        if (always) {
            c.assumeKeeps(Scalar.class, "sync", result);
        } else {
            c.assumeKeepsAll(Scalar.class, "sync", result);
        }
        c.claim("result", result, c.call(ScalarAlu.class, "apply", c.constant(width), c.constant(op), a, b));
    }

    /** The theorems of each part, so that a shift of 64 bits is not looked into twice. */
    private static void assumeShift(Claimed c, String shift, Term x, Term y, Term shifted) {
        c.assumeShifts(Tnum.class, shift, x, y, shifted);
        c.assumeShifts(Range64.class, shift, x, y, shifted);
        if (shift.equals("shiftLeft")) {
            c.assumeShifts(Range32.class, shift, x, y, shifted);
        }
        c.assumeKeepsAll(Scalar.class, "learnBounds", shifted);
    }
}
