package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.WorkMemory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings that Debian's strace makes while the test runs: a real kernel contradicts the model, or does not. */
class ReplayRecordingTest {
    private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @BeforeEach
    void needsStrace() throws IOException, InterruptedException {
        assumeTrue(Stream.of("/usr/bin/strace", "/bin/strace").anyMatch(path -> Files.isExecutable(Path.of(path))),
                "strace is missing: apt-get install strace");
        assumeTrue(run("strace", "-o", "probe", "true") == 0, "strace may not trace here");
    }

    private int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile()).start().waitFor();
    }

    private JsonObject record(List<String> options, String command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("strace", "-f", "-xx", "-s", "1000000", "-o", "log"));
        line.addAll(options);
        line.addAll(List.of("sh", "-c", command));
        assertEquals(0, run(line.toArray(String[]::new)), Files.readString(folder.resolve("output")));
        CommandRun run = CommandRun.of("replay", "--json", "--strace", folder.resolve("log").toString(),
                EXAMPLES.resolve("lzo.bpf.o").toString());
        assertTrue(run.code() == ExitCode.OK || run.code() == ExitCode.NO, run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar cf out.tar data", "tar czf out.tgz data",
        "cp -r data copy && mv copy moved && rm -r moved",
        "cat data/* | gzip -9 | gzip -d | wc -c > count; (echo 1; echo 2) >> count; sed -i s/1/3/ count",
        "ln -s data link; cat link/ISA.md > a; dd if=a of=b bs=777 2>/dev/null; sort -r a -o a; install -m 0600 a c"})
    void shouldGiveEveryResultThatLinuxGave(String command) throws IOException, InterruptedException {
        copyDocuments();
        JsonObject document = record(List.of(), command);

        assertEquals("[]", document.get("differences").toString());
        assertTrue(document.getAsJsonObject("calls").get("equal").getAsLong() > 50, document.toString());
    }

    @Test
    void shouldReplayACompiler() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "gcc is missing: apt-get install gcc");
        Files.writeString(folder.resolve("a.c"), "int main(void) { return 0; }\n");
        JsonObject document = record(List.of("-y"), "gcc -O2 -o a a.c");

        assertEquals("[]", document.get("differences").toString());
        assertTrue(document.getAsJsonObject("calls").get("equal").getAsLong() > 500, document.toString());
    }

    @Test
    void shouldGetOnWithARecordingOfSomeCalls() throws IOException, InterruptedException {
        copyDocuments();
        JsonObject document = record(List.of("-e", "trace=openat,creat,read,write,close,lseek,dup2,pipe2,clone,vfork"),
                "tar cf - data | gzip > out.tgz");

        assertEquals("[]", document.get("differences").toString());
    }

    /** The archive is written in blocks of 10,240 bytes: what the model counts is what the kernel's LZO makes of each. */
    @Test
    void shouldMeasureWhatWasWritten() throws IOException, InterruptedException {
        copyDocuments();
        JsonObject document = record(List.of(), "tar cf out.tar data");
        byte[] archive = Files.readAllBytes(folder.resolve("out.tar"));
        long after = 0;
        for (int at = 0; at < archive.length; at += 10_240) {
            after += Lzo1x.compressedSize(archive, at, Math.min(10_240, archive.length - at), new WorkMemory());
        }

        JsonObject file = document.getAsJsonArray("files").asList().stream().map(JsonElement::getAsJsonObject)
                .filter(sum -> sum.get("path").getAsString().endsWith("out.tar")).findFirst().orElseThrow();
        assertEquals(archive.length, file.get("written").getAsLong());
        assertEquals(after, file.get("after").getAsLong());
    }

    /** A kernel that had answered otherwise would have been found out. */
    @Test
    void shouldFindAResultThatWasTamperedWith() throws IOException, InterruptedException {
        copyDocuments();
        record(List.of(), "tar cf out.tar data");
        Path log = folder.resolve("log");
        String text = Files.readString(log, StandardCharsets.ISO_8859_1);
        Files.writeString(log, text.replaceFirst(", 10240\\) += 10240", ", 10240) = 10239"),
                StandardCharsets.ISO_8859_1);
        CommandRun run = CommandRun.of("replay", "--strace", log.toString(),
                EXAMPLES.resolve("lzo.bpf.o").toString());

        assertEquals(ExitCode.NO, run.code());
        assertTrue(run.out().contains("= 10240, recorded: 10239"), run.out());
    }

    private void copyDocuments() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        try (Stream<Path> documents = Files.list(EXAMPLES.resolveSibling("docs"))) {
            documents.filter(Files::isRegularFile).forEach(document -> {
                try {
                    Files.copy(document, data.resolve(Objects.requireNonNull(document.getFileName()).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
