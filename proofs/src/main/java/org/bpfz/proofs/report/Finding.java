package org.bpfz.proofs.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bpfz.proofs.theorem.Prover.Killing;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What came of one theorem and its mutants.
 *
 * @param solver       who answered
 * @param seconds      processor time that the theorem took, its mutants not counted
 * @param mutants      how each fared
 * @param confirmation what a second solver says; null where none was asked, as of what is run and not solved
 */
public record Finding(Theorem theorem, String solver, Verdict verdict, double seconds, List<Killing> mutants,
        @Nullable Confirmation confirmation) {
    public Finding {
        mutants = List.copyOf(mutants);
    }

    /** {@code proved}, {@code refuted}, {@code unknown} or {@code not-run}; a mutant that lives makes it unknown. */
    public String word() {
        return switch (verdict) {
            case Verdict.Proved _ -> mutants.stream().allMatch(Killing::killed) ? "proved" : "unknown";
            case Verdict.Refuted _ -> "refuted";
            case Verdict.Unknown _,Verdict.Vacuous _ -> "unknown";
            case Verdict.NotRun _ -> "not-run";
        };
    }

    /** Whether nothing stands against the theorem: it is proved, or could not be run here, and no second solver says otherwise. */
    public boolean holds() {
        return (word().equals("proved") || word().equals("not-run"))
                && (confirmation == null || confirmation.outcome() != Confirmation.Outcome.DISAGREES);
    }

    /** Why it is not proved; empty where it is. */
    public String reason() {
        return switch (verdict) {
            case Verdict.Proved _ -> mutants.stream().filter(killing -> !killing.killed()).findFirst()
                    .map(killing -> "a mutant lives: " + killing.mutant().description() + ": " + killing.shown())
                    .orElse("");
            case Verdict.Refuted(String goal, Map<String, Long> counterexample) ->
                "fails: " + goal + (counterexample.isEmpty() ? "" : " for " + numbers(counterexample));
            case Verdict.Unknown(String goal, String reason) -> goal + ": " + reason;
            case Verdict.Vacuous() -> "hypotheses: they contradict each other";
            case Verdict.NotRun(String reason) -> reason;
        };
    }

    /** A counterexample's numbers in hexadecimal, by name. */
    public static String numbers(Map<String, Long> counterexample) {
        StringBuilder text = new StringBuilder();
        counterexample.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(entry -> text.append(text.isEmpty() ? "" : ", ")
                        .append(String.format(Locale.ROOT, "%s=0x%x", entry.getKey(), entry.getValue())));
        return text.toString();
    }
}
