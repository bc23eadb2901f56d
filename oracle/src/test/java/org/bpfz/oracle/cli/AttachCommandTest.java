package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of the seeds from end to end: both halves, as commands. */
class AttachCommandTest {
    private static final String PINS = "/sys/fs/bpf/iofilter";
    private static final String PIPE = """
               memcpy_kprobe-24908 [005] d... 151374.866218: : memcpy size 2
               memcpy_kprobe-24908 [005] d... 151374.866221: : memcpy size 13
               memcpy_kprobe-24908 [005] d... 151374.866224: : memcpy size 1
               memcpy_kprobe-24908 [005] d... 151374.866226: : memcpy size 2000
               memcpy_kprobe-24908 [005] d... 151374.866229: : memcpy size 1024
            """;
    private static final String IO = """
              8,0    3        1     0.000000000   697  Q   W 90 + 8 [kjournald]
              8,0    3        2     0.000001829   697  G   W 90 + 8 [kjournald]
              8,0    3        3     0.000002197   697  Q   W 96 + 8 [kjournald]
              8,0    3        4     0.000003197   697  Q   R 100 + 8 [dd]
              8,0    3        5     0.000004197   697  Q   W 90 + 64 [dd]
              8,16   3        6     0.000005197   697  Q   W 100 + 8 [dd]
              8,0    3        7     0.000006197   697  Q  WS 107 + 16 [dd]
            CPU3 (8,0):
             Writes Queued:           5,       52KiB
            """;

    @TempDir
    private Path folder;

    private String pipe = "";
    private String io = "";
    private String state = "";

    @BeforeEach
    void record() throws IOException {
        pipe = Files.writeString(folder.resolve("pipe"), PIPE).toString();
        io = Files.writeString(folder.resolve("io"), IO).toString();
        state = folder.resolve("state").toString();
    }

    private static String example(String name) {
        return Path.of("..", "examples", "tracing", name + ".bpf.o").toAbsolutePath().normalize().toString();
    }

    private static CommandRun ok(String... line) {
        CommandRun run = CommandRun.of(line);
        assertEquals(ExitCode.OK, run.code(), run.err());
        return run;
    }

    @Test
    void thePipeOfAnOldKernelReadsAsItWasRecorded() {
        CommandRun run = ok("attach", example("memcpy_kprobe"), "--kernel", "4.12", "--events", pipe, "--engine",
                "all");
        assertEquals("attached memcpy_kprobe (kprobe) to memcpy\n" + PIPE, run.out());
    }

    @Test
    void theHistogramIsOneShortInEachRow() {
        String out = ok("attach", example("memcpy_stat"), "--kernel", "4.12", "--events", pipe, "--histogram",
                "my_map", "--engine", "all").out();
        assertTrue(out.contains("\tSize\t\tCount\n   0\t\t\t0\n   1 -   64\t\t2\n  65 -  128\t\t0\n"), out);
        assertTrue(out.endsWith(" 961 - 1024*\t\t1\n* Size > 1024 have been counted in this interval\n"), out);
    }

    /** No types, maps as structs in a section of their own, a version: what libbpf has not taken since 1.0. */
    @Test
    void programsFromBeforeTypesDoTheSame() {
        CommandRun run = ok("attach", example("memcpy_kprobe_legacy"), "--kernel", "4.12", "--events", pipe, "--engine",
                "all");
        assertEquals("attached memcpy_kprobe_legacy (kprobe) to memcpy\n" + PIPE, run.out());
        String table = ok("attach", example("memcpy_stat_legacy"), "--kernel", "4.12", "--events", pipe,
                "--histogram", "my_map", "--engine", "all").out();
        String modern = ok("attach", example("memcpy_stat"), "--kernel", "4.12", "--events", pipe, "--histogram",
                "my_map").out();
        assertEquals(modern.substring(modern.indexOf('\t')), table.substring(table.indexOf('\t')));
    }

    @Test
    void theCopiesOfAScenarioAreSeen() throws IOException {
        String scenario = Files.writeString(folder.resolve("copies.scenario"), """
                load %s
                attach lzo_decide
                attach lzo_verify
                task alice
                alice: fd = creat("/a", 0644)
                alice: write(fd, zeros(5000)) = 5000
                alice: fstat(fd, _)
                """.formatted(Path.of("..", "examples", "lzo.bpf.o").toAbsolutePath().normalize())).toString();
        String out = ok("attach", example("memcpy_kprobe"), "--kernel", "4.12", "--scenario", scenario, "--engine",
                "all").out();
        assertEquals(List.of("5000", "4096", "904", "144"), sizes(out));
        assertTrue(out.contains("           alice-"), out);
    }

    @Test
    void theCopiesOfARecordingAreSeen() throws IOException {
        String log = Files.writeString(folder.resolve("log"), """
                4711  openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3
                4711  read(3, "root:x:0:0"..., 8192) = 5000
                4711  mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f1234567000
                4711  write(1, "root", 4) = 4
                4711  write(9, "root", 4) = -1 EBADF (Bad file descriptor)
                """).toString();
        String out = ok("attach", example("memcpy_kprobe"), "--kernel", "4.12", "--strace", log, "--engine", "all")
                .out();
        assertEquals(List.of("4096", "904", "4"), sizes(out));
        assertTrue(out.contains("recorded-4711 "), out);
        CommandRun none = CommandRun.of("attach", example("memcpy_kprobe"), "--kernel", "4.12", "--strace", io);
        assertEquals(ExitCode.UNUSABLE, none.code());
        assertTrue(none.err().contains(io + ": no system call"), none.err());
    }

    private static List<String> sizes(String pipe) {
        return pipe.lines().filter(line -> line.contains("memcpy size"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1)).toList();
    }

    @Test
    void memcpyOfANewKernelCanNotBeProbed() {
        CommandRun run = CommandRun.of("attach", example("memcpy_stat"));
        assertEquals(ExitCode.NO, run.code());
        assertTrue(run.err().contains("'memcpy' of Linux 6.12 can not be probed (EINVAL)"), run.err());
    }

    @Test
    void anOldKernelHasNoTrampolines() {
        CommandRun run = CommandRun.of("attach", example("iofilter"), "--kernel", "4.12");
        assertEquals(ExitCode.NO, run.code());
    }

    /** Filters writes to sectors 100 to 109 of device 8:0. */
    private void filter() {
        ByteBuffer value = ByteBuffer.allocate(10 * 24 + 16).order(ByteOrder.LITTLE_ENDIAN);
        value.putLong(100).putLong(109).putInt(2);
        value.position(10 * 24).putLong(0).putInt(1);
        List<String> line = new ArrayList<>(List.of("map", "update", "pinned", PINS + "/iofilter_map", "key", "8", "0",
                "0", "0", "0", "0", "0", "0", "value", "hex"));
        line.addAll(List.of(HexFormat.ofDelimiter(" ").formatHex(value.array()).split(" ", -1)));
        line.addAll(List.of("--state", state));
        ok(line.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iofilter_fmod_ret", "iofilter_kprobe"})
    void chosenSectorsFailOnEitherWay(String program) {
        CommandRun first = ok("attach", example("iofilter"), "--prog", program, "--state", state, "--pin", PINS,
                "--events", io);
        assertTrue(first.out().endsWith("0 of 6 I/Os failed\n"), first.out());
        filter();
        // Found again by another command. The I/O of 64 sectors encloses the range, and passes for all that.
        CommandRun again = ok("attach", "--state", state, "--events", io, "--engine", "all");
        assertEquals("attached " + program + (program.endsWith("kprobe") ? " (kprobe)" : " (fmod_ret)")
                + " to should_fail_bio\n8,0 WRITE 96 + 8: EIO\n8,0 WRITE 107 + 16: EIO\n2 of 6 I/Os failed\n",
                again.out());
        assertTrue(ok("link", "show", "--state", state).out().contains("\tpinned " + PINS + "/" + program + "\n"));
        ok("link", "detach", "pinned", PINS + "/" + program, "--state", state);
        assertTrue(ok("attach", "--state", state, "--events", io).out().endsWith("0 of 6 I/Os failed\n"));
    }

    /** The mistake of the program that iofilter is written after: only the ends of an I/O are looked at. */
    @Test
    void whatEnclosesTheRangePasses() {
        String overlap = Path.of("..", "examples", "tracing", "overlap.blkparse").toString();
        ok("attach", example("iofilter"), "--state", state, "--pin", PINS);
        filter();
        String out = ok("attach", "--state", state, "--events", overlap, "--engine", "all").out();
        assertTrue(out.endsWith("""
                8,0 WRITE 96 + 8: EIO
                8,0 WRITE 100 + 8: EIO
                8,0 WRITE 107 + 16: EIO
                3 of 5 I/Os failed
                """), out);
        ok("map", "delete", "pinned", PINS + "/iofilter_map", "key", "8", "0", "0", "0", "0", "0", "0", "0", "--state",
                state);
        assertTrue(ok("attach", "--state", state, "--events", overlap).out().endsWith("0 of 5 I/Os failed\n"));
    }

    @Test
    void aPinnedMapIsChangedAsBpftoolDoes() {
        ok("attach", example("iofilter"), "--state", state, "--pin", PINS);
        filter();
        String map = ok("map", "show", "name", "iofilter_map", "--state", state).out();
        assertTrue(map.contains(": hash  name iofilter_map  flags 0x0\n\tkey 8B  value 256B  max_entries 16\n"), map);
        String dump = ok("map", "dump", "name", "iofilter_map", "--state", state).out();
        assertTrue(dump.startsWith("key:\n08 00 00 00 00 00 00 00\nvalue:\n64 00 00 00 00 00 00 00  6d 00 00"), dump);
        assertTrue(dump.endsWith("Found 1 element\n"), dump);
        String json = ok("map", "dump", "name", "iofilter_map", "--json", "--state", state).out();
        assertTrue(json.contains("\"0x08\""), json);
        ok("map", "delete", "name", "iofilter_map", "key", "8", "0", "0", "0", "0", "0", "0", "0", "--state", state);
        CommandRun twice = CommandRun.of("map", "delete", "name", "iofilter_map", "key", "8", "0", "0", "0", "0", "0",
                "0", "0", "--state", state);
        assertEquals(ExitCode.NO, twice.code());
        assertEquals("Error: delete failed: ENOENT\n", twice.err());
        CommandRun frozen = CommandRun.of("map", "update", "name", "iofilter.rodata", "key", "0", "0", "0", "0",
                "value", "1", "0", "0", "0", "--state", state);
        assertEquals("Error: update failed: EPERM\n", frozen.err());
    }

    @Test
    void whatAKernelLacksIsNamedByTypeAndField() {
        CommandRun run = CommandRun.of("attach", example("iofilter"), "--prog", "iofilter_kprobe", "--btf",
                Path.of("..", "loader", "src", "test", "objects", "kernel_after.bpf.o").toString());
        assertEquals(ExitCode.NO, run.code());
        assertTrue(run.err().contains("struct pt_regs.di"), run.err());
        assertFalse(run.err().contains("195896080"), run.err());
    }

    @Test
    void aLineThatIsNoEventIsNamed() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad"), "# fine\nnot a line\n");
        CommandRun run = CommandRun.of("attach", example("memcpy_kprobe"), "--kernel", "4.12", "--events",
                bad.toString());
        assertEquals(ExitCode.UNUSABLE, run.code());
        assertTrue(run.err().contains(bad + ":2: "), run.err());
    }
}
