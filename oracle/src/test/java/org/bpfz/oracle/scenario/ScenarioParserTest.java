package org.bpfz.oracle.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.syntax.LineReader;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.program.Hook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioParserTest {
    private static Scenario parse(String text) throws IOException {
        return ScenarioParser.parse(LineReader.of(Path.of("s"), text));
    }

    @Test
    void shouldReadWhatAScenarioIsAbout() throws IOException {
        Scenario scenario = parse("""
                # A comment.
                about: One sentence
                about: on two lines.
                clauses: SYS-4, WR-1
                reading WR-1=DATA_WRITTEN  # the lenient one
                """);

        assertEquals("One sentence on two lines.", scenario.about());
        assertEquals(List.of("SYS-4", "WR-1"), scenario.clauses());
        assertEquals(List.of(Variant.AbortedWrite.DATA_WRITTEN), scenario.reading().departures());
        assertEquals(List.of(), scenario.steps());
    }

    @Test
    void shouldReadCallsWithAndWithoutAName() throws IOException {
        Scenario scenario = parse("p1: fd = dup(0) = 1 # named\n\np1: close(fd) = -1 EBADF (Bad file descriptor)\n");

        Step.Invoke dup = assertInstanceOf(Step.Invoke.class, scenario.steps().get(0));
        Step.Invoke close = assertInstanceOf(Step.Invoke.class, scenario.steps().get(1));
        assertEquals("fd", dup.variable());
        assertEquals(List.of(1, "p1", "dup"), List.of(dup.line(), dup.task(), dup.call().name()));
        assertEquals(null, close.variable());
        assertEquals(3, close.line());
    }

    @Test
    void shouldReadAProgramWithItsInstructions() throws IOException {
        Scenario scenario = parse("program refuse verify\n    r0 = -1 # always\n    exit\n  end\ndetach refuse\n");

        assertEquals(
                new Step.InlineProgram(1, 0, "refuse", Hook.VERIFY, List.of(), null,
                        "    r0 = -1 # always\n    exit\n"),
                scenario.steps().getFirst());
        assertEquals(5, scenario.steps().getLast().line());
    }

    @Test
    void shouldReadAttachingInAllItsForms() throws IOException {
        List<Step> steps = parse("attach a\nattach a to vfs_write = -EINVAL\nattach a as b\nattach a to f as b # c\n")
                .steps();

        assertEquals(new Step.Attach(1, 0, "a", null, "a", null), steps.get(0));
        assertEquals("vfs_write", assertInstanceOf(Step.Attach.class, steps.get(1)).target());
        assertEquals(new Step.Attach(3, 0, "a", null, "b", null), steps.get(2));
        assertEquals(new Step.Attach(4, 0, "a", "f", "b", null), steps.get(3));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"hello; 1:1: no such directive: hello",
        "p1 close(3); 1:1: no such directive: p1",
        "p1: 5; 1:5: a system call's name expected", "p1: close(3; 1:12: ')' expected before the end of the line",
        "p1: close(3) = x; 1:16: a number expected", "p1: close(3) = 0 0; 1:18: nothing more expected on this line",
        "clauses: SYS-9; 1:10: a clause such as SYS-4 expected",
        "clauses: x; 1:11: '-' expected before the end of the line",
        "reading WR-1=NEVER; 1:1: WR-1 leaves no such choice",
        "'detach a\nreading WR-1=DATA_WRITTEN'; 2:1: readings are chosen before anything is done",
        "'\n\nexpect luck'; 3:8: no such expectation: luck",
        "expect no luck; 1:11: decide or verify expected, not luck",
        "'program a verify\nexit'; 1:1: a program without its end",
        "program a perhaps; 1:11: decide or verify expected, not perhaps",
        "file /data = zeros(1); 1:6: a value expected, not '/'", "map m = 1; 1:7: '[' expected",
        "disk big; 1:6: a number expected",
        "load; 1:5: a file's name expected", "? x; 1:1: a directive or a task's name expected",
        "task p1 uid; 1:12: '=' expected before the end of the line"})
    void shouldSayWhereALineIsWrong(String text, String message) {
        InputException problem = assertThrows(InputException.class, () -> parse(text));

        assertEquals("s:" + message, problem.getMessage());
    }

    @Test
    void shouldTakeEveryLineThatARunPrintsOfItsCalls() throws IOException {
        for (String line : List.of("p1: openat(AT_FDCWD, \"/a\\n\\x01\", O_WRONLY|O_CREAT, 0644) = 3",
                "p1: writev(0, [{iov_base=\"Lorem\", iov_len=5}], 1) = -1 EINVAL", "p1: pipe2([0, 1], O_CLOEXEC) = 0",
                "p1: read(0, _, 100) = ? (waits)", "p1: get_compression_stats(0, [80], NULL) = -1 EFAULT")) {
            assertTrue(parse(line).steps().getFirst() instanceof Step.Invoke, line);
        }
    }
}
