package org.bpfz.proofs.theorem;

import java.util.Map;

/** What came of trying to prove a theorem. */
public sealed interface Verdict {
    /** It holds for all inputs. */
    record Proved(int goals) implements Verdict {}

    /** A goal fails for these inputs, by name. */
    record Refuted(String goal, Map<String, Long> counterexample) implements Verdict {
        public Refuted {
            counterexample = Map.copyOf(counterexample);
        }
    }

    /** The solver gave up on a goal, or the hypotheses contradict each other: both count as failures. */
    record Unknown(String goal, String reason) implements Verdict {}
}
