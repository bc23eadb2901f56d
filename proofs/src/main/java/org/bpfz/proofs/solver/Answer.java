package org.bpfz.proofs.solver;

import java.util.Map;

/** What a solver says of whether some truth values can hold together. */
public sealed interface Answer {
    /** They can: for these values of the variables, by name; what is not named does not matter. */
    record Satisfiable(Map<String, Long> model) implements Answer {
        public Satisfiable {
            model = Map.copyOf(model);
        }
    }

    /** They can't, for no values. */
    record Unsatisfiable() implements Answer {}

    /** The solver gave up. */
    record Unknown(String reason) implements Answer {}
}
