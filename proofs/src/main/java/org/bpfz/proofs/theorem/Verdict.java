package org.bpfz.proofs.theorem;

import java.util.Map;

/** What came of trying to prove a theorem. */
public sealed interface Verdict {
    /** It holds, for all inputs or for all up to the theorem's bound. */
    record Proved(int goals) implements Verdict {}

    /** A goal fails for these inputs, by name; a case that was run says what it was in the goal. */
    record Refuted(String goal, Map<String, Long> counterexample) implements Verdict {
        public Refuted {
            counterexample = Map.copyOf(counterexample);
        }
    }

    /** The hypotheses contradict each other, so that nothing is claimed; counts as a failure. */
    record Vacuous() implements Verdict {}

    /** The solver gave up on a goal, or the code could not be lifted; counts as a failure. */
    record Unknown(String goal, String reason) implements Verdict {}

    /** Something outside of bpfz is missing. */
    record NotRun(String reason) implements Verdict {}
}
