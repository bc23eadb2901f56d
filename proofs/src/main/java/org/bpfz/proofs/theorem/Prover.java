package org.bpfz.proofs.theorem;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.mutate.Mutant;
import org.bpfz.proofs.mutate.MutantLoader;
import org.bpfz.proofs.mutate.Replay;
import org.bpfz.proofs.solver.Answer;
import org.bpfz.proofs.solver.Solver;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/** Tries theorems: hypotheses first (a claim about nothing proves nothing), then goal by goal, then with a mutant, which must fail. */
public final class Prover {
    private final Solver solver;
    private final Duration limitPerGoal;

    /** A prover that gives each goal so much time. */
    public Prover(Solver solver, Duration limitPerGoal) {
        this.solver = solver;
        this.limitPerGoal = limitPerGoal;
    }

    /** Proves, refutes or gives up. */
    public Verdict prove(Theorem theorem) {
        try {
            return switch (theorem.claim()) {
                case Theorem.Symbolic claim -> decide(claim, new JavaLifter(new Terms()));
                case Theorem.Exhaustive(Class<?> check) -> run(check.getName(), Prover.class.getClassLoader());
            };
        } catch (NotRunException e) {
            return new Verdict.NotRun(String.valueOf(e.getMessage()));
        } catch (LiftException e) {
            return new Verdict.Unknown("lifting", String.valueOf(e.getMessage()));
        }
    }

    /** Shows that the theorem notices the mutant, or says how it does not. */
    public Killing kill(Theorem theorem, Mutant mutant) {
        try {
            return switch (theorem.claim()) {
                case Theorem.Symbolic claim -> kill(claim, mutant);
                case Theorem.Exhaustive(Class<?> check) -> {
                    MutantLoader loader = new MutantLoader(Map.of(mutant.owner().getName(), mutant.classFile()));
                    Verdict verdict = run(check.getName(), loader);
                    yield verdict instanceof Verdict.Refuted(String goal, Map<String, Long> _)
                            ? new Killing(mutant, true, goal, Map.of(), goal)
                            : new Killing(mutant, false, "", Map.of(), "it passes every case");
                }
            };
        } catch (LiftException | IllegalArgumentException e) {
            // What a mutated template emits may be no class file.
            return new Killing(mutant, false, "", Map.of(), String.valueOf(e.getMessage()));
        }
    }

    private Killing kill(Theorem.Symbolic claim, Mutant mutant) {
        JavaLifter lifter = new JavaLifter(new Terms());
        lifter.replace(mutant.owner(), mutant.classFile());
        Verdict verdict = decide(claim, lifter);
        if (!(verdict instanceof Verdict.Refuted(String goal, Map<String, Long> counterexample))) {
            return new Killing(mutant, false, "", Map.of(), "it is not refuted: " + verdict);
        }
        String difference = new Replay(lifter, counterexample).difference(mutant);
        return difference == null
                ? new Killing(mutant, false, goal, counterexample, "run, the counterexample makes no difference")
                : new Killing(mutant, true, goal, counterexample, difference);
    }

    private Verdict decide(Theorem.Symbolic claim, JavaLifter lifter) {
        Obligation obligation = claim.state(lifter);
        Answer hypotheses = solver.solve(obligation.hypotheses(), limitPerGoal);
        if (!(hypotheses instanceof Answer.Satisfiable)) {
            return new Verdict.Unknown("hypotheses", "not known to be satisfiable: " + hypotheses);
        }
        for (Map.Entry<String, Term> goal : obligation.goals().entrySet()) {
            if (!goal.getValue().isTrue()) {
                List<Term> assertions = new ArrayList<>(obligation.hypotheses());
                assertions.add(lifter.terms().not(goal.getValue()));
                switch (solver.solve(assertions, limitPerGoal)) {
                    case Answer.Unsatisfiable() -> {
                        // This goal holds.
                    }
                    case Answer.Satisfiable(Map<String, Long> model) -> {
                        return new Verdict.Refuted(goal.getKey(), model);
                    }
                    case Answer.Unknown(String reason) -> {
                        return new Verdict.Unknown(goal.getKey(), reason);
                    }
                }
            }
        }
        return new Verdict.Proved(obligation.goals().size());
    }

    /** Runs a check as the loader has it, by interfaces of the JDK only. */
    private static Verdict run(String check, ClassLoader loader) {
        try {
            Object made = loader.loadClass(check).getConstructor().newInstance();
            @Nullable
            Object failed = ((Supplier<?>) made).get();
            return failed == null ? new Verdict.Proved(1) : new Verdict.Refuted(failed.toString(), Map.of());
        } catch (InvocationTargetException e) {
            throw new LiftException(check + " can't be made", e);
        } catch (ReflectiveOperationException e) {
            throw new LiftException(check + " is no check", e);
        }
    }

    /**
     * How a mutant fared.
     *
     * @param killed         whether the theorem is refuted of it, and running it shows why
     * @param goal           the goal that fails
     * @param counterexample inputs for which it does
     * @param shown          what the run of the mutant was and what it should have been; or why it lives
     */
    public record Killing(Mutant mutant, boolean killed, String goal, Map<String, Long> counterexample, String shown) {
        public Killing {
            counterexample = Map.copyOf(counterexample);
        }
    }
}
