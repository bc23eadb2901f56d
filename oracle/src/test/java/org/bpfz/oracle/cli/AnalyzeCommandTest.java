package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.WorkMemory;
import org.junit.jupiter.api.BeforeEach;
import org.bpfz.oracle.model.Engines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalyzeCommandTest {
    private static final String EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize().toString();
    private static final String LZO = EXAMPLES + "/lzo.bpf.o";

    @TempDir
    Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        Random random = new Random(3);
        Files.createDirectory(folder.resolve("sub"));
        for (int i = 0; i < 12; i++) {
            byte[] content = new byte[i * i * 3000];
            for (int at = 0; at < content.length; at++) {
                content[at] = (byte) (random.nextInt(1 + i * 20) / 3);
            }
            Files.write(folder.resolve((i % 2 == 0 ? "" : "sub/") + "f" + i), content);
        }
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private static List<JsonObject> objects(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsJsonObject).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 65536, 4096, 1000})
    void shouldCountForEachBlockWhatTheCompressorMakesOfIt(int blockSize) throws IOException {
        CommandRun run = CommandRun.of("analyze", LZO, folder.toString(), "--json", "--blocks", "--block",
                String.valueOf(blockSize));
        JsonObject document = json(run.out());
        WorkMemory work = new WorkMemory();
        long written = 0;
        long after = 0;
        for (JsonObject file : objects(document.getAsJsonArray("files"))) {
            byte[] content = Files.readAllBytes(Path.of(file.get("path").getAsString()));
            long fileAfter = 0;
            for (int from = 0; from < content.length; from += blockSize) {
                int length = Math.min(blockSize, content.length - from);
                int size = Lzo1x.compressedSize(content, from, length, work);
                JsonObject block = file.getAsJsonArray("blocks").get(from / blockSize).getAsJsonObject();
                assertEquals(List.of((long) from, (long) length, (long) size), List.of(block.get("offset").getAsLong(),
                        block.get("written").getAsLong(), block.get("after").getAsLong()));
                fileAfter += size;
            }
            assertEquals(content.length, file.get("written").getAsLong());
            assertEquals(fileAfter, file.get("after").getAsLong());
            written += content.length;
            after += fileAfter;
        }
        assertEquals(12, document.getAsJsonArray("files").size());
        assertEquals(written, document.get("written").getAsLong());
        assertEquals(after, document.get("after").getAsLong());
        assertEquals(new CommandRun(ExitCode.OK, run.raw(), run.out(), ""), run);
    }

    @Test
    void shouldPrintALineAFileAndTheTotals() {
        List<String> lines = CommandRun.of("analyze", LZO, folder.toString()).out().lines().toList();

        assertEquals("       written          after    ratio  file", lines.getFirst());
        assertEquals("             0              0        -  " + folder + "/f0", lines.get(1));
        assertTrue(lines.get(2).matches(" +300000 +\\d+ +\\d+\\.\\d%  " + folder + "/f10"), lines.get(2));
        assertTrue(lines.getLast().endsWith("%  total of 12 files"), lines.getLast());
    }

    @Test
    void shouldReportTheRestWhenSomethingCanNotBeRead() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("f2"));
        CommandRun run = CommandRun.of("analyze", LZO, "--json", folder.toString(), "/dev/null");
        JsonObject counts = json(run.out()).getAsJsonObject("counts");

        assertEquals(ExitCode.OK, run.code());
        assertEquals("bpfz analyze: /dev/null: character device\n", run.err());
        assertEquals("{\"files\":12,\"verified\":12,\"unreadable\":0,\"special\":1,\"links\":1}", counts.toString());
        assertEquals("character device",
                json(run.out()).getAsJsonArray("left_out").get(0).getAsJsonObject().get("reason")
                        .getAsString());
    }

    @Test
    void shouldCountNothingForFilesThatDecideLeavesAlone() {
        CommandRun run = CommandRun.of("analyze", EXAMPLES + "/policy.bpf.o", "--json", folder.toString());
        JsonObject document = json(run.out());

        assertEquals(0, document.get("written").getAsLong());
        assertEquals(0, document.getAsJsonObject("counts").get("verified").getAsLong());
        assertFalse(document.getAsJsonArray("files").get(3).getAsJsonObject().get("verified").getAsBoolean());
        assertTrue(CommandRun.of("analyze", EXAMPLES + "/policy.bpf.o", folder.toString()).out()
                .endsWith("total of 12 files, 0 under verification\n"));
    }

    @Test
    void shouldDrawAPageThatClaimsWhatTheJsonSaysAndNeedsNothingElse() throws IOException {
        Path page = folder.resolveSibling(folder.getFileName() + ".html");
        Files.writeString(Files.createDirectory(folder.resolve("<")).resolve("script><b>"), "x".repeat(100));
        CommandRun run = CommandRun.of("analyze", LZO, "--json", "--html", page.toString(), folder.toString());
        String html = Files.readString(page);
        Files.delete(page);
        int start = html.indexOf('>', html.indexOf("<script type=\"application/json\"")) + 1;
        JsonObject embedded = json(html.substring(start, html.indexOf("</script>", start)));
        JsonObject printed = json(run.out());

        assertEquals(LZO, embedded.remove("object").getAsString());
        assertEquals(1 << 20, embedded.remove("block").getAsInt());
        assertEquals(Engines.namedOrFastest(null).name(), embedded.remove("engine").getAsString());
        assertEquals(printed, embedded);
        for (String outside : List.of("http:", "https:", "src=", "href=", "@import", "url(")) {
            assertFalse(html.contains(outside), outside);
        }
    }

    @Test
    void shouldShowControlCharactersOfNamesHarmlessly() throws IOException {
        Path evil = Files.writeString(folder.resolve("a\nb\u001b[31m"), "x");

        assertTrue(CommandRun.of("analyze", LZO, evil.toString()).out().contains("/a\\x0ab\\x1b[31m\n"));
    }

    @Test
    void shouldSayHowFarItIsOnlyWhereAskedFor() {
        assertEquals("", CommandRun.of("analyze", LZO, folder.toString()).err());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldRefuseAnObjectThatIsNone(int seed) throws IOException {
        byte[] noise = new byte[seed * 500];
        new Random(seed).nextBytes(noise);
        if (seed % 2 == 0) {
            System.arraycopy(Files.readAllBytes(Path.of(LZO)), 0, noise, 0, 64 * seed);
        }
        Path object = Files.write(folder.resolve("noise.o"), noise);
        CommandRun run = CommandRun.of("analyze", object.toString(), folder.toString());

        assertEquals(ExitCode.UNUSABLE, run.code(), run.err());
        assertEquals(1, run.complaints().size(), run.err());
        assertTrue(run.err().startsWith("bpfz analyze: " + object + ": "), run.err());
    }

    /** As the kernel does, before anything is attached. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "bad_store; program bad_store_decide: the verifier refuses it with EACCES: invalid bpf_context access off=0 size=4",
        "bad_bounds; program bad_bounds_verify: the verifier refuses it with EACCES: invalid bpf_context access off=16 size=1"})
    void shouldRefuseProgramsThatTheVerifierRefuses(String object, String reason) {
        CommandRun run = CommandRun.of("analyze", EXAMPLES + "/" + object + ".bpf.o", EXAMPLES);

        assertTrue(run.err().contains(reason), run.err());
        assertEquals(1, run.complaints().size());
        assertEquals(ExitCode.NO, run.code());
    }

    /** With nothing on one of the hooks, nothing would be counted. */
    @Test
    void shouldAskForOneProgramForEachHook() throws IOException {
        String bytes = Files.readString(Path.of(LZO), StandardCharsets.ISO_8859_1);
        Path object = folder.resolve("one.bpf.o");
        Files.writeString(object, bytes.replace("compressor/verify", "tracepoint/aa/bbb"),
                StandardCharsets.ISO_8859_1);
        CommandRun run = CommandRun.of("analyze", object.toString(), folder.toString());

        assertEquals(new CommandRun(ExitCode.UNUSABLE, "", "", "bpfz analyze: " + object
                + ": one program for bpf_compressor_verify is needed, and there is none\n"), run);
    }

    @Test
    void shouldRefuseInOneLineWhatCanNotBeDone() {
        for (List<String> one : List.of(List.of("2", "/no/such: no such file", LZO, "/no/such"),
                List.of("2", folder + ": is a directory", folder.toString(), folder.toString()),
                List.of("2", "/no/such.o: no such file", "/no/such.o", folder.toString()),
                List.of("3", "there is no engine 'warp'; there is spec, interpreter, jit", LZO, "--engine", "warp",
                        folder.toString()),
                List.of("2",
                        "Invalid value for option '--block': '0' is no size from 1 byte to 2 GiB, such as 65536, 64K or 1M",
                        LZO, "--block", "0", folder.toString()))) {
            String[] line = Stream.concat(Stream.of("analyze"), one.stream().skip(2)).toArray(String[]::new);
            assertEquals(
                    new CommandRun(Integer.parseInt(one.get(0)), "", "", "bpfz analyze: " + one.get(1) + "\n"),
                    CommandRun.of(line));
        }
    }
}
