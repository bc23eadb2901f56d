package org.bpfz.proofs.lift;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.bpfz.proofs.term.Op;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's methods that code under proof calls, each as a term, with the exception that it may throw. One row a method; a test runs
 * every row against the JDK.
 */
final class Intrinsics {
    /** A method's result, and when it throws instead. */
    record Outcome(Term value, Term throwsWhen) {}

    private final Terms terms;
    private static final String TO_INT_EXACT = "java/lang/Math.toIntExact(J)I";
    private static final String CHECK_INDEX = "java/util/Objects.checkIndex(JJ)J";

    private final Map<String, BiFunction<Terms, List<Term>, Term>> total = Map.ofEntries(
            Map.entry("java/lang/Math.max(II)I", Intrinsics::max),
            Map.entry("java/lang/Math.max(JJ)J", Intrinsics::max),
            Map.entry("java/lang/Math.min(II)I", Intrinsics::min),
            Map.entry("java/lang/Math.min(JJ)J", Intrinsics::min),
            Map.entry("java/lang/Integer.compareUnsigned(II)I", Intrinsics::compareUnsigned),
            Map.entry("java/lang/Long.compareUnsigned(JJ)I", Intrinsics::compareUnsigned),
            Map.entry("java/lang/Integer.compare(II)I", (t, a) -> compare(t, a.get(0), a.get(1))),
            Map.entry("java/lang/Long.compare(JJ)I", (t, a) -> compare(t, a.get(0), a.get(1))),
            Map.entry("java/lang/Integer.toUnsignedLong(I)J", (t, a) -> t.zeroExtend(a.getFirst(), 64)),
            Map.entry("java/lang/Long.numberOfLeadingZeros(J)I", Intrinsics::leadingZeros),
            Map.entry("java/lang/Integer.numberOfLeadingZeros(I)I", Intrinsics::leadingZeros),
            Map.entry("java/lang/Long.bitCount(J)I", Intrinsics::bitCount),
            Map.entry("java/lang/Integer.bitCount(I)I", Intrinsics::bitCount),
            Map.entry("java/lang/Long.reverseBytes(J)J", Intrinsics::reverseBytes),
            Map.entry("java/lang/Integer.reverseBytes(I)I", Intrinsics::reverseBytes),
            Map.entry("java/lang/Short.reverseBytes(S)S",
                    (t, a) -> t.signExtend(reverseBytes(t, List.of(t.extract(a.getFirst(), 0, 16))), 32)));
    private final Map<String, Op> division = Map.of("java/lang/Long.divideUnsigned(JJ)J", Op.UDIV,
            "java/lang/Long.remainderUnsigned(JJ)J", Op.UREM, "java/lang/Integer.divideUnsigned(II)I", Op.UDIV,
            "java/lang/Integer.remainderUnsigned(II)I", Op.UREM);

    Intrinsics(Terms terms) {
        this.terms = terms;
    }

    /** The names of all rows: class, method and descriptor, as {@code java/lang/Math.max(II)I}. */
    List<String> names() {
        return java.util.stream.Stream.of(total.keySet(), division.keySet(), List.of(TO_INT_EXACT, CHECK_INDEX))
                .flatMap(java.util.Collection::stream).sorted().toList();
    }

    /** The method of that name applied; null where there is no such row. */
    @Nullable
    Outcome apply(String method, List<Term> args) {
        BiFunction<Terms, List<Term>, Term> row = total.get(method);
        if (row != null) {
            return new Outcome(row.apply(terms, args), terms.bool(false));
        }
        if (method.equals(TO_INT_EXACT)) {
            Term low = terms.extract(args.getFirst(), 0, 32);
            return new Outcome(low, terms.not(terms.eq(terms.signExtend(low, 64), args.getFirst())));
        }
        if (method.equals(CHECK_INDEX)) {
            Term inside = terms.and(terms.sle(terms.bv(64, 0), args.get(0)), terms.slt(args.get(0), args.get(1)));
            return new Outcome(args.get(0), terms.not(inside));
        }
        Op op = division.get(method);
        if (op == null) {
            return null;
        }
        Term divisor = args.get(1);
        return new Outcome(terms.binary(op, args.get(0), divisor), terms.eq(divisor, terms.bv(divisor.width(), 0)));
    }

    static Term compare(Terms t, Term a, Term b) {
        return t.ite(t.eq(a, b), t.bv(32, 0), t.ite(t.slt(a, b), t.bv(32, -1), t.bv(32, 1)));
    }

    private static Term compareUnsigned(Terms t, List<Term> args) {
        Term a = args.get(0);
        Term b = args.get(1);
        return t.ite(t.eq(a, b), t.bv(32, 0), t.ite(t.ult(a, b), t.bv(32, -1), t.bv(32, 1)));
    }

    private static Term max(Terms t, List<Term> args) {
        return t.ite(t.slt(args.get(0), args.get(1)), args.get(1), args.get(0));
    }

    private static Term min(Terms t, List<Term> args) {
        return t.ite(t.slt(args.get(0), args.get(1)), args.get(0), args.get(1));
    }

    private static Term leadingZeros(Terms t, List<Term> args) {
        return leadingZeros(t, args.getFirst(), 32);
    }

    /** How many zeros stand above the highest one, as a number of the given width. */
    static Term leadingZeros(Terms t, Term a, int width) {
        Term count = t.bv(width, a.width());
        for (int bit = 0; bit < a.width(); bit++) {
            count = t.ite(t.eq(t.extract(a, bit, 1), t.bv(1, 1)), t.bv(width, a.width() - 1 - bit), count);
        }
        return count;
    }

    private static Term bitCount(Terms t, List<Term> args) {
        return bitCount(t, args.getFirst(), 32);
    }

    /** How many bits are one, as a number of the given width: by halves, since solvers like shallow sums. */
    static Term bitCount(Terms t, Term a, int width) {
        if (a.width() == 1) {
            return t.zeroExtend(a, width);
        }
        int half = a.width() / 2;
        return t.add(bitCount(t, t.extract(a, 0, half), width), bitCount(t, t.extract(a, half, half), width));
    }

    private static Term reverseBytes(Terms t, List<Term> args) {
        Term a = args.getFirst();
        Term reversed = t.extract(a, 0, 8);
        for (int low = 8; low < a.width(); low += 8) {
            reversed = t.concat(reversed, t.extract(a, low, 8));
        }
        return reversed;
    }
}
