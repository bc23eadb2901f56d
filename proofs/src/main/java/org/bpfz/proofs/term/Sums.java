package org.bpfz.proofs.term;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Sums in one form: what is added in the order of age, then what is taken away, then the constant. So two compilers' ways of adding the same
 * numbers are one term.
 */
final class Sums {
    /** Longer sums are left as they are, lest shared ones be written out again and again. */
    private static final int LONGEST = 6;

    private final List<Term> plus = new ArrayList<>();
    private final List<Term> minus = new ArrayList<>();
    private long constant;

    private Sums() {
    }

    /** a + b, or a - b. */
    static Term sum(Terms terms, Term a, Term b, boolean negate) {
        Sums sums = new Sums();
        if (!sums.collect(a, false) || !sums.collect(b, negate)) {
            return terms.plain(negate ? Op.SUB : Op.ADD, a, b);
        }
        return sums.build(terms, a.width());
    }

    private boolean collect(Term term, boolean negative) {
        switch (term.op()) {
            case CONSTANT -> constant += negative ? -term.value() : term.value();
            case ADD, SUB -> {
                return collect(term.arg(0), negative) && collect(term.arg(1), negative ^ (term.op() == Op.SUB));
            }
            default -> {
                if (!(negative ? plus : minus).remove(term)) {
                    (negative ? minus : plus).add(term);
                }
            }
        }
        return plus.size() + minus.size() <= LONGEST;
    }

    private Term build(Terms terms, int width) {
        plus.sort(Comparator.comparingInt(Term::number));
        minus.sort(Comparator.comparingInt(Term::number));
        Term known = terms.bv(width, constant);
        if (plus.isEmpty() && minus.isEmpty()) {
            return known;
        }
        boolean zero = known.value() == 0;
        Term sum = plus.isEmpty() ? known : plus.getFirst();
        for (int i = 1; i < plus.size(); i++) {
            sum = terms.plain(Op.ADD, sum, plus.get(i));
        }
        for (Term term : minus) {
            sum = terms.plain(Op.SUB, sum, term);
        }
        return plus.isEmpty() || zero ? sum : terms.plain(Op.ADD, sum, known);
    }
}
