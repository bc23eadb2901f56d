package org.bpfz.oracle.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.oracle.attach.Tracepoint.Field;
import org.junit.jupiter.api.Test;

/** The tables of tracepoints and system calls beside what the machine at hand has. */
class TracepointTablesTest {
    private static final Path EVENTS = Path.of(System.getProperty("bpfz.tracefs", "/sys/kernel/tracing"), "events");
    private static final Path NUMBERS = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
    private static final Pattern FIELD = Pattern
            .compile("\\tfield:.*?(\\w+)(?:\\[\\d+])?;\\toffset:(\\d+);\\tsize:(\\d+);.*");

    /** Other versions have more room for rwbs, which moves what is behind it. */
    private static final Set<String> MOVED = Set.of("rwbs", "comm");

    @Test
    void recordsLieAsTheKernelPrintsThem() throws IOException {
        assumeTrue(Files.isReadable(EVENTS.resolve("block/block_bio_queue/format")),
                "skipped: no tracefs at " + EVENTS + ", or no right to read it");
        for (String name : List.of("raw_syscalls/sys_enter", "raw_syscalls/sys_exit", "syscalls/sys_exit_write",
                "block/block_bio_queue", "block/block_bio_complete")) {
            Map<String, Field> theirs = new HashMap<>();
            for (String line : Files.readAllLines(EVENTS.resolve(name).resolve("format"))) {
                Matcher field = FIELD.matcher(line);
                if (field.matches()) {
                    theirs.put(field.group(1),
                            new Field(Integer.parseInt(field.group(2)), Integer.parseInt(field.group(3))));
                }
            }
            Tracepoint ours = KernelProfile.linux612().tracepoints().get(name);
            assertTrue(ours != null, name);
            ours.fields().forEach((field, place) -> {
                if (!MOVED.contains(field)) {
                    assertEquals(theirs.get(field), place, name + "." + field);
                }
            });
        }
    }

    @Test
    void numbersAreThoseOfTheHeader() throws IOException {
        assumeTrue(Files.isReadable(NUMBERS), "skipped: no " + NUMBERS);
        Map<String, Integer> theirs = new HashMap<>();
        for (String line : Files.readAllLines(NUMBERS)) {
            String[] cells = line.split("\\s+", -1);
            if (cells.length == 3 && cells[1].startsWith("__NR_")) {
                theirs.put(cells[1].substring("__NR_".length()), Integer.parseInt(cells[2]));
            }
        }
        for (String name : SystemCalls.names()) {
            assertEquals(theirs.get(name), SystemCalls.number(name), name);
        }
    }

    @Test
    void bothKernelsHaveACallsTracepoints() {
        for (KernelProfile profile : List.of(KernelProfile.linux412(), KernelProfile.linux612())) {
            for (String name : SystemCalls.names()) {
                assertTrue(profile.tracepoints().containsKey("syscalls/sys_enter_" + name), name);
                assertTrue(profile.tracepoints().containsKey("syscalls/sys_exit_" + name), name);
            }
        }
    }
}
