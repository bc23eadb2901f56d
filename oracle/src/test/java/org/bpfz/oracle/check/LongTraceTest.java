package org.bpfz.oracle.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.trace.LongTrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long traces: memory does not grow with them but for what the files hold, and whatever is wrong is one error with its line.
 *
 * <p>{@code mvn -pl oracle -am verify -Dtest=LongTraceTest -Dbpfz.events=1000000 -DargLine=-Xmx2g} is the length that is asked for.
 */
class LongTraceTest {
    private static final long EVENTS = Long.getLong("bpfz.events", 10_000);
    private static final int SHORT = 400;

    @TempDir
    Path folder;

    private static TraceVerdict check(Path trace) throws IOException {
        return new TraceChecker(Engines.named(Engines.SPECIFICATION), Answers.all()).check(trace);
    }

    @Test
    void shouldCheckALongTrace() throws IOException {
        Path trace = folder.resolve("long.jsonl");
        long events = LongTrace.write(trace, EVENTS);
        long start = System.nanoTime();
        TraceVerdict verdict = check(trace);
        System.out.printf("%d events in %.1f s, at most %d MiB of heap%n", verdict.events(),
                (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1),
                Runtime.getRuntime().maxMemory() >> 20);

        assertEquals(List.of(), verdict.violations());
        assertNull(verdict.undecided());
        assertEquals(events, verdict.events());
    }

    /** One sum that is wrong far inside is found, and nothing else is. */
    @Test
    void shouldFindOneWrongSum() throws IOException {
        List<String> lines = lines();
        int at = SHORT / 2;
        while (!lines.get(at).matches(".*\"after\":\\d+}}")) {
            at++;
        }
        lines.set(at, lines.get(at).replaceFirst("\"after\":\\d+}}", "\"after\":1}}"));
        List<Violation> violations = check(Files.write(folder.resolve("wrong.jsonl"), lines)).violations();

        assertEquals(List.of(at + 1), violations.stream().map(Violation::line).toList());
    }

    private List<String> lines() throws IOException {
        Path trace = folder.resolve("short.jsonl");
        LongTrace.write(trace, SHORT);
        return Files.readAllLines(trace);
    }

    interface Damage {
        void to(List<String> lines);
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("cut off", lines -> lines.subList(300, lines.size()).clear(), 301,
                        "the trace is cut off: its last line must be an event \"end\""),
                damage("cut in a line", lines -> {
                    lines.subList(301, lines.size()).clear();
                    lines.set(300, lines.get(300).substring(0, 40));
                }, 301, "not a line of JSON"),
                damage("two lines the other way round", lines -> lines.add(200, lines.remove(210)), 202,
                        "out of order: an exit at"),
                damage("a line missing", lines -> lines.remove(200), 413, "the trace says that it has"),
                damage("a line twice", lines -> lines.add(200, lines.get(150)), 201, "stands twice"),
                damage("nested without end", lines -> lines.set(200, "[".repeat(500_000)), 201, "not a line of JSON"),
                damage("a line without end",
                        lines -> lines.set(200, "{\"event\":\"" + "x".repeat(2_000_000) + "\"}"), 201,
                        "a line of more than"),
                damage("a number that is none",
                        lines -> lines.set(200, lines.get(200).replaceFirst("\"fd\":0", "\"fd\":1e999")), 201,
                        "\"fd\""),
                damage("zero bytes", lines -> lines.set(200, "\0\0\0"), 201, "not a line of JSON"));
    }

    private static Arguments damage(String what, Damage damage, int line, String message) {
        return Arguments.of(what, damage, line, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void shouldSayInWhichLineATraceIsBroken(String what, Damage damage, int line, String message) throws IOException {
        List<String> lines = lines();
        damage.to(lines);
        Path trace = Files.write(folder.resolve("broken.jsonl"), lines);
        InputException e = assertThrows(InputException.class, () -> check(trace), what);

        String said = String.valueOf(e.getMessage());
        assertTrue(said.startsWith(trace + ":" + line + ": ") && said.contains(message), said);
        assertTrue(said.length() < 400, said);
    }
}
