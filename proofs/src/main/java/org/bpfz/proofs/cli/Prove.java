package org.bpfz.proofs.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.bpfz.proofs.Theorems;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.mutate.Mutant;
import org.bpfz.proofs.mutate.MutantTable;
import org.bpfz.proofs.report.Campaign;
import org.bpfz.proofs.report.Confirmation;
import org.bpfz.proofs.report.Finding;
import org.bpfz.proofs.report.JsonReport;
import org.bpfz.proofs.solver.Bitwuzla;
import org.bpfz.proofs.solver.Solver;
import org.bpfz.proofs.solver.Z3;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Prover;
import org.bpfz.proofs.theorem.Theorem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tries the theorems and prints a row each. */
@Command(name = "bpfz prove", sortOptions = false, description = "Prove the theorems about the class files that run, by machine.", footer = {
    "",
    "A theorem that is not proved, or has a mutant that lives, makes the exit code 1; one that could not be run here, for want of the",
    "kernel's source or clang 19, says so and does not."})
public final class Prove implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;

    @Parameters(paramLabel = "THEOREM", description = "Theorems by name, or the beginning of it up to a slash; all if none.")
    private List<String> selectors = List.of();

    @Option(names = "--list", description = "Print names and statements; prove nothing.")
    private boolean list;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Option(names = "--no-mutants", description = "Leave the mutants alone.")
    private boolean noMutants;

    @Option(names = "--limit", paramLabel = "SECONDS", description = "Time for each goal (default: ${DEFAULT-VALUE}).")
    private int limit = 240;

    @Option(names = "--confirm", description = "Let a second solver, Bitwuzla, decide all that is proved once more: a longer run. What it has no answer for is said to be not confirmed; where it finds otherwise, the theorem fails.")
    private boolean confirm;

    @Option(names = "--confirm-limit", paramLabel = "SECONDS", description = "Time that Bitwuzla has for each theorem (default: ${DEFAULT-VALUE}).")
    private int confirmLimit = 120;

    @Option(names = "--threads", paramLabel = "N", description = "Theorems tried at a time (default: the processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--report", paramLabel = "FILE", description = "Write the JSON document to a file, too; where only some theorems are named, into the one that is there.")
    private @Nullable Path report;

    @Option(names = "--find-mutants", description = "Print lines for mutants.txt: for each theorem that has none, the first that it notices.")
    private boolean findMutants;

    @SuppressWarnings("UnusedVariable") // picocli looks at it
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    Prove(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the command and exits. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int code = run(out, System.err, args);
        out.flush();
        System.exit(code);
    }

    static int run(PrintStream out, PrintStream err, String... args) {
        CommandLine line = new CommandLine(new Prove(out, err));
        line.setParameterExceptionHandler((problem, ignored) -> {
            err.println("bpfz prove: " + String.valueOf(problem.getMessage()).lines().findFirst().orElse(""));
            return 2;
        });
        line.setExecutionExceptionHandler((problem, ignored, parsed) -> {
            if (problem instanceof IOException) {
                err.println("bpfz prove: " + problem.getMessage());
                return 2;
            }
            throw problem;
        });
        return line.execute(args);
    }

    @Override
    public Integer call() throws IOException {
        Set<Theorem> chosen = new LinkedHashSet<>();
        for (String selector : selectors) {
            List<Theorem> selected = Theorems.selected(selector);
            if (selected.isEmpty()) {
                err.println("bpfz prove: no theorem '" + selector + "'; bpfz prove --list names them");
                return 2;
            }
            chosen.addAll(selected);
        }
        List<Theorem> theorems = selectors.isEmpty() ? Theorems.all() : new ArrayList<>(chosen);
        if (list) {
            theorems.forEach(theorem -> out.println(theorem.name() + "\n    " + theorem.statement()));
            return 0;
        }
        Solver solver = new Z3();
        if (findMutants) {
            findMutants(theorems, solver);
            return 0;
        }
        long start = System.nanoTime();
        Campaign campaign = new Campaign(solver, Duration.ofSeconds(limit), !noMutants);
        if (confirm) {
            Optional<Bitwuzla> second = Bitwuzla.find();
            if (second.isEmpty()) {
                err.println("bpfz prove: --confirm: " + Bitwuzla.missing());
                return 3;
            }
            campaign = campaign.confirmedBy(second.get(), Duration.ofSeconds(confirmLimit));
        }
        List<Finding> findings = campaign.run(theorems, threads, json ? this::progress : this::row);
        if (json) {
            JsonReport.write(findings, new OutputStreamWriter(out, StandardCharsets.UTF_8));
        } else {
            total(findings, (System.nanoTime() - start) / 1e9);
        }
        if (report != null && !selectors.isEmpty() && Files.exists(report)) {
            JsonReport.update(report, findings, Theorems.all());
        } else if (report != null) {
            try (Writer writer = Files.newBufferedWriter(report)) {
                JsonReport.write(findings, writer);
            }
        }
        return findings.stream().allMatch(Finding::holds) ? 0 : 1;
    }

    private void progress(Finding finding) {
        err.println(finding.theorem().name() + " " + finding.word());
    }

    private void row(Finding finding) {
        out.printf(Locale.ROOT, "%-8s %6.2f s  %-40s %s%n", finding.word(), finding.seconds(),
                finding.theorem().name(), finding.theorem().statement());
        if (!finding.reason().isEmpty()) {
            out.println("                   " + finding.reason());
        }
        Confirmation confirmation = finding.confirmation();
        if (confirmation != null) {
            out.printf(Locale.ROOT, "%-8s %6.2f s  by %s%s%n", "", confirmation.seconds(), confirmation.solver(),
                    switch (confirmation.outcome()) {
                        case CONFIRMED -> ", too";
                        case NOT_CONFIRMED -> " not confirmed: " + confirmation.reason();
                        case DISAGREES -> " REFUTED: " + confirmation.reason();
                    });
        }
        out.flush();
    }

    private void total(List<Finding> findings, double seconds) {
        long proved = findings.stream().filter(finding -> finding.word().equals("proved")).count();
        long notRun = findings.stream().filter(finding -> finding.word().equals("not-run")).count();
        long mutants = findings.stream().mapToLong(finding -> finding.mutants().size()).sum();
        long killed = findings.stream().flatMap(finding -> finding.mutants().stream()).filter(Prover.Killing::killed)
                .count();
        out.printf(Locale.ROOT, "%n%d of %d theorems proved, %d not run; %d of %d mutants refuted and run; %.1f s%n",
                proved, findings.size(), notRun, killed, mutants, seconds);
        List<Confirmation> second = findings.stream().map(Finding::confirmation).filter(Objects::nonNull).toList();
        if (!second.isEmpty()) {
            out.printf(Locale.ROOT, "%d confirmed by %s, %d not, %d refuted%n",
                    count(second, Confirmation.Outcome.CONFIRMED), second.getFirst().solver(),
                    count(second, Confirmation.Outcome.NOT_CONFIRMED), count(second, Confirmation.Outcome.DISAGREES));
        }
    }

    private static long count(List<Confirmation> confirmations, Confirmation.Outcome outcome) {
        return confirmations.stream().filter(confirmation -> confirmation.outcome() == outcome).count();
    }

    /** Of what a theorem's code has reached, what the fewest others have is tried first. */
    private void findMutants(List<Theorem> theorems, Solver solver) {
        Map<Theorem, List<Mutant>> reached = new LinkedHashMap<>();
        Map<Mutant, Integer> count = new HashMap<>();
        for (Theorem theorem : theorems) {
            if (MutantTable.of(theorem).isEmpty()) {
                JavaLifter lifter = new JavaLifter(new Terms());
                if (theorem.claim() instanceof Theorem.Symbolic claim) {
                    claim.state(lifter);
                }
                List<Mutant> own = new ArrayList<>();
                theorem.code().forEach(code -> own.addAll(Mutant.reached(code.owner(), code.method(), lifter)));
                if (own.isEmpty()) {
                    // A template's code is run, and what it emits is lifted.
                    theorem.code().forEach(code -> own
                            .addAll(Mutant.all(code.owner(), code.method(), Mutant.Kind.RULE, null)));
                }
                own.forEach(mutant -> count.merge(mutant, 1, Integer::sum));
                reached.put(theorem, own);
            }
        }
        reached.forEach((theorem, own) -> {
            own.sort(Comparator.comparing(count::get));
            findMutant(theorem, own, solver);
        });
    }

    private void findMutant(Theorem theorem, List<Mutant> mutants, Solver solver) {
        Prover prover = new Prover(solver, Duration.ofSeconds(limit));
        for (Mutant mutant : mutants) {
            Prover.Killing killing = prover.kill(theorem, mutant);
            if (killing.killed()) {
                out.println(theorem.name() + " " + mutant.owner().getSimpleName() + "." + mutant.method() + " "
                        + mutant.place()
                        + (mutant.kind() == Mutant.Kind.RULE
                                ? ""
                                : " " + mutant.kind().name().toLowerCase(Locale.ROOT)));
                out.flush();
                return;
            }
            err.println(theorem.name() + " " + mutant.description() + ": " + killing.shown());
        }
        err.println(theorem.name() + ": no mutant is noticed");
    }
}
