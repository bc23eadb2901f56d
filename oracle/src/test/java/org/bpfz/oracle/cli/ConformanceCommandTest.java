package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.model.HelperNames;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.Encoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ConformanceCommandTest {
    static final List<String> ENGINES = Engines.all().stream().map(Engine::name).toList();

    /** As the runner writes bytes: two digits and two spaces each. */
    private static String hex(String text) {
        StringBuilder hex = new StringBuilder();
        for (byte one : Encoder.toBytes(new Assembler(HelperNames.ofLinux()).assemble(text))) {
            hex.append(String.format("%02x  ", one));
        }
        return hex.toString();
    }

    private static CommandRun withInput(String input, String... line) {
        return CommandRun.withInput(input.getBytes(StandardCharsets.US_ASCII), line);
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void shouldRunAProgramFromStandardInputOnTheMemoryInTheArgument(String engine) {
        String program = hex("r0 = *(u16 *)(r1 +1)\nr0 += r2\nexit\n");

        CommandRun run = withInput(program, "conformance", "aa  bb  cc  dd  ", "--engine", engine);

        assertEquals(new CommandRun(ExitCode.OK, "ccbf\n", "ccbf\n", ""), run);
    }

    @Test
    void shouldPrintAllOfR0() {
        CommandRun run = CommandRun.of("conformance", "--program", hex("r0 = -2\nexit\n"));

        assertEquals("fffffffffffffffe\n", run.out(), run.err());
    }

    @Test
    void shouldSayWhatWentWrongInTheProgram() {
        CommandRun run = withInput(hex("r0 = *(u8 *)(r1 +1)\nexit\n"), "conformance", "aa");

        assertEquals(ExitCode.NO, run.code());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("instruction 0: "), run.err());
    }

    @Test
    void shouldShowWhatItRuns() {
        CommandRun run = withInput(hex("r0 = 7\nexit\n"), "conformance", "aa", "--debug", "--engine", "spec");

        assertEquals("7\n", run.out());
        assertTrue(run.err().contains("engine: spec\nmemory: aa\n") && run.err().contains("r0 = 7"), run.err());
    }

    @Test
    void shouldRefuseWhatIsNoProgram() {
        for (String program : List.of("", "zz", "00", "00 00 00 00 00 00 00 00")) {
            CommandRun run = withInput(program, "conformance");

            assertEquals(ExitCode.UNUSABLE, run.code(), program);
            assertEquals(1, run.complaints().size(), run.err());
        }
        assertEquals(ExitCode.UNUSABLE, withInput(hex("exit\n"), "conformance", "--elf").code());
    }
}
