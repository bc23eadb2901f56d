package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.scenario.ScenarioParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {
    private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();
    private static final Path SUITE = Path.of("..", "suite").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    static List<Path> examples() throws IOException {
        return scenariosIn(EXAMPLES.resolve("scenarios"));
    }

    static List<Path> suite() throws IOException {
        return scenariosIn(SUITE);
    }

    private static List<Path> scenariosIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".scenario")).sorted().toList();
        }
    }

    private Path scenario(String text) throws IOException {
        return Files.writeString(folder.resolve("s.scenario"), text);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldFindThatEveryExampleHoldsOnEveryEngine(Path example) throws IOException {
        CommandRun run = CommandRun.of("run", "--engine", "all", example.toString());
        Scenario scenario = ScenarioParser.parse(example);

        assertEquals("", run.err());
        assertTrue(run.out().endsWith("every expectation held\n"), run.out());
        assertEquals(ExitCode.OK, run.code());
        assertTrue(!scenario.about().isEmpty() && !scenario.clauses().isEmpty(), "an example says what it is about");
    }

    @ParameterizedTest
    @MethodSource("suite")
    void shouldFindThatTheSuiteHoldsOnEveryEngine(Path scenario) {
        CommandRun run = CommandRun.of("run", "--json", "--engine", "all", scenario.toString());
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();

        assertEquals(Engines.all().size(), document.getAsJsonArray("engines").size());
        assertTrue(document.get("difference").isJsonNull(), document.get("difference")::toString);
        assertEquals(ExitCode.OK, run.code(), run.out());
    }

    /** A scenario that claims to exercise a clause must make the model rest on it, or on what the clause rules out. */
    @ParameterizedTest
    @MethodSource("examples")
    void shouldRestOnTheClausesThatAnExampleNames(Path example) throws IOException {
        JsonObject document = JsonParser.parseString(CommandRun.of("run", "--json", example.toString()).out())
                .getAsJsonObject();
        Set<String> seen = new TreeSet<>();
        for (JsonElement event : document.getAsJsonArray("events")) {
            if (event.getAsJsonObject().has("clauses")) {
                event.getAsJsonObject().getAsJsonArray("clauses").forEach(clause -> seen.add(clause.getAsString()));
            }
        }
        Set<String> missing = new HashSet<>(ScenarioParser.parse(example).clauses());
        missing.removeAll(seen);
        // Of these the model can not say that a traced call rests on them: loading and attaching are none, and helpers are the engine's.
        missing.removeAll(Set.of("ATT-2", "ATT-3", "ATT-4", "PROG-1", "HELP-3"));

        assertEquals(Set.of(), missing, () -> "rests on " + seen);
    }

    @Test
    void shouldPrintCallsAsTheyWereWrittenAndThePrograms() throws IOException {
        CommandRun run = CommandRun.of("run", scenario("""
                program yes decide
                    r0 = 1
                    exit
                end
                program half verify
                    r0 = *(u64 *)(r1 +8)
                    r0 >>= 1
                    exit
                end
                attach yes
                attach half
                task p1 uid=7 gid=8
                p1: fd = openat(AT_FDCWD, "/tmp/a", O_CREAT|O_WRONLY, 0644)
                p1: write(fd, "abcd")
                p1: get_compression_stats(fd)
                """).toString());

        assertEquals(new CommandRun(0, run.raw(), """
                program yes = 0
                program half = 1
                attach yes = 2
                attach half = 3
                p1: openat(AT_FDCWD, "/tmp/a", O_WRONLY|O_CREAT, 0644) = 0
                      decide(uid=7, gid=8) = 1
                p1: write(0, "abcd", 4) = 4
                      verify(offset=0, size=4) = 2
                p1: get_compression_stats(0, [4], [2]) = 0
                every expectation held
                """, ""), run);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"p1: close(0) = 0; expected 0, got -1 EBADF",
        "p1: close(0) = -1 EINVAL; expected -1 EINVAL, got -1 EBADF",
        "p1: openat(AT_FDCWD, \"/f\", O_RDONLY) = 5; expected 5, got 0",
        "expect size \"/f\" = 11; expected size 11, got 10",
        "expect size \"/f\" = at_most(9); expected size at most 9, got 10",
        "expect file \"/f\" = \"0123456780\"; expected other bytes: the first difference is at offset 9",
        "expect file \"/f\" = \"01\"; expected 2 bytes, got 10",
        "expect verify(); expected a run of verify, there was none",
        "expect signal SIGPIPE; expected SIGPIPE, got no signal", "p1: pipe([3, _]) = 0; expected descriptor 3, got 0",
        "p1: newfstatat(AT_FDCWD, \"/f\", {st_size=11}, 0) = 0; expected st_size 11, got 10"})
    void shouldSayWhichExpectationDidNotHold(String line, String message) throws IOException {
        Path file = scenario("file \"/f\" = \"0123456789\"\ntask p1\n" + line + "\n");
        CommandRun run = CommandRun.of("run", file.toString());

        assertEquals(ExitCode.NO, run.code());
        assertTrue(run.out().contains(file + ":3: " + message + "\n"), run.out());
        assertTrue(run.out().endsWith("1 expectation did not hold\n"), run.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"1: 2: p2: close(0); there is no task p2; 'task p2' makes one",
        "1: close(fd); nothing is called fd", "2: frob(1); no call frob with these arguments in the model",
        "1: write(0, \"abc\", 10); only 3 bytes", "2: close(); close needs at least 1 arguments",
        "1: write(0, fault); a count is needed", "1: write(0, frob(3)); no generator 'frob'"})
    void shouldSayWhereAStepCanNotBeDone(String line, String message) throws IOException {
        String call = line.replaceFirst("\\d: ", "");
        Path file = scenario("task p1\n" + (call.startsWith("2: ") ? call.substring(3) : "p1: " + call) + "\n");
        CommandRun run = CommandRun.of("run", file.toString());

        assertEquals(ExitCode.UNUSABLE, run.code(), run.out());
        assertEquals(1, run.complaints().size(), run.err());
        assertTrue(run.err().startsWith("bpfz run: " + file + ":2:") && run.err().contains(message), run.err());
    }

    @Test
    void shouldSayWhereAProgramOnTheSpotIsWrong() throws IOException {
        Path file = scenario("task p1\nprogram a verify\n    r0 = 0\n    r0 = r77\n    exit\nend\n");

        assertTrue(CommandRun.of("run", file.toString()).err().startsWith("bpfz run: " + file + ":4:10: "),
                CommandRun.of("run", file.toString()).err());
    }

    @Test
    void shouldRefuseAProgramThatTheVerifierRefuses() throws IOException {
        Path file = scenario("""
                program a decide = -1 EACCES
                    r0 = *(u64 *)(r1 +16)
                    exit
                end
                attach a = -1 EACCES
                """);
        CommandRun run = CommandRun.of("run", file.toString());

        assertEquals(ExitCode.OK, run.code(), run.toString());
    }

    @Test
    void shouldWriteATraceWithLongDataBesideIt() throws IOException {
        Path trace = folder.resolve("out.jsonl");
        Path file = scenario(
                "task p1\np1: fd = creat(\"/f\", 0600)\np1: write(fd, \"short\")\np1: write(fd, lorem(5000)) = 1\n");
        CommandRun run = CommandRun.of("run", "--trace", trace.toString(), file.toString());
        List<JsonObject> lines = Files.readAllLines(trace).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        JsonObject data = lines.get(4).getAsJsonObject("args").getAsJsonObject("buf");

        assertEquals(ExitCode.NO, run.code());
        assertEquals(List.of(1, "model", "spec", "s.scenario", "out.jsonl.data"),
                List.of(lines.getFirst().get("bpfz_trace").getAsInt(), lines.getFirst().get("kernel").getAsString(),
                        lines.getFirst().get("engine").getAsString(), lines.getFirst().get("scenario").getAsString(),
                        lines.getFirst().get("data").getAsString()));
        assertEquals(
                "{\"event\":\"call\",\"line\":3,\"task\":\"p1\",\"pid\":2,\"enter\":3,\"call\":\"write\",\"args\":{\"fd\":0,"
                        + "\"buf\":{\"length\":5,\"hex\":\"73686f7274\"},\"count\":5},\"exit\":4,\"ret\":5}",
                lines.get(3).toString());
        assertEquals(5000, data.get("length").getAsInt());
        byte[] kept = Files.readAllBytes(folder.resolve("out.jsonl.data").resolve(data.get("sha256").getAsString()));
        assertTrue(new String(kept, StandardCharsets.US_ASCII).startsWith("Lorem ipsum"));
        assertEquals(5000, kept.length);
        assertEquals("{\"event\":\"end\",\"events\":5}", lines.getLast().toString());
        assertEquals("expected 1, got 5000", lines.get(5).get("text").getAsString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldRefuseNoiseInOneLine(int seed) throws IOException {
        byte[] noise = new byte[seed * 300];
        new Random(seed).nextBytes(noise);
        Path file = Files.write(folder.resolve("noise"), noise);
        CommandRun run = CommandRun.of("run", file.toString());

        assertEquals(ExitCode.UNUSABLE, run.code());
        assertEquals(1, run.complaints().size(), run.err());
        assertTrue(run.err().startsWith("bpfz run: " + file + ":1:"), run.err());
        assertArrayEquals(noise, Files.readAllBytes(file));
    }

    /** An example with one of its bytes changed: it may hold, differ or be refused, but never end in a stack trace. */
    @Test
    void shouldSurviveEveryChangeOfOneByte() throws IOException {
        byte[] original = Files.readAllBytes(EXAMPLES.resolve("scenarios/verify_fails.scenario"));
        Random random = new Random(11);
        for (int i = 0; i < 150; i++) {
            byte[] changed = original.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            CommandRun run = CommandRun.of("run", Files.write(folder.resolve("changed"), changed).toString());

            assertTrue(run.code() <= ExitCode.UNUSABLE && run.complaints().size() <= 1,
                    () -> run + new String(changed, StandardCharsets.ISO_8859_1));
        }
    }
}
