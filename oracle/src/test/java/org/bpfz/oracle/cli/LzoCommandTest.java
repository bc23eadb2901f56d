package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LzoCommandTest {
    @TempDir
    Path folder;

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("input"), content);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100_000, 3_000_000})
    void shouldDecompressWhatItCompressed(int zeros) throws IOException {
        byte[] content = new byte[zeros + 1000];
        new Random(7).nextBytes(content);
        Arrays.fill(content, 500, 500 + zeros, (byte) 0);
        for (List<String> format : List.of(List.<String>of(), List.of("--rle"))) {
            Path packed = folder.resolve("packed");
            Path back = folder.resolve("back");
            CommandRun compressed = run(format, "compress", file(content).toString(), "-o", packed.toString());
            CommandRun size = run(format, "size", file(content).toString());
            CommandRun decompressed = run(format, "decompress", packed.toString(), "-o", back.toString());

            assertEquals(new CommandRun(0, "", "", ""), compressed);
            assertEquals(Files.size(packed) + "\n", size.out());
            assertEquals(new CommandRun(0, "", "", ""), decompressed);
            assertArrayEquals(content, Files.readAllBytes(back));
        }
    }

    private static CommandRun run(List<String> format, String... rest) {
        return CommandRun.of(Stream.of(List.of("lzo"), format, List.of(rest)).flatMap(List::stream)
                .toArray(String[]::new));
    }

    @Test
    void shouldWorkInAPipe() {
        byte[] content = "abcabcabcabcabcabcabcabcabcabcabcabc".getBytes(StandardCharsets.US_ASCII);
        CommandRun compressed = CommandRun.withInput(content, "lzo", "compress", "-");
        CommandRun back = CommandRun.withInput(compressed.raw().getBytes(StandardCharsets.ISO_8859_1), "lzo",
                "decompress",
                "-");

        assertArrayEquals(content, back.raw().getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void shouldPrintOneJsonDocument() throws IOException {
        CommandRun run = CommandRun.of("lzo", "size", "--json", file(new byte[4096]).toString());
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();

        assertEquals("lzo1x", document.get("format").getAsString());
        assertEquals(4096, document.get("written").getAsInt());
        assertEquals(CommandRun.of("lzo", "size", folder.resolve("input").toString()).out().strip(),
                document.get("after").getAsString());
    }

    @Test
    void shouldSayInOneLineWhatCanNotBeDecompressed() throws IOException {
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);
        CommandRun run = CommandRun.of("lzo", "decompress", file(noise).toString());

        assertEquals(ExitCode.UNUSABLE, run.code());
        assertEquals(1, run.complaints().size(), run.err());
        assertTrue(run.err().startsWith("bpfz lzo: " + folder.resolve("input") + ": malformed LZO stream at offset "),
                run.err());
    }

    @Test
    void shouldSayInOneLineWhatCanNotBeRead() {
        assertEquals("bpfz lzo: /no/such/file: no such file\n", CommandRun.of("lzo", "size", "/no/such/file").err());
        assertEquals("bpfz lzo: " + folder + ": is a directory\n",
                CommandRun.of("lzo", "size", folder.toString()).err());
        assertEquals(ExitCode.UNUSABLE, CommandRun.of("lzo", "size", folder.toString()).code());
    }
}
