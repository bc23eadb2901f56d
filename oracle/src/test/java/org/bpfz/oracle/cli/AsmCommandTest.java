package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** asm and disasm, which are each other's inverse. */
class AsmCommandTest {
    private static final String TEXT = """
            0: (79) r6 = *(u64 *)(r1 +8)
            1: (85) call bpf_lzo_compress#213
            2: (bf) r0 = r6
            3: (18) r1 = 0x1122334455667788 ll
            5: (25) if r0 > 0x5 goto pc-4
            6: (95) exit
            """;

    private static final String HEX = """
            79 16 08 00 00 00 00 00
            85 00 00 00 d5 00 00 00
            bf 60 00 00 00 00 00 00
            18 01 00 00 88 77 66 55
            00 00 00 00 44 33 22 11
            25 00 fc ff 05 00 00 00
            95 00 00 00 00 00 00 00
            """;

    @TempDir
    Path folder;

    private static CommandRun piped(String input, String... line) {
        return CommandRun.withInput(input.getBytes(StandardCharsets.ISO_8859_1), line);
    }

    @Test
    void shouldTurnTextIntoBytesAndBack() {
        CommandRun bytes = piped(TEXT, "asm", "-");

        assertEquals(7 * 8, bytes.raw().length());
        assertEquals(new CommandRun(0, TEXT, TEXT, ""), piped(bytes.raw(), "disasm", "-"));
    }

    @Test
    void shouldSpeakHexadecimalBothWays() {
        assertEquals(HEX, piped(TEXT, "asm", "--hex", "-").out());
        assertEquals(TEXT, piped(HEX, "disasm", "--hex", "-").out());
        assertEquals(TEXT, piped(HEX.replaceAll("\\s", ""), "disasm", "--hex", "-").out());
    }

    @Test
    void shouldWriteToAFile() throws IOException {
        Path code = folder.resolve("code");
        Path text = folder.resolve("text");

        assertEquals(new CommandRun(0, "", "", ""), piped(TEXT, "asm", "-", "-o", code.toString()));
        assertEquals(new CommandRun(0, "", "", ""), CommandRun.of("disasm", code.toString(), "-o", text.toString()));
        assertEquals(TEXT, Files.readString(text));
    }

    @Test
    void shouldPrintJson() {
        String bytes = JsonParser.parseString(piped(TEXT, "asm", "--json", "-").out()).getAsJsonObject().get("bytes")
                .getAsString();
        JsonArray instructions = JsonParser.parseString(piped(HEX, "disasm", "--hex", "--json", "-").out())
                .getAsJsonObject().getAsJsonArray("instructions");

        assertEquals(HEX.replaceAll("\\s", ""), bytes);
        assertEquals(
                "{\"slot\":3,\"bytes\":\"18010000887766550000000044332211\",\"text\":\"r1 = 0x1122334455667788 ll\"}",
                instructions.get(3).toString());
        assertEquals(6, instructions.size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"'r0 = 1\nr0 = r11\n'; -:2:6: ", "'goto nowhere'; -:1:6: ", "'hello'; -:1:"})
    void shouldSayWhereTextIsNoInstruction(String text, String place) {
        CommandRun run = piped(text, "asm", "-");

        assertEquals(ExitCode.UNUSABLE, run.code());
        assertEquals(1, run.complaints().size(), run.err());
        assertTrue(run.err().startsWith("bpfz asm: " + place), run.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"b7 00; '-: instruction 0 (offset 0): ends after 2 of 8 bytes'",
        "ff 00 00 00 00 00 00 00; '-: instruction 0 (offset 0): '", "b7 0; '-: ends inside a hexadecimal byte'",
        "b7 0x; '-: no hexadecimal byte at offset 4'", "7f454c46; '-: an ELF object, and no bare instructions'"})
    void shouldSayWhichInstructionIsNone(String hex, String message) {
        CommandRun run = hex.equals("7f454c46")
                ? piped("\u007fELF", "disasm", "-")
                : piped(hex, "disasm", "--hex", "-");

        assertEquals(ExitCode.UNUSABLE, run.code());
        assertEquals(1, run.complaints().size(), run.err());
        assertTrue(run.err().startsWith("bpfz disasm: " + message), run.err());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void shouldRefuseNoiseInOneLine(int seed) {
        byte[] noise = new byte[8 * 100];
        new Random(seed).nextBytes(noise);
        for (String command : new String[]{"asm", "disasm"}) {
            CommandRun run = CommandRun.withInput(noise, command, "-");

            assertEquals(ExitCode.UNUSABLE, run.code());
            assertEquals(1, run.complaints().size(), run.err());
        }
    }
}
