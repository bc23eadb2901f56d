package org.bpfz.oracle.grade;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/** Shows that the mistakes of the reference patch's second part are found: grades each with the scenarios of its clause. */
public final class KernelMutants {
    private final Grader grader;
    private final Consumer<String> progress;

    /**
     * Over a grader.
     *
     * @param progress hears of each mistake that has been looked for
     */
    public KernelMutants(Grader grader, Consumer<String> progress) {
        this.grader = grader;
        this.progress = progress;
    }

    /**
     * A mistake.
     *
     * @param number  what the parameter {@code compressor.mutant} is set to
     * @param clause  the clause that it breaks
     * @param mistake one sentence
     */
    public record Mutant(int number, String name, Clause clause, String mistake) {}

    /**
     * What became of a mistake.
     *
     * @param scenario the smallest scenario that shows it; null if it was not found
     * @param steps    of the scenario, shrunk
     * @param observed what was seen
     * @param others   further clauses of which a violation was seen
     * @param seconds  how long it took
     */
    public record Verdict(Mutant mutant, @Nullable String scenario, int steps, String observed, List<Clause> others,
            double seconds) {
        public Verdict {
            others = List.copyOf(others);
        }

        /** Whether the right clause was violated. */
        public boolean isFound() {
            return scenario != null;
        }
    }

    /** Reads the table beside the patch. */
    public static List<Mutant> read(Path file) throws IOException {
        try {
            List<Mutant> mutants = new ArrayList<>();
            JsonArray rows = new Gson().fromJson(Files.readString(file), JsonObject.class).getAsJsonArray("mutants");
            for (JsonElement each : rows) {
                JsonObject row = each.getAsJsonObject();
                Clause clause = Clause.of(row.get("clause").getAsString());
                if (clause == null) {
                    throw new InputException(file, "no clause " + row.get("clause").getAsString());
                }
                mutants.add(new Mutant(row.get("number").getAsInt(), row.get("name").getAsString(), clause,
                        row.get("mistake").getAsString()));
            }
            return List.copyOf(mutants);
        } catch (JsonParseException | NullPointerException | IllegalStateException e) {
            throw new InputException(file, "no table of mutants");
        }
    }

    /**
     * Looks for each mistake.
     *
     * @param folder for traces; exists
     */
    public List<Verdict> judge(GuestRunner runner, List<Mutant> mutants, List<Scenario> suite, Path folder)
            throws IOException {
        List<Verdict> verdicts = new ArrayList<>();
        for (Mutant mutant : mutants) {
            List<Scenario> named = suite.stream().filter(each -> each.clauses().contains(mutant.clause.id())).toList();
            runner.mutate(mutant.number);
            GradeReport report = grader.grade(runner, named,
                    Files.createDirectories(folder.resolve(String.valueOf(mutant.number))));
            Verdict verdict = verdict(mutant, report);
            progress.accept(line(verdict));
            verdicts.add(verdict);
        }
        return verdicts;
    }

    private static Verdict verdict(Mutant mutant, GradeReport report) {
        List<Clause> others = report.rows().stream()
                .filter(row -> row.verdict() == ClauseRow.Verdict.VIOLATED && row.clause() != mutant.clause)
                .map(ClauseRow::clause).toList();
        ClauseRow.Finding finding = report.row(mutant.clause).map(ClauseRow::finding).orElse(null);
        return finding == null
                ? new Verdict(mutant, null, 0, "", others, report.seconds())
                : new Verdict(mutant, finding.original().name(), finding.steps(), finding.violation().observed(),
                        others,
                        report.seconds());
    }

    /** A row of the table. */
    private static String line(Verdict verdict) {
        return String.format(Locale.ROOT, "| %d | %s | %s | %s | %s | %.1f |", verdict.mutant.number,
                verdict.mutant.mistake, verdict.mutant.clause.id(),
                verdict.isFound() ? "`" + verdict.scenario + "`" : "not found",
                verdict.isFound() ? String.valueOf(verdict.steps) : "", verdict.seconds);
    }

    /** The table as a document. */
    public static String table(List<Verdict> verdicts) {
        StringBuilder text = new StringBuilder();
        long found = verdicts.stream().filter(Verdict::isFound).count();
        text.append(
                "<!-- Made by: bpfz grade --kernel IMAGE --mutants reference-patch/mutants.json -->\n\n# Mutants\n\n")
                .append("The reference kernel with one mistake at a time (`compressor.mutant=N`), graded with the scenarios of its clause: ")
                .append(found).append(" of ").append(verdicts.size())
                .append(" are found, each with a violation of that clause.\nThe scenario is the smallest one that shows it, and the steps are those left of it after shrinking: ")
                .append("what loads, attaches, calls or looks at a map.\nThe time is that of all scenarios of the clause, with shrinking and, where the kernel dies, booting.\n\n")
                .append("| N | mistake | clause | scenario | steps | seconds |\n|--:|---|---|---|--:|--:|\n");
        verdicts.forEach(verdict -> text.append(line(verdict)).append('\n'));
        return text.toString();
    }
}
