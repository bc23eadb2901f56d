package org.bpfz.proofs.theorem;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.mutate.Mutant;
import org.bpfz.proofs.mutate.MutantLoader;
import org.bpfz.proofs.mutate.Replay;
import org.bpfz.proofs.solver.Answer;
import org.bpfz.proofs.solver.Solver;
import org.bpfz.proofs.term.Evaluator;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/** Tries theorems: hypotheses first (a claim about nothing proves nothing), then goal by goal, then with a mutant, which must fail. */
public final class Prover {
    /** Runs of a mutant before it counts as alive. */
    private static final int TRIES = 100;

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
                case Theorem.Symbolic claim -> {
                    JavaLifter lifter = new JavaLifter(new Terms());
                    yield decide(claim.state(lifter), lifter.terms());
                }
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
        Obligation obligation = claim.state(lifter);
        Verdict verdict = decide(obligation, lifter.terms());
        if (!(verdict instanceof Verdict.Refuted(String goal, Map<String, Long> counterexample))) {
            return new Killing(mutant, false, "", Map.of(), "it is not refuted: " + verdict);
        }
        String difference = new Replay(lifter, counterexample).difference(mutant);
        if (difference != null) {
            return new Killing(mutant, true, goal, counterexample, difference);
        }
        Killing other = lifter.isWhole() ? null : search(lifter, obligation.hypotheses(), mutant, goal);
        return other == null
                ? new Killing(mutant, false, goal, counterexample, "run, the counterexample makes no difference")
                : other;
    }

    /**
     * Inputs for which the mutant differs, where contracts stand for parts of the code: then a counterexample is one for some behaviour of those
     * parts, which need not be the one that they have.
     */
    private static @Nullable Killing search(JavaLifter lifter, List<Term> hypotheses, Mutant mutant, String goal) {
        Set<Term> variables = new LinkedHashSet<>();
        lifter.calls().forEach(call -> variables.addAll(lifter.variables(call.args(), call.heap())));
        // What is assumed of the parts that contracts stand for is for the terms only.
        List<Term> ofInputs = hypotheses.stream().filter(law -> variables.containsAll(law.variables())).toList();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < TRIES; i++) {
            Map<String, Long> inputs = new HashMap<>();
            for (Term variable : variables) {
                long word = random.nextLong() >> random.nextInt(Long.SIZE);
                inputs.put(variable.name(),
                        variable.width() == Long.SIZE ? word : word & (1L << Math.max(1, variable.width())) - 1);
            }
            Evaluator evaluator = new Evaluator(inputs);
            if (ofInputs.stream().allMatch(law -> evaluator.valueOf(law) == 1)) {
                String difference = new Replay(lifter, inputs).difference(mutant);
                if (difference != null) {
                    return new Killing(mutant, true, goal, inputs, difference);
                }
            }
        }
        return null;
    }

    private Verdict decide(Obligation obligation, Terms terms) {
        switch (solver.solve(obligation.hypotheses(), limitPerGoal)) {
            case Answer.Satisfiable _ -> {
                // Something is claimed.
            }
            case Answer.Unsatisfiable() -> {
                return new Verdict.Vacuous();
            }
            case Answer.Unknown(String reason) -> {
                return new Verdict.Unknown("hypotheses", "not known to be satisfiable: " + reason);
            }
        }
        for (Map.Entry<String, Term> goal : obligation.goals().entrySet()) {
            if (!goal.getValue().isTrue()) {
                List<Term> assertions = new ArrayList<>(obligation.hypotheses());
                assertions.add(terms.not(goal.getValue()));
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
