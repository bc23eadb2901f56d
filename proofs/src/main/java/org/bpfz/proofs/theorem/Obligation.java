package org.bpfz.proofs.theorem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.term.Term;

/**
 * What has to be shown: under the hypotheses, every goal is true.
 *
 * @param hypotheses truth values; must be satisfiable together
 * @param goals      truth values by name, in the order in which they are tried
 */
public record Obligation(List<Term> hypotheses, Map<String, Term> goals) {
    public Obligation {
        hypotheses = List.copyOf(hypotheses);
        goals = new LinkedHashMap<>(goals);
    }
}
