package org.bpfz.proofs.lift;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;

/** Which way each undecided branch goes on one path, where paths are followed one by one and not joined. */
final class Choices {
    private final Terms terms;
    private final List<Boolean> taken;
    private final List<Term> conditions = new ArrayList<>();
    private int at;

    /** Begins like this; what comes after goes the way of the condition. */
    Choices(Terms terms, List<Boolean> prefix) {
        this.terms = terms;
        taken = new ArrayList<>(prefix);
    }

    /** Whether this path is one on which the condition holds. */
    boolean decide(Term condition) {
        if (condition.isConstant()) {
            return condition.isTrue();
        }
        if (conditions.contains(condition)) {
            return true;
        }
        if (conditions.contains(terms.not(condition))) {
            return false;
        }
        if (at == taken.size()) {
            taken.add(true);
        }
        boolean holds = taken.get(at++);
        conditions.add(holds ? condition : terms.not(condition));
        return holds;
    }

    /** All that is decided on this path. */
    Term condition() {
        Term all = terms.bool(true);
        for (Term condition : conditions) {
            all = terms.and(all, condition);
        }
        return all;
    }

    /** How the next path begins; empty where this was the last. */
    List<Boolean> next() {
        List<Boolean> next = new ArrayList<>(taken);
        while (!next.isEmpty() && !next.getLast()) {
            next.removeLast();
        }
        if (!next.isEmpty()) {
            next.set(next.size() - 1, false);
        }
        return next;
    }
}
