package org.bpfz.proofs.report;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.bpfz.proofs.solver.Budget;
import org.bpfz.proofs.solver.Solver;
import org.bpfz.proofs.theorem.Prover;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Verdict;

/**
 * What a second solver says of a theorem that the first has proved.
 *
 * @param solver  its name
 * @param reason  why it does not confirm it; empty where it does
 * @param seconds processor time
 */
public record Confirmation(String solver, Outcome outcome, String reason, double seconds) {
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    /** Whether it is of the same opinion. */
    public enum Outcome {
        /** It finds every goal proved, and the hypotheses satisfiable, too. */
        CONFIRMED,
        /** It gave up, or its time was over. */
        NOT_CONFIRMED,
        /** It has a counterexample, or finds that the hypotheses contradict each other: one of the two solvers is wrong. */
        DISAGREES;

        /** As reports have it: {@code not-confirmed}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Lets a solver decide the theorem's hypotheses and goals, all within the limit. */
    public static Confirmation of(Theorem theorem, Solver solver, Duration limit) {
        long start = CPU.getCurrentThreadCpuTime();
        Verdict verdict = new Prover(new Budget(solver, limit), limit).prove(theorem);
        double seconds = (CPU.getCurrentThreadCpuTime() - start) / 1e9;
        return switch (verdict) {
            case Verdict.Proved _ -> new Confirmation(solver.name(), Outcome.CONFIRMED, "", seconds);
            case Verdict.Refuted(String goal, Map<String, Long> counterexample) -> new Confirmation(solver.name(),
                    Outcome.DISAGREES, goal + " for " + Finding.numbers(counterexample), seconds);
            case Verdict.Vacuous() -> new Confirmation(solver.name(), Outcome.DISAGREES,
                    "the hypotheses contradict each other", seconds);
            case Verdict.Unknown(String goal, String reason) ->
                new Confirmation(solver.name(), Outcome.NOT_CONFIRMED, goal + ": " + reason, seconds);
            case Verdict.NotRun(String reason) ->
                new Confirmation(solver.name(), Outcome.NOT_CONFIRMED, reason, seconds);
        };
    }
}
