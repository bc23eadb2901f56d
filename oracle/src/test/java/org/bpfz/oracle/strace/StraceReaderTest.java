package org.bpfz.oracle.strace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.strace.StraceEvent.Ended;
import org.bpfz.oracle.strace.StraceEvent.Entered;
import org.bpfz.oracle.strace.StraceEvent.Remark;
import org.bpfz.oracle.strace.StraceEvent.Returned;
import org.bpfz.oracle.strace.StraceEvent.Signalled;
import org.bpfz.oracle.syntax.LineReader;
import org.bpfz.oracle.syntax.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StraceReaderTest {
    private static List<StraceEvent> read(String... lines) throws IOException {
        List<StraceEvent> events = new ArrayList<>();
        try (StraceReader reader = new StraceReader(LineReader.of(Path.of("log"), String.join("\n", lines) + "\n"))) {
            for (StraceEvent event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
        }
        return events;
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"close(3) = 0; 0", "1234  close(3) = 0; 1234", "1234<tar> close(3) = 0; 1234",
        "12:00:01 close(3) = 0; 0", "1234  12:00:01.123456 close(3) = 0; 1234", "7 1700000000.123456 close(3) = 0; 7",
        "'     0.000123 close(3) = 0'; 0", "1234 [   3] close(3) = 0; 1234",
        "1234 12:00:01 [  3] [00007f0011223344] close(3)     = 0 <0.000010>; 1234"})
    void shouldReadACallBehindWhateverStracePutsBefore(String line, int pid) throws IOException {
        Returned returned = assertInstanceOf(Returned.class, read(line).getFirst());

        assertEquals(pid, returned.pid());
        assertEquals("close", returned.call().name());
        assertEquals(0, Objects.requireNonNull(returned.call().result()).value());
    }

    @Test
    void shouldJoinTheHalvesOfAnInterruptedCall() throws IOException {
        List<StraceEvent> events = read("10 read(3,  <unfinished ...>", "11 write(4, \"\\x61\", 1 <unfinished ...>",
                "10 <... read resumed>\"\\x61\", 4096) = 1", "11 <... write resumed>) = 1");

        assertEquals(2, assertInstanceOf(Entered.class, events.get(1)).line());
        assertEquals(3, assertInstanceOf(Entered.class, events.get(1)).call().arguments().size());
        Returned read = assertInstanceOf(Returned.class, events.get(2));
        assertEquals(List.of(10, 3, 1), List.of(read.pid(), read.line(), read.enteredAt()));
        assertEquals("a", assertInstanceOf(Value.Text.class, read.call().argument(1)).latin1());
        assertEquals(4, assertInstanceOf(Returned.class, events.get(3)).line());
    }

    @Test
    void shouldReadSignalsAndEnds() throws IOException {
        List<StraceEvent> events = read("10 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---",
                "10 exit_group(0)                     = ?", "10 +++ exited with 0 +++",
                "11 exit_group(0 <unfinished ...>) = ?", "11 +++ killed by SIGSEGV (core dumped) +++");

        assertEquals("SIGCHLD", assertInstanceOf(Signalled.class, events.get(0)).signal());
        assertEquals(true,
                Objects.requireNonNull(assertInstanceOf(Returned.class, events.get(1)).call().result()).unknown());
        assertEquals("exited with 0", assertInstanceOf(Ended.class, events.get(2)).how());
        assertEquals("exit_group", assertInstanceOf(Returned.class, events.get(3)).call().name());
        assertEquals("killed by SIGSEGV (core dumped)", assertInstanceOf(Ended.class, events.get(4)).how());
    }

    /** What strace 6.1 -f wrote to the terminal for {@code sh -c 'ls | wc'}, shortened. */
    @Test
    void shouldUnderstandTheTerminalFormWithItsInterruptedLines() throws IOException {
        List<StraceEvent> events = read("pipe2([3, 4], 0) = 0", "clone(child_stack=NULL, flags=SIGCHLD) = 21",
                "strace: Process 21 attached",
                "[pid    20] clone(child_stack=NULL, flags=SIGCHLDstrace: Process 22 attached",
                " <unfinished ...>", "[pid    21] close(3 <unfinished ...>",
                "[pid    20] <... clone resumed>, child_tidptr=0x7fa10) = 22", "[pid    21] <... close resumed>) = 0",
                "[pid    21] +++ exited with 0 +++", "[pid    20] close(4)                    = 0",
                "[pid    22] +++ exited with 0 +++", "close(3) = 0");

        assertEquals(
                List.of("pipe2 0", "clone 0", "clone 0", "close 21", "close 0", "close 0"), events.stream()
                        .<String>mapMulti((event, sink) -> {
                            if (event instanceof Returned returned) {
                                sink.accept(returned.call().name() + " " + returned.pid());
                            }
                        }).toList());
        assertEquals(5, assertInstanceOf(Returned.class, events.get(5)).enteredAt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "10 <... read resumed>) = 0", "10 close(3", "10 close(3)",
        "[pid x] close(3) = 0",
        "99999999999 close(3) = 0", "10 ???( <unfinished ...>"})
    void shouldSayWhichLineIsNotStraces(String line) throws IOException {
        assertEquals(1, assertInstanceOf(Remark.class, read(line).getFirst()).line());
    }

    @Test
    void shouldRefuseALineThatWouldFillTheMemory() {
        InputException problem = assertThrows(InputException.class,
                () -> read("close(3) = 0", "write(3, \"" + "\\x00".repeat(17_000_000)));

        assertEquals("log:2: a line longer than 67108864 bytes", problem.getMessage());
    }
}
