package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.model.HelperNames;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.Encoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ProgRunCommandTest {
    static final List<String> ENGINES = Engines.all().stream().map(Engine::name).toList();

    /** Adds R2 to the first byte of the memory and returns it. */
    private static final String ADD_LENGTH = """
            r0 = *(u8 *)(r1 +0)
            r0 += r2
            *(u8 *)(r1 +0) = r0
            exit
            """;

    @TempDir
    private Path folder = Path.of("");

    private String code(String text) throws IOException {
        return file("code", Encoder.toBytes(new Assembler(HelperNames.ofLinux()).assemble(text)));
    }

    private String file(String name, byte... bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    private static String example(String name) {
        return Path.of("..", "examples", name + ".bpf.o").toString();
    }

    private static JsonObject json(CommandRun run) {
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void shouldRunBareInstructionsOnMemory(String engine) throws IOException {
        String memory = file("mem", new byte[]{5, 6, 7});
        Path after = folder.resolve("after");

        CommandRun run = CommandRun.of("prog", "run", "--raw", code(ADD_LENGTH), "--mem", memory, "--engine", engine,
                "--ctx-out", after.toString(), "--json");

        assertEquals(ExitCode.OK, run.code(), run.err());
        assertEquals("0x8", json(run).get("retval").getAsString());
        assertEquals(engine, json(run).get("engine").getAsString());
        assertTrue(json(run).get("duration_ns").getAsDouble() > 0);
        assertArrayEquals(new byte[]{8, 6, 7}, Files.readAllBytes(after));
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void shouldRepeatOnTheMemoryAsTheRunBeforeLeftIt(String engine) throws IOException {
        CommandRun run = CommandRun.of("prog", "run", "--raw", code(ADD_LENGTH), "--mem", file("mem", new byte[2]),
                "--engine", engine, "--repeat", "5", "--json");

        assertEquals("0xa", json(run).get("retval").getAsString(), run.err());
    }

    @Test
    void shouldPrintWhatBpftoolPrints() throws IOException {
        CommandRun run = CommandRun.of("prog", "run", "--raw", code("r0 = -1\nexit\n"));

        assertTrue(run.out().matches("Return value: 0xffffffffffffffff, duration \\(average\\): \\d+ns\n"), run.out());
    }

    @Test
    void shouldAskTheVerifierFirst() throws IOException {
        String code = code("r0 = 1\nr0 = *(u64 *)(r1 +8)\nexit\n");
        String memory = file("mem", new byte[12]);

        CommandRun refused = CommandRun.of("prog", "run", "--raw", code, "--mem", memory);
        CommandRun run = CommandRun.of("prog", "run", "--raw", code, "--mem", memory, "--no-verify");

        assertEquals(ExitCode.NO, refused.code());
        assertEquals("", refused.out());
        assertTrue(refused.err().contains("refuses it with EACCES at instruction 1: "), refused.err());
        assertEquals(ExitCode.NO, run.code());
        assertTrue(run.out().startsWith("Fault: instruction 1: "), run.out());
    }

    @Test
    void shouldCountInstructionsOfLongRuns() throws IOException {
        String code = code("r0 = 100\nr0 -= 1\nif r0 != 0x0 goto -2\nexit\n");

        CommandRun enough = CommandRun.of("prog", "run", "--raw", code, "--budget", "202", "--engine", "spec");
        CommandRun few = CommandRun.of("prog", "run", "--raw", code, "--budget", "201", "--engine", "spec");

        assertEquals(ExitCode.OK, enough.code(), enough.out());
        assertEquals(ExitCode.NO, few.code());
        assertTrue(few.out().contains("has executed 201 instructions"), few.out());
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void shouldRunAProgramOfAnObjectOnWrittenData(String engine) throws IOException {
        byte[] data = new byte[4096];
        Arrays.fill(data, (byte) 'a');
        String written = file("data", data);

        CommandRun run = CommandRun.of("prog", "run", example("lzo"), "--prog", "lzo_verify", "--data-in", written,
                "--engine", engine, "--json");
        CommandRun size = CommandRun.of("lzo", "size", written);

        assertEquals(ExitCode.OK, run.code(), run.err());
        assertEquals("0x" + Integer.toHexString(Integer.parseInt(size.out().strip())),
                json(run).get("retval").getAsString());
    }

    @Test
    void shouldNameTheProgramsOfAnObjectWithSeveral() {
        CommandRun run = CommandRun.of("prog", "run", example("lzo"));

        assertEquals(ExitCode.UNUSABLE, run.code());
        assertTrue(run.err().contains("--prog: ") && run.err().contains("lzo_verify"), run.err());
    }

    @Test
    void shouldRefuseWhatIsNoProgram() throws IOException {
        for (String[] line : new String[][]{{}, {"--raw", file("odd", new byte[9])}, {"--raw", file("none")},
            {"--raw", file("bad", new byte[8])}, {"--raw", code("exit\n"), "--prog", "x"}, {"--mem", "x", "y.o"},
            {"--raw", code("exit\n"), "--repeat", "0"}, {folder.toString()}}) {
            String[] all = new String[line.length + 2];
            all[0] = "prog";
            all[1] = "run";
            System.arraycopy(line, 0, all, 2, line.length);

            CommandRun run = CommandRun.of(all);

            assertEquals(ExitCode.UNUSABLE, run.code(), String.join(" ", all));
            assertEquals(1, run.complaints().size(), run.err());
            assertTrue(run.err().startsWith("bpfz prog run: "), run.err());
        }
    }

    @Test
    void shouldAskWhichCommandOfAGroup() {
        CommandRun run = CommandRun.of("prog");

        assertEquals(ExitCode.UNUSABLE, run.code());
        assertTrue(run.err().startsWith("bpfz prog: which one? run"), run.err());
    }
}
