package org.bpfz.proofs.theorem;

import java.util.List;
import org.bpfz.proofs.lift.JavaLifter;

/**
 * A claim about code that runs, for all inputs.
 *
 * @param name      unique, in the style of a path: {@code kernel/tnum_add}
 * @param statement the claim in words
 * @param code      the class and method that it is about
 * @param trusts    what the proof takes for granted beyond the lifters and the solver
 * @param claim     makes the claim's terms, with the lifter it is given
 */
public record Theorem(String name, String statement, String code, List<String> trusts, Claim claim) {
    public Theorem {
        trusts = List.copyOf(trusts);
    }

    /** Lifts the code and says what must hold of it. */
    @FunctionalInterface
    public interface Claim {
        /** The obligation, over the terms of this lifter. */
        Obligation state(JavaLifter lifter);
    }
}
