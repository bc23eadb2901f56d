package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings written by hand: what is learned, what is put in another order, and what is told as a difference. */
class ReplayCommandTest {
    private static final String LZO = Path.of("..", "examples", "lzo.bpf.o").toAbsolutePath().normalize().toString();

    @TempDir
    Path folder;

    private CommandRun replay(String... lines) throws IOException {
        Path log = Files.writeString(folder.resolve("log"), String.join("\n", lines) + "\n",
                StandardCharsets.ISO_8859_1);
        return CommandRun.of("replay", "--json", "--strace", log.toString(), LZO);
    }

    private static JsonObject document(CommandRun run) {
        assertTrue(run.code() == ExitCode.OK || run.code() == ExitCode.NO, run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private void assertHolds(String... lines) throws IOException {
        CommandRun run = replay(lines);
        assertEquals("[]", document(run).get("differences").toString());
        assertEquals("", run.err());
        assertEquals(ExitCode.OK, run.code());
    }

    private void assertDiffersInLine(int line, String... lines) throws IOException {
        CommandRun run = replay(lines);
        assertEquals(line, document(run).getAsJsonArray("differences").get(0).getAsJsonObject().get("line").getAsInt());
        assertEquals(ExitCode.NO, run.code());
    }

    @Test
    void shouldCountWhatWasWrittenByFile() throws IOException {
        CommandRun run = replay("openat(AT_FDCWD, \"a\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 3",
                "write(3, \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", 60) = 60",
                "write(3, \"bc\", 2) = 2", "close(3) = 0", "rename(\"a\", \"b\") = 0",
                "openat(AT_FDCWD, \"c\", O_RDWR|O_CREAT|O_EXCL, 0600) = 3", "unlink(\"c\") = 0");

        JsonObject document = document(run);
        JsonObject file = document.getAsJsonArray("files").get(0).getAsJsonObject();
        assertEquals("b", file.get("path").getAsString());
        assertEquals(62, file.get("written").getAsLong());
        assertTrue(file.get("after").getAsLong() < 62, file.toString());
        assertEquals(true, document.getAsJsonArray("files").get(1).getAsJsonObject().get("removed").getAsBoolean());
        assertEquals(7, document.getAsJsonObject("calls").get("equal").getAsLong());
    }

    @Test
    void shouldLearnSizesAndFoldersFromWhatTheRecordingSaw() throws IOException {
        assertHolds("openat(AT_FDCWD, \"/etc/x/y\", O_RDONLY|O_CLOEXEC) = 3",
                "newfstatat(3, \"\", {st_mode=S_IFREG|0640, st_size=5000, ...}, AT_EMPTY_PATH) = 0",
                "read(3, \"\\x61\"..., 4096) = 4096", "read(3, \"\\x61\"..., 4096) = 904", "read(3, \"\", 4096) = 0",
                "lseek(3, 0, SEEK_END) = 5000", "close(3) = 0",
                "openat(AT_FDCWD, \"/etc/z\", O_RDONLY) = 3", "read(3, \"\\x61\"..., 100) = 100",
                "read(3, \"\\x61\\x62\", 100) = 2", "read(3, \"\", 100) = 0",
                "fstat(3, {st_mode=S_IFREG|0644, st_size=102, ...}) = 0",
                "stat(\"/etc/x\", {st_mode=S_IFDIR|0700, st_size=4096, ...}) = 0",
                "mkdir(\"/etc/x\", 0777) = -1 EEXIST (File exists)",
                "lstat(\"/etc/l\", {st_mode=S_IFLNK|0777, st_size=7, ...}) = 0", "open(\"/etc/l\", O_RDONLY) = 4");
    }

    /** Once the size is known, it is known: a read that goes beyond is a difference. */
    @Test
    void shouldNotLearnTwice() throws IOException {
        assertDiffersInLine(3, "openat(AT_FDCWD, \"/etc/y\", O_RDONLY) = 3",
                "fstat(3, {st_mode=S_IFREG|0640, st_size=50, ...}) = 0", "read(3, \"\\x61\"..., 4096) = 51");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "write(3, \"abc\", 3) = 2", "lseek(3, 0, SEEK_CUR) = 3", "close(4) = 0", "unlink(\"b\") = -1 EACCES",
        "openat(AT_FDCWD, \"a\", O_RDONLY) = 5", "openat(AT_FDCWD, \"a\", O_RDONLY|O_DIRECTORY) = 4",
        "ftruncate(3, 5) = -1 EINVAL (Invalid argument)",
        "fstat(3, {st_mode=S_IFREG|0644, st_size=1, ...}) = 0", "fstat(3, {st_mode=S_IFREG|0600, st_size=0, ...}) = 0",
        "openat(AT_FDCWD, \"a\", O_RDONLY|O_CREAT|O_EXCL) = 4",
        "openat(AT_FDCWD, \"a\", O_RDONLY) = -1 ENOENT (No such file or directory)",
        "fcntl(3, F_GETFL) = 0x8000 (flags O_RDONLY|O_LARGEFILE)"})
    void shouldTellWhatTheModelWouldNotDo(String line) throws IOException {
        assertDiffersInLine(7, "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) = 0x7f0000000000", "close(0) = 0",
                "openat(AT_FDCWD, \"a\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 0", "dup2(0, 3) = 3", "dup(3) = 4",
                "close(4) = 0", line.replace("\"b\"", "\"a\""));
    }

    /** What others than the recorded tasks did to a file is no fault of the model. */
    @Test
    void shouldFollowChangesByOthers() throws IOException {
        CommandRun run = replay("stat(\"/etc/x\", {st_mode=S_IFREG|0700, st_size=96, ...}) = 0",
                "stat(\"/etc/x\", 0x7ff0) = -1 ENOENT (No such file or directory)",
                "stat(\"/etc/x\", 0x7ff0) = -1 ENOENT (No such file or directory)");

        assertEquals(1, document(run).get("changed_by_others").getAsLong());
        assertEquals(ExitCode.OK, run.code());
    }

    /** The reader takes what is in the pipe and the first page of a write that waits; the write then goes on and returns before it. */
    @Test
    void shouldLetAReaderTakeTheBeginningOfAWriteThatWaits() throws IOException {
        String block = "\\x61".repeat(10240);
        List<String> lines = new ArrayList<>(
                List.of("10 pipe2([3, 4], 0) = 0", "10 clone(child_stack=NULL, flags=SIGCHLD) = 11"));
        for (int i = 0; i < 6; i++) {
            lines.add("10 write(4, \"" + block + "\", 10240) = 10240");
        }
        lines.addAll(List.of("10 write(4, \"" + block + "\", 10240 <unfinished ...>", "11 read(3,  <unfinished ...>",
                "10 <... write resumed>) = 10240",
                "11 <... read resumed>\"" + "\\x61".repeat(65536) + "\", 65536) = 65536",
                "11 read(3, \"" + "\\x61".repeat(6144) + "\", 65536) = 6144", "10 exit_group(0) = ?",
                "10 +++ exited with 0 +++"));
        assertHolds(lines.toArray(String[]::new));
    }

    /** The write returns first, but what the read returns was there before it. */
    @Test
    void shouldLetAReadComeBeforeTheWriteThatReturnsWhileItIsUnderWay() throws IOException {
        assertHolds("10 pipe2([3, 4], 0) = 0", "10 clone(child_stack=NULL, flags=SIGCHLD) = 11",
                "10 write(4, \"\\x61\\x62\", 2) = 2", "11 read(3,  <unfinished ...>", "10 write(4, \"\\x63\", 1) = 1",
                "11 <... read resumed>\"\\x61\\x62\", 100) = 2", "11 read(3, \"\\x63\", 100) = 1",
                "10 exit_group(0) = ?",
                "10 +++ exited with 0 +++");
    }

    @Test
    void shouldPutOverlappingCallsInAnOrderThatExplainsThem() throws IOException {
        String block = "\\x61".repeat(65536);
        assertHolds("10 pipe2([3, 4], 0) = 0", "10 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>",
                "11 close(4) = 0", "11 read(3,  <unfinished ...>", "10 <... clone resumed>) = 11",
                "10 write(4, \"" + block + block + "\", 131072 <unfinished ...>",
                "11 <... read resumed>\"" + block + "\", 65536) = 65536",
                "11 read(3, \"" + block + "\", 100000) = 65536",
                "10 <... write resumed>) = 131072", "10 write(4, \"" + block + "\", 65536) = 65536",
                "11 read(3,  <unfinished ...>", "10 write(4, \"" + block + "\", 65536) = 65536",
                "11 <... read resumed>\"" + block + "\", 65536) = 65536", "10 exit_group(0) = ?",
                "11 read(3, \"" + block + "\", 65536) = 65536", "11 read(3, \"\", 65536) = 0",
                "11 exit_group(0) = ?", "11 +++ exited with 0 +++");
    }

    @Test
    void shouldCountCallsOutsideOfTheModelByName() throws IOException {
        JsonObject outside = document(replay("socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3",
                "write(3, \"abc\", 3) = 3", "dup(3) = 4", "brk(NULL) = 0x1000", "brk(NULL) = 0x1000",
                "openat(AT_FDCWD, \"/proc/self/maps\", O_RDONLY) = 5", "read(5, \"x\"..., 100) = 80",
                "execve(\"a\", [], 0x7 /* 1 vars */) = 0",
                "openat(AT_FDCWD, \"x\", O_RDONLY|O_CREAT, 0600) = 3")).getAsJsonObject("outside");

        assertEquals("{\"socket\":1,\"write\":1,\"brk\":2,\"openat\":1,\"read\":1}",
                sorted(outside, "socket", "write", "brk", "openat", "read"));
    }

    private static String sorted(JsonObject object, String... names) {
        JsonObject copy = new JsonObject();
        for (String name : names) {
            JsonElement value = object.get(name);
            copy.add(name, value);
        }
        assertEquals(object.size(), copy.size(), object.toString());
        return copy.toString();
    }

    @Test
    void shouldSayThatDataIsMissing() throws IOException {
        CommandRun run = replay("creat(\"a\", 0644) = 3", "write(3, \"abc\"..., 100) = 100");

        assertEquals(ExitCode.UNUSABLE, run.code());
        assertTrue(run.err().contains("log:2: the data of a write was cut by strace: record with -s"), run.err());
        assertEquals(1, run.complaints().size());
    }

    /** Data that no program looks at may be missing. */
    @Test
    void shouldNotNeedDataOfFilesThatAreNotUnderVerification() throws IOException {
        assertHolds("pipe2([3, 4], 0) = 0", "write(4, \"abc\"..., 100) = 100", "read(3, \"abc\"..., 200) = 100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "\u0000\u0001"})
    void shouldRefuseWhatIsNoRecording(String text) throws IOException {
        CommandRun run = replay(text);

        assertEquals(ExitCode.UNUSABLE, run.code());
        assertEquals(1, run.complaints().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1:2:3", "-1", ""})
    void shouldRefuseAUserThatIsNone(String user) throws IOException {
        Path log = Files.writeString(folder.resolve("log"), "brk(NULL) = 0x1000\n");
        CommandRun run = CommandRun.of("replay", "--strace", log.toString(), "--user", user, LZO);

        assertEquals(ExitCode.UNUSABLE, run.code());
    }

    /** Whatever is in a recording, the answer is a document or one line. */
    @Test
    void shouldSurviveDamagedRecordings() throws IOException {
        String log = """
                10 openat(AT_FDCWD, "/a/b", O_RDWR|O_CREAT, 0644) = 3
                10 pipe2([4, 5], O_CLOEXEC) = 0
                10 clone(child_stack=NULL, flags=CLONE_FS|SIGCHLD) = 11
                11 write(3, "abcabc", 6 <unfinished ...>
                10 readv(4, [{iov_base="a", iov_len=1}], 1) = 1
                11 <... write resumed>) = 6
                11 fstat(3, {st_mode=S_IFREG|0644, st_size=6, ...}) = 0
                10 rename("/a/b", "/c") = 0
                10 lseek(3, -3, SEEK_END) = 3
                11 fcntl(3, F_DUPFD, 9) = 9
                11 close_range(3, 4294967295, 0) = 0
                10 mmap(NULL, 9, PROT_WRITE, MAP_SHARED, 3, 0) = 0x7f00
                11 execve("x", ["y"], 0x7 /* 2 vars */) = 0
                10 unlinkat(AT_FDCWD, "/c", 0) = 0
                11 +++ killed by SIGKILL +++
                10 exit_group(1) = ?
                """;
        Random random = new Random(7);
        for (int i = 0; i < 3000; i++) {
            StringBuilder damaged = new StringBuilder(log);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                int at = random.nextInt(damaged.length());
                switch (random.nextInt(4)) {
                    case 0 -> damaged.setCharAt(at, (char) random.nextInt(256));
                    case 1 -> damaged.setCharAt(at, "0123456789-|,\"{}[]() "
                            .charAt(random.nextInt(21)));
                    case 2 -> damaged.delete(at, Math.min(damaged.length(), at + 1 + random.nextInt(20)));
                    default -> damaged.insert(at, log, random.nextInt(log.length() / 2), log.length() / 2);
                }
            }
            CommandRun run = replay(damaged.toString());
            String said = damaged + run.err();
            assertTrue(run.code() == ExitCode.OK || run.code() == ExitCode.NO
                    || (run.code() == ExitCode.UNUSABLE && run.complaints().size() == 1), said);
            assertTrue(!run.err().contains("defect"), said);
        }
    }
}
