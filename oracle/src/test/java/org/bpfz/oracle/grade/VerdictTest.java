package org.bpfz.oracle.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfz.oracle.check.Answers;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.scenario.ScenarioParser;
import org.bpfz.oracle.syntax.LineReader;
import org.bpfz.oracle.trace.TraceWriter;
import org.bpfz.spec.program.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said of kernels that panic, hang, or can not be graded at all: one clear verdict, the same in every report. */
class VerdictTest {
    private static final String TEXT = """
            clauses: HELP-5, HOOK-1
            program none decide
                call bpf_lzo_compress
                exit
            end
            attach none
            task p1
            p1: fd = creat("/f", 0644)
            """;
    private static final Runner.Trouble PANIC = new Runner.Trouble("panic",
            "BUG: kernel NULL pointer dereference, address: 0000000000000000; Kernel panic - not syncing: Fatal exception",
            List.of("BUG: kernel NULL pointer dereference, address: 0000000000000000",
                    "RIP: 0010:lzo1x_1_do_compress"));

    @TempDir
    Path folder;

    /** A kernel that dies in every scenario, or is unfit. */
    private record DyingRunner(Optional<UnfitKernelException> unfit) implements Runner {
        @Override
        public String kernel() {
            return "bzImage";
        }

        @Override
        public List<Recording> run(List<Scenario> scenarios, Path folder) throws IOException, UnfitKernelException {
            if (unfit.isPresent()) {
                throw unfit.get();
            }
            List<Recording> recordings = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                Path trace = folder.resolve(scenario.name() + ".jsonl");
                try (TraceWriter writer = new TraceWriter(trace, folder.resolve("data"), scenario, "bzImage", "6.12")) {
                    writer.kernel(PANIC.kind(), PANIC.text(), 8);
                    writer.end();
                }
                recordings.add(Recording.of(scenario, trace, Optional.of(PANIC)));
            }
            return recordings;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    private GradeReport grade(Runner runner) throws IOException {
        Scenario scenario = ScenarioParser.parse(LineReader.of(folder.resolve("crash.scenario"), TEXT));
        return new Grader(Engines.named(Engines.SPECIFICATION), Answers.all(), Rubric.even(), false, _ -> {
        }).grade(runner, List.of(scenario), folder);
    }

    private static String text(GradeReport report) {
        List<String> lines = new ArrayList<>();
        TextGrade.print(report, lines::add);
        return String.join("\n", lines);
    }

    private static JsonObject json(GradeReport report) throws IOException {
        StringWriter text = new StringWriter();
        JsonGrade.write(new JsonWriter(text), List.of(report));
        return JsonParser.parseString(text.toString()).getAsJsonObject();
    }

    /** The clause that the scenario is there for is violated; what it would have come to is not reached. */
    @Test
    void shouldBlameAPanicOnItsScenario() throws IOException {
        GradeReport report = grade(new DyingRunner(Optional.empty()));
        ClauseRow row = report.row(Clause.HELP_5).orElseThrow();

        assertEquals(ClauseRow.Verdict.VIOLATED, row.verdict());
        assertEquals("kernel panic: " + PANIC.text(),
                Optional.ofNullable(row.finding()).orElseThrow().violation().observed());
        assertEquals(PANIC.console(), Optional.ofNullable(row.finding()).orElseThrow().console());
        assertEquals(ClauseRow.Verdict.NOT_REACHED, report.row(Clause.HOOK_1).orElseThrow().verdict());
    }

    @Test
    void shouldShowTheConsoleInEveryReport() throws IOException {
        GradeReport report = grade(new DyingRunner(Optional.empty()));
        JsonObject trouble = json(report).getAsJsonArray("troubles").get(0).getAsJsonObject();

        assertEquals("crash", trouble.get("scenario").getAsString());
        assertEquals("panic", trouble.get("kind").getAsString());
        assertEquals(String.join("\n", PANIC.console()), trouble.get("console").getAsString());
        for (String shown : List.of(text(report), HtmlGrade.of(List.of(report)), JUnitGrade.of(List.of(report)))) {
            assertTrue(shown.contains("RIP: 0010:lzo1x_1_do_compress"), shown);
            assertTrue(shown.contains(PANIC.text()), shown);
        }
    }

    /** One clear page, not a stack of errors. */
    @ParameterizedTest
    @EnumSource(UnfitKernelException.Reason.class)
    void shouldSayWhyAKernelIsNotGraded(UnfitKernelException.Reason reason) throws IOException {
        GradeReport report = grade(
                new DyingRunner(Optional.of(new UnfitKernelException(reason, "no init", "the last <line>"))));
        String page = HtmlGrade.of(List.of(report));

        assertEquals("bzImage\n  not graded: " + reason.text() + ": no init\n    the last <line>", text(report));
        assertEquals(reason.text() + ": no init", json(report).get("unfit").getAsString());
        assertTrue(page.contains(reason.text().substring(1) + ": no init.") && page.contains("the last &lt;line&gt;"),
                page);
        assertFalse(page.contains("class=\"clauses\""), page);
        assertTrue(JUnitGrade.of(List.of(report)).contains("<error message=\"" + reason.text()), reason.text());
    }
}
