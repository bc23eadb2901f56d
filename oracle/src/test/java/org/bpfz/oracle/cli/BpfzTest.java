package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class BpfzTest {
    static final List<String> COMMANDS = Subcommand.ALL.stream().map(Subcommand::name).toList();

    @Test
    void shouldSayItsVersionAndTheKernelThatItModels() {
        CommandRun run = CommandRun.of("--version");

        assertEquals(ExitCode.OK, run.code());
        assertTrue(run.out().matches("bpfz \\d+\\.\\d+\\.\\d+\\S* \\(Linux 6\\.12 modelled; Java 25\\S*\\)\n"),
                run.out());
    }

    @Test
    void shouldListEveryCommandInItsHelp() {
        CommandRun run = CommandRun.of("--help");

        assertEquals(ExitCode.OK, run.code());
        for (String command : COMMANDS) {
            assertTrue(run.out().contains("\n  " + command + " "), command);
        }
        assertEquals("", run.err());
    }

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void shouldExplainEachCommand(String command) {
        PrintStream before = System.err;
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        CommandRun run;
        // Of a percent sign that is not doubled, picocli complains past the terminal that it is given.
        try (PrintStream during = new PrintStream(complaints, true, StandardCharsets.UTF_8)) {
            System.setErr(during);
            run = CommandRun.of(command, "--help");
        } finally {
            System.setErr(before);
        }

        assertEquals(ExitCode.OK, run.code());
        assertTrue(run.out().startsWith("Usage: bpfz " + command), run.out());
        assertEquals("", run.err());
        assertEquals("", complaints.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void shouldRefuseAnOptionThatACommandDoesNotHave(String command) {
        CommandRun run = CommandRun.of(command, "--no-such-option");

        assertEquals(ExitCode.UNUSABLE, run.code());
        assertEquals("", run.out());
        assertEquals(1, run.complaints().size(), run.err());
        assertTrue(run.err().startsWith("bpfz " + command + ": "), run.err());
    }

    @Test
    void shouldRefuseACommandThatDoesNotExist() {
        CommandRun run = CommandRun.of("frobnicate");

        assertEquals(new CommandRun(ExitCode.UNUSABLE, "", "",
                "bpfz: no command 'frobnicate'; bpfz --help lists them\n"), run);
    }

    @Test
    void shouldShowItsUsageOnStandardErrorWhenThereIsNothingToDo() {
        CommandRun run = CommandRun.of();

        assertEquals(ExitCode.UNUSABLE, run.code());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("Usage: bpfz"), run.err());
    }
}
