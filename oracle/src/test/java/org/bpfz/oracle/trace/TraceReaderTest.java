package org.bpfz.oracle.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.scenario.RunEvent;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.scenario.ScenarioParser;
import org.bpfz.oracle.scenario.ScenarioRunner;
import org.bpfz.oracle.syntax.LineReader;
import org.bpfz.spec.kernel.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TraceReaderTest {
    private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();

    private static final String TWO_THREADS = """
            program yes decide
                r0 = 1
                exit
            end
            attach yes
            file "/a" = zeros(200)
            task p1 uid=7
            p1: fd = open("/a", O_RDWR)
            p1: p2 = clone(CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD)
            together
            repeat 2 p1: write(fd, "12345")
            p2: writev(fd, ["a", partial("b")], 2)
            detach yes
            end
            p1: pread64(fd, _, 100, 0)
            """.replace("partial(\"b\")", "\"bc\"");

    @TempDir
    Path folder;

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve("scenarios"))) {
            return files.filter(file -> file.toString().endsWith(".scenario")).sorted().toList();
        }
    }

    private Path record(Scenario scenario, List<RunEvent> events) throws IOException {
        Path trace = folder.resolve("t.jsonl");
        try (TraceWriter writer = new TraceWriter(trace, scenario, "spec")) {
            new ScenarioRunner(scenario, Engines.named(Engines.SPECIFICATION), events::add).run();
            for (RunEvent event : events) {
                writer.event(event);
            }
            writer.end();
        }
        return trace;
    }

    private Path recordTwoThreads() throws IOException {
        return record(ScenarioParser.parse(LineReader.of(EXAMPLES.resolve("scenarios/s"), TWO_THREADS)),
                new ArrayList<>());
    }

    private static List<TraceEvent> readAll(Path trace) throws IOException {
        List<TraceEvent> events = new ArrayList<>();
        try (TraceReader reader = new TraceReader(trace)) {
            for (TraceEvent event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
        }
        return events;
    }

    /** What is read of a call is the call that was made, and what came of it. */
    @ParameterizedTest
    @MethodSource("examples")
    void shouldReadWhatWasWritten(Path example) throws IOException {
        List<RunEvent> run = new ArrayList<>();
        List<TraceEvent> read = readAll(record(ScenarioParser.parse(example), run));

        assertEquals(run.size(), read.size());
        for (int i = 0; i < run.size(); i++) {
            assertEquals(i + 2, read.get(i).line());
            assertEquals(run.get(i).line(), read.get(i).step());
            if (run.get(i) instanceof RunEvent.Returned made && read.get(i) instanceof TraceEvent.Called seen) {
                assertEquals(made.call(), seen.call());
                assertTrue(made.outcome().explains(seen.seen()), seen::toString);
                assertEquals(List.of((long) made.entered(), (long) made.exited()), List.of(seen.enter(), seen.exit()));
            }
            if (run.get(i) instanceof RunEvent.Loaded made && read.get(i) instanceof TraceEvent.Load seen) {
                assertEquals(made.image().code(), seen.image().code());
                assertEquals(made.image().attachTarget(), seen.image().attachTarget());
                assertEquals(made.maps(), seen.maps());
            }
        }
    }

    @Test
    void shouldReadOverlappingCalls() throws IOException {
        List<TraceEvent> events = readAll(recordTwoThreads());
        List<TraceEvent.Timed> timed = events.stream().filter(TraceEvent.Timed.class::isInstance)
                .map(TraceEvent.Timed.class::cast).toList();

        assertTrue(timed.stream().anyMatch(
                one -> timed.stream().anyMatch(other -> one.enter() < other.enter() && other.enter() < one.exit())));
        assertEquals(1, events.stream().filter(TraceEvent.Called.class::isInstance)
                .filter(event -> ((TraceEvent.Called) event).call() instanceof Call.Writev).count());
    }

    /** Wherever a trace is cut off, that is said with the line. */
    @Test
    void shouldRefuseATraceThatIsCutOff() throws IOException {
        byte[] whole = Files.readAllBytes(recordTwoThreads());
        Path cut = folder.resolve("cut.jsonl");
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(cut, java.util.Arrays.copyOf(whole, length));
            int line = 1 + (int) new String(whole, 0, length, StandardCharsets.UTF_8).chars().filter(c -> c == '\n')
                    .count();
            String message = assertThrows(InputException.class, () -> readAll(cut)).getMessage();
            assertTrue(message.startsWith(cut + ":" + line + ": "), message);
        }
    }

    @Test
    void shouldRefuseCallsInAnotherOrder() throws IOException {
        List<String> lines = Files.readAllLines(recordTwoThreads());
        Path swapped = folder.resolve("swapped.jsonl");
        for (int i = 0; i + 1 < lines.size(); i++) {
            if (lines.get(i).contains("\"exit\"") && lines.get(i + 1).contains("\"exit\"")) {
                List<String> other = new ArrayList<>(lines);
                Collections.swap(other, i, i + 1);
                Files.write(swapped, other);
                String message = assertThrows(InputException.class, () -> readAll(swapped)).getMessage();
                assertTrue(message.startsWith(swapped + ":" + (i + 2) + ": out of order"), message);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"event\":\"frob\"}|no such event: frob", "[]|not one JSON object",
        "{\"event\":|not a line of JSON", "{\"event\":\"call\"}|no \"pid\"",
        "{\"event\":\"dir\",\"path\":\"a\"}|\"path\": an absolute path expected",
        "{\"event\":\"disk\",\"size\":-1}|\"size\": a number from 0",
        "{\"event\":\"disk\",\"size\":1e99}|\"size\": a whole number",
        "{\"event\":\"detach\",\"link\":\"a\",\"enter\":900,\"exit\":1}|an exit at 1 of what began at 900",
        "{\"event\":\"file\",\"path\":\"/a\",\"mode\":0,\"uid\":0,\"gid\":0,\"content\":{\"length\":4000000000,\"hex\":\"\"}}|a length of 4000000000 bytes",
        "{\"event\":\"file\",\"path\":\"/a\",\"mode\":0,\"uid\":0,\"gid\":0,\"content\":{\"length\":1,\"sha256\":\"../../etc\"}}|\"sha256\": 64",
        "{\"event\":\"end\",\"events\":99}|the trace says that it has 99 events",
        "{\"event\":\"kernel\",\"kind\":\"x\",\"text\":\"\"}|\"kind\": message, warning"})
    void shouldSayWhatIsWrongWithALine(String line, String message) throws IOException {
        Path trace = Files.writeString(folder.resolve("bad.jsonl"), "{\"bpfz_trace\":1}\n" + line + "\n");
        String seen = assertThrows(InputException.class, () -> readAll(trace)).getMessage();

        assertTrue(seen.startsWith(trace + ":2: " + message), seen);
    }

    @Test
    void shouldRefuseOtherVersionsAndDataElsewhere() throws IOException {
        for (String header : List.of("{}", "{\"bpfz_trace\":2}", "{\"bpfz_trace\":1,\"data\":\"../x\"}", "")) {
            Path trace = Files.writeString(folder.resolve("h.jsonl"), header + "\n");
            assertTrue(
                    assertThrows(InputException.class, () -> readAll(trace)).getMessage().startsWith(trace + ":1: "));
        }
    }

    /** A trace with one of its bytes changed is read or refused with one line. */
    @Test
    void shouldSurviveEveryChangeOfOneByte() throws IOException {
        byte[] original = Files.readAllBytes(recordTwoThreads());
        Random random = new Random(5);
        Path changed = folder.resolve("changed.jsonl");
        for (int i = 0; i < 1500; i++) {
            byte[] bytes = original.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            Files.write(changed, bytes);
            try {
                readAll(changed);
            } catch (InputException e) {
                assertTrue(e.getMessage().startsWith(changed + ":"), e.getMessage());
            }
        }
    }
}
