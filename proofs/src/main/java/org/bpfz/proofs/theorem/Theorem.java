package org.bpfz.proofs.theorem;

import java.util.List;
import java.util.function.Supplier;
import org.bpfz.proofs.lift.JavaLifter;
import org.jspecify.annotations.Nullable;

/**
 * A claim about code that runs.
 *
 * @param name      unique, in the style of a path: {@code kernel/tnum_add}
 * @param group     which of the groups of docs/PROOFS.md it belongs to
 * @param statement the claim in words
 * @param code      the methods that it is about; mutants are made of these
 * @param trusts    what the proof takes for granted beyond the lifters and the solver
 * @param bound     up to what the claim is checked; empty where it is proved for all inputs
 * @param claim     what must hold
 */
public record Theorem(String name, Group group, String statement, List<Code> code, List<String> trusts, String bound,
        Claim claim) {
    public Theorem {
        code = List.copyOf(code);
        trusts = List.copyOf(trusts);
    }

    /** A method that a theorem is about. */
    public record Code(Class<?> owner, String method) {
        @Override
        public String toString() {
            return owner.getSimpleName() + "." + method;
        }
    }

    /** What must hold. */
    public sealed interface Claim {
    }

    /** Terms to be true for all values of their variables. */
    @FunctionalInterface
    public non-sealed interface Symbolic extends Claim {
        /**
         * Lifts the code and says what must hold of it.
         *
         * @throws NotRunException where something outside of bpfz is missing that the claim is about
         */
        Obligation state(JavaLifter lifter);
    }

    /**
     * Cases to be run one by one, all that there are up to the theorem's bound.
     *
     * @param check a class with a public constructor without parameters; its answer is the first case that fails, or null
     */
    public record Exhaustive(Class<? extends Supplier<@Nullable String>> check) implements Claim {}
}
