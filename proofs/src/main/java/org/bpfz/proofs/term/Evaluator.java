package org.bpfz.proofs.term;

import java.util.HashMap;
import java.util.Map;

/** Says what a term is worth once its variables are: for folding, and for running counterexamples. */
public final class Evaluator {
    private final Map<String, Long> variables;
    private final Map<Term, Long> known = new HashMap<>();

    /** Of these values by name; a variable that has none is 0, as solvers leave out what does not matter. */
    public Evaluator(Map<String, Long> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** The term's bits, zero above its width; 1 or 0 for a truth value. */
    public long valueOf(Term root) {
        PostOrder.fill(root, known, this::compute);
        return known.get(root);
    }

    private long compute(Term term) {
        return switch (term.op()) {
            case CONSTANT -> term.value();
            case VARIABLE -> variables.getOrDefault(term.name(), 0L);
            default -> {
                long[] values = new long[term.args().size()];
                int[] widths = new int[values.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = known.get(term.arg(i));
                    widths[i] = term.arg(i).width();
                }
                yield apply(term.op(), term.width(), term.value(), values, widths);
            }
        };
    }

    static long apply(Op op, int width, long value, Term... constants) {
        long[] values = new long[constants.length];
        int[] widths = new int[constants.length];
        for (int i = 0; i < constants.length; i++) {
            values[i] = constants[i].value();
            widths[i] = constants[i].width();
        }
        return apply(op, width, value, values, widths);
    }

    static long apply(Op op, int width, long value, long[] v, int[] widths) {
        long result = switch (op) {
            case NOT -> v[0] ^ 1;
            case AND -> v[0] & v[1];
            case OR -> v[0] | v[1];
            case EQ -> v[0] == v[1] ? 1 : 0;
            case ITE -> v[0] == 1 ? v[1] : v[2];
            case ADD -> v[0] + v[1];
            case SUB -> v[0] - v[1];
            case MUL -> v[0] * v[1];
            case UDIV -> v[1] == 0 ? -1 : Long.divideUnsigned(v[0], v[1]);
            case UREM -> v[1] == 0 ? v[0] : Long.remainderUnsigned(v[0], v[1]);
            case SDIV -> signedDivision(signed(v[0], width), signed(v[1], width));
            case SREM -> v[1] == 0 ? v[0] : signed(v[0], width) % signed(v[1], width);
            case BVAND -> v[0] & v[1];
            case BVOR -> v[0] | v[1];
            case BVXOR -> v[0] ^ v[1];
            case SHL -> Long.compareUnsigned(v[1], width) >= 0 ? 0 : v[0] << v[1];
            case LSHR -> Long.compareUnsigned(v[1], width) >= 0 ? 0 : v[0] >>> v[1];
            case ASHR -> signed(v[0], width) >> (Long.compareUnsigned(v[1], width) >= 0 ? 63 : v[1]);
            case ULT -> Long.compareUnsigned(v[0], v[1]) < 0 ? 1 : 0;
            case SLT -> signed(v[0], widths[0]) < signed(v[1], widths[1]) ? 1 : 0;
            case CONCAT -> v[0] << widths[1] | v[1];
            case EXTRACT -> v[0] >>> value;
            case SIGN_EXTEND -> signed(v[0], widths[0]);
            case CONSTANT, VARIABLE -> throw new IllegalArgumentException(op + " has no arguments");
        };
        return width == 0 ? result : result & Terms.mask(width);
    }

    /** SMT-LIB's bvsdiv by zero: 1 for a negative dividend, else -1. */
    private static long signedDivision(long a, long b) {
        return b == 0 ? a < 0 ? 1 : -1 : a / b;
    }

    private static long signed(long bits, int width) {
        int unused = Long.SIZE - width;
        return bits << unused >> unused;
    }
}
