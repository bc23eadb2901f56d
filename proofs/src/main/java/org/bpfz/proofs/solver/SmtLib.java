package org.bpfz.proofs.solver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.term.Op;
import org.bpfz.proofs.term.PostOrder;
import org.bpfz.proofs.term.Term;

/** Terms as a script of SMT-LIB 2.6: each term that is no leaf has a definition of its own, so that what is shared is written once. */
final class SmtLib {
    private final StringBuilder script = new StringBuilder("(set-logic QF_BV)\n");
    private final Map<Term, String> names = new HashMap<>();

    private SmtLib() {
    }

    /** Declares, defines and asserts. */
    static String script(List<Term> assertions) {
        SmtLib text = new SmtLib();
        for (Term assertion : assertions) {
            PostOrder.fill(assertion, text.names, text::name);
            text.script.append("(assert ").append(text.names.get(assertion)).append(")\n");
        }
        return text.script.toString();
    }

    private static String sort(Term term) {
        return term.isBool() ? "Bool" : "(_ BitVec " + term.width() + ")";
    }

    private String name(Term term) {
        return switch (term.op()) {
            case CONSTANT -> term.isBool()
                    ? Boolean.toString(term.isTrue())
                    : "(_ bv" + Long.toUnsignedString(term.value()) + " " + term.width() + ")";
            case VARIABLE -> {
                String quoted = "|" + term.name() + "|";
                script.append("(declare-const ").append(quoted).append(' ').append(sort(term)).append(")\n");
                yield quoted;
            }
            default -> {
                String name = "!" + names.size();
                script.append("(define-fun ").append(name).append(" () ").append(sort(term)).append(" (")
                        .append(function(term));
                term.args().forEach(arg -> script.append(' ').append(names.get(arg)));
                script.append("))\n");
                yield name;
            }
        };
    }

    private static String function(Term term) {
        if (term.op() == Op.EXTRACT) {
            return "(_ extract " + (term.value() + term.width() - 1) + " " + term.value() + ")";
        }
        if (term.op() == Op.SIGN_EXTEND) {
            return "(_ sign_extend " + (term.width() - term.arg(0).width()) + ")";
        }
        return term.op().smtName();
    }
}
