package org.bpfz.oracle.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfz.oracle.check.Answers;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.model.Subject;
import org.bpfz.oracle.mutant.Mutant;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.program.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite in the repository: it covers the clauses, finds nothing wrong with the model, and finds every mistake. */
class SuiteTest {
    private static final Path SUITE = Path.of("..", "suite").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private static Grader grader() throws IOException {
        return new Grader(Engines.named(Engines.SPECIFICATION), Answers.all(),
                Rubric.read(SUITE.resolve("rubric.json")),
                false, _ -> {
                });
    }

    private GradeReport grade(Subject subject, List<Scenario> scenarios) throws IOException {
        return grader().grade(new ModelRunner("model", () -> subject, Engines.named(Engines.SPECIFICATION)), scenarios,
                folder);
    }

    @Test
    void shouldExerciseEachClauseByThreeScenarios() throws IOException {
        Map<Clause, Integer> count = new EnumMap<>(Clause.class);
        for (Scenario scenario : Suite.read(SUITE)) {
            assertFalse(scenario.about().isEmpty(), scenario.name());
            scenario.clauses().forEach(name -> count.merge(Clause.of(name), 1, Integer::sum));
        }
        for (Clause clause : Clause.values()) {
            assertTrue(count.getOrDefault(clause, 0) >= 3, clause + ": " + count.get(clause));
        }
    }

    /** The model is a correct kernel: every clause is reached and held, nothing is undecided, and its readings are recognised. */
    @Test
    void shouldFindThatTheModelHolds() throws IOException {
        GradeReport report = grade(Subject.MODEL, Suite.read(SUITE));

        assertTrue(report.isPerfect(), report.rows().stream()
                .filter(row -> row.verdict() != ClauseRow.Verdict.HELD).toList()::toString);
        assertEquals(List.of(), report.undecided());
        assertEquals(report.possible(), report.score());
        assertEquals("NOTHING_WRITTEN", report.row(Clause.WR_1).map(ClauseRow::reading).orElse(""));
        assertEquals("OPEN_FILE", report.row(Clause.SYS_4).map(ClauseRow::reading).orElse(""));
    }

    /** A kernel that reads an open clause otherwise is as correct, and the suite tells which reading it is. */
    @Test
    void shouldRecogniseEveryReading() throws IOException {
        List<Scenario> suite = Suite.read(SUITE).stream().filter(scenario -> !scenario.name().startsWith("large"))
                .toList();
        List<String> unrecognised = new ArrayList<>();
        for (Class<? extends Variant> question : Reading.QUESTIONS) {
            for (Variant answer : Reading.answers(question).subList(1, Reading.answers(question).size())) {
                List<Scenario> asked = suite.stream()
                        .filter(scenario -> scenario.clauses().contains(answer.clause().id()))
                        .map(scenario -> scenario.read(Reading.strict().with(answer))).toList();
                GradeReport report = grade(Subject.MODEL, asked);
                assertEquals(0, report.count(ClauseRow.Verdict.VIOLATED),
                        () -> answer.name() + ": " + report.rows().stream()
                                .filter(row -> row.finding() != null).toList());
                Optional<String> seen = report.row(answer.clause()).map(ClauseRow::reading);
                if (!seen.orElse("").contains(answer.name())) {
                    unrecognised.add(answer.clause().id() + "=" + answer.name() + " seen as " + seen);
                }
            }
        }
        assertEquals(List.of(), unrecognised);
    }

    /** Each mistake is found, and as one of the clause that it violates. */
    @Test
    void shouldFindEveryMutant() throws IOException {
        assertTrue(Mutant.all().size() >= 30);
        List<Scenario> suite = Suite.read(SUITE);
        List<String> missed = new ArrayList<>();
        for (Mutant mutant : Mutant.all()) {
            List<Scenario> asked = suite.stream().filter(scenario -> scenario.clauses().contains(mutant.clause().id()))
                    .toList();
            GradeReport report = grader().grade(
                    new ModelRunner(mutant.name(), mutant.subject(), Engines.named(Engines.SPECIFICATION)), asked,
                    folder);
            if (report.row(mutant.clause()).map(ClauseRow::verdict).orElseThrow() != ClauseRow.Verdict.VIOLATED) {
                missed.add(mutant.name());
            }
        }
        assertEquals(List.of(), missed);
    }

    /** What is shown of a violation is short, and still shows it. */
    @Test
    void shouldShrinkWhatShowsAViolation() throws IOException {
        Grader shrinking = new Grader(Engines.named(Engines.SPECIFICATION), Answers.all(), Rubric.even(), true, _ -> {
        });
        for (String name : List.of("pwrite-forgotten", "count-for-written", "sums-by-process", "context-writable")) {
            Mutant mutant = Mutant.find(name);
            List<Scenario> asked = Suite.read(SUITE).stream()
                    .filter(scenario -> scenario.clauses().getFirst().equals(mutant.clause().id())).toList();
            GradeReport report = shrinking.grade(
                    new ModelRunner(name, mutant.subject(), Engines.named(Engines.SPECIFICATION)), asked,
                    folder);
            ClauseRow.Finding finding = report.row(mutant.clause()).map(ClauseRow::finding).orElseThrow();

            assertTrue(finding.steps() <= 9, finding::text);
        }
    }
}
