package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckCommandTest {
    private static final String SCENARIO = """
            clauses: HOOK-4
            program on decide
                r0 = 1
                exit
            end
            program half verify
                r0 = *(u64 *)(r1 +8)
                if r0 > 100 goto refuse
                r0 >>= 1
                exit
            refuse:
                r0 = -1
                exit
            end
            attach on
            attach half
            task p1
            p1: fd = open("/f", O_CREAT|O_RDWR, 0644)
            p1: write(fd, lorem(40))
            p1: get_compression_stats(fd)
            p1: write(fd, lorem(200))
            p1: get_compression_stats(fd)
            p1: write(fd, lorem(60))
            p1: get_compression_stats(fd)
            """;

    @TempDir
    Path folder;

    private Path record(String scenario) throws IOException {
        Path file = Files.writeString(folder.resolve("s.scenario"), scenario);
        Path trace = folder.resolve("t.jsonl");
        CommandRun.of("run", "--trace", trace.toString(), file.toString());
        return trace;
    }

    /** The trace as a real kernel's would be, without what only a model can know; with one line changed. */
    private Path changed(Path trace, String from, String to) throws IOException {
        List<String> lines = Files.readAllLines(trace).stream()
                .map(line -> line.replaceAll(",\"hooks\":\\[[^]]*\\]", "").replace(from, to)).toList();
        return Files.write(folder.resolve("changed.jsonl"), lines);
    }

    @Test
    void shouldFindThatWhatTheModelDoesConforms() throws IOException {
        CommandRun run = CommandRun.of("check", record(SCENARIO).toString());

        assertEquals(ExitCode.OK, run.code(), run.out() + run.err());
        assertTrue(run.out().contains("conforms under WR-1="), run.out());
    }

    /** A wrong sum is told once, and what follows is judged from what was seen. */
    @Test
    void shouldNameTheClauseAndGoOn() throws IOException {
        Path trace = changed(record(SCENARIO), "\"out\":{\"written\":40,\"after\":20}",
                "\"out\":{\"written\":40,\"after\":40}");
        Path once = Files.writeString(folder.resolve("once.jsonl"), Files.readString(trace)
                .replace("\"out\":{\"written\":100,\"after\":50}", "\"out\":{\"written\":100,\"after\":70}"));
        CommandRun run = CommandRun.of("check", trace.toString());

        assertEquals(ExitCode.NO, run.code());
        assertTrue(CommandRun.of("check", once.toString()).out().contains("1 not allowed"));
        assertTrue(run.out().contains(
                "violates HOOK-4: p1: get_compression_stats(0, [40], [40]) = 0\n      allowed: get_compression_stats(0, [40], [20]) = 0\n"),
                run.out());
        assertTrue(run.out().contains("2 not allowed"), run.out());
    }

    @ParameterizedTest
    @CsvSource({"WR-1=NOTHING_WRITTEN,0", "WR-1=DATA_WRITTEN_AND_POSITION_MOVED,1"})
    void shouldAcceptOnlyTheReadingThatIsInsistedOn(String reading, int code) throws IOException {
        Path trace = record(SCENARIO + "p1: lseek(fd, 0, SEEK_CUR)\n");
        CommandRun run = CommandRun.of("check", "--insist", reading, trace.toString());

        assertEquals(code, run.code(), run.out());
    }

    @Test
    void shouldSayWhichReadingExplainsATrace() throws IOException {
        Path trace = record("reading WR-1=DATA_WRITTEN\n" + SCENARIO + "p1: pread64(fd, _, 1000, 0)\n");
        JsonObject document = JsonParser.parseString(CommandRun.of("check", "--json", trace.toString()).out())
                .getAsJsonObject().getAsJsonArray("traces").get(0).getAsJsonObject();

        assertEquals("conforms", document.get("verdict").getAsString());
        assertTrue(document.getAsJsonArray("readings").get(0).getAsString().contains("WR-1=DATA_WRITTEN"),
                document::toString);
    }

    /** Calls that overlap may have taken effect in either order, others not. */
    @ParameterizedTest
    @CsvSource({"1,4,2,3,0", "1,2,3,4,1"})
    void shouldTryTheOrdersOfOverlappingCalls(int enterWrite, int exitWrite, int enterGet, int exitGet, int code)
            throws IOException {
        Path trace = record(SCENARIO.substring(0, SCENARIO.indexOf("p1: write")) + "p1: p2 = fork()\n");
        List<String> lines = Files.readAllLines(trace);
        int last = 8;
        String write = "{\"event\":\"call\",\"task\":\"p1\",\"pid\":2,\"enter\":" + (last + enterWrite)
                + ",\"call\":\"write\",\"args\":{\"fd\":0,\"buf\":{\"length\":1,\"hex\":\"61\"},\"count\":1},\"exit\":"
                + (last + exitWrite) + ",\"ret\":1}";
        String get = "{\"event\":\"call\",\"task\":\"p2\",\"pid\":3,\"enter\":" + (last + enterGet)
                + ",\"call\":\"get_compression_stats\",\"args\":{\"fd\":0},\"exit\":" + (last + exitGet)
                + ",\"ret\":0,\"out\":{\"written\":0,\"after\":0}}";
        List<String> all = new ArrayList<>(lines.subList(0, lines.size() - 1));
        all.addAll(exitWrite < exitGet ? List.of(write, get) : List.of(get, write));
        all.add("{\"event\":\"end\",\"events\":" + (all.size() - 1) + "}");
        CommandRun run = CommandRun.of("check", Files.write(folder.resolve("c.jsonl"), all).toString());

        assertEquals(code, run.code(), run.out() + run.err());
    }

    /** The kernel copies from the page that it copies to: what comes of the bytes that overlap is not said, of the others it is. */
    @ParameterizedTest
    @CsvSource({"ababcdgh,0", "abababgh,0", "abxxcdgh,1", "ababcdxx,1"})
    void shouldNotSayWhatBecomesOfOverlappingBytes(String content, int code) throws IOException {
        Path trace = record("""
                file "/f" = "abcdefgh"
                task p1
                p1: fd = open("/f", O_RDWR)
                p1: other = open("/f", O_RDONLY)
                p1: lseek(fd, 2, SEEK_SET)
                p1: sendfile(fd, other, NULL, 4) = 4
                p1: pread64(fd, _, 8, 0)
                """);
        List<String> lines = Files.readAllLines(trace).stream().map(line -> line.contains("\"pread64\"")
                ? line.replaceFirst("\"out\":\\{[^}]*}", "\"out\":{\"length\":8,\"hex\":\""
                        + HexFormat.of().formatHex(content.getBytes(StandardCharsets.US_ASCII)) + "\"}")
                : line).toList();
        CommandRun run = CommandRun.of("check", Files.write(folder.resolve("o.jsonl"), lines).toString());

        assertEquals(code, run.code(), run.out() + run.err());
    }

    @Test
    void shouldTellAKernelThatComplains() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(record(SCENARIO)));
        String end = lines.removeLast();
        lines.add("{\"event\":\"kernel\",\"kind\":\"oops\",\"text\":\"BUG: unable to handle page fault\"}");
        lines.add("{\"event\":\"end\",\"events\":" + (Integer.parseInt(end.replaceAll("\\D", "")) + 1) + "}");
        CommandRun run = CommandRun.of("check", Files.write(folder.resolve("k.jsonl"), lines).toString());

        assertEquals(ExitCode.NO, run.code(), run.err());
        assertTrue(run.out().contains("kernel oops: BUG: unable to handle page fault"), run.out());
    }

    @Test
    void shouldRefuseATraceThatContradictsItself() throws IOException {
        Path trace = changed(record(SCENARIO), "\"pid\":2,\"enter\"", "\"pid\":77,\"enter\"");
        CommandRun run = CommandRun.of("check", trace.toString());

        assertEquals(ExitCode.UNUSABLE, run.code());
        assertTrue(run.complaints().getFirst().endsWith(": there is no task 77"), run.err());
    }
}
