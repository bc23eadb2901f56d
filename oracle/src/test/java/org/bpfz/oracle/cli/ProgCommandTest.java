package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs and maps from one command to the next, in bpftool's words. */
class ProgCommandTest {
    private static final String LIMITS = Path.of("..", "examples", "tracing", "limits.bpf.o").toString();
    private static final String PIN = "/sys/fs/bpf/limits";

    @TempDir
    private Path folder;

    private String state = "";

    @BeforeEach
    void place() {
        state = folder.resolve("state").toString();
    }

    private CommandRun run(String... words) {
        return CommandRun.of(Stream.concat(Arrays.stream(words), Stream.of("--state", state)).toArray(String[]::new));
    }

    private String done(String... words) {
        CommandRun run = run(words);
        assertEquals(0, run.code(), run.err());
        return run.out();
    }

    @Test
    void aLoadedProgramIsShownWithItsMaps() {
        assertEquals("", done("prog", "load", LIMITS, PIN));
        List<String> shown = done("prog", "show", "-f").lines().toList();
        assertTrue(shown.get(0).matches("1: socket_filter  name limits  tag [0-9a-f]{16}  gpl"), shown.get(0));
        assertEquals("\txlated 120B  not jited  map_ids 1,2", shown.get(2));
        assertEquals("\tpinned " + PIN, shown.get(3));
        assertEquals("key: 00 00 00 00  value: dc 05 00 00 40 00 00 00\nFound 1 element\n",
                done("map", "dump", "name", "limits.data"));
        done("map", "update", "name", "limits.data", "key", "0", "0", "0", "0", "value", "hex", "01", "00", "00", "00",
                "02", "00", "00", "00");
        assertEquals("key: 00 00 00 00  value: 01 00 00 00 02 00 00 00\n",
                done("map", "lookup", "id", "1", "key", "0", "0", "0", "0"));
        done("prog", "pin", "name", "limits", PIN + "2");
        done("prog", "unpin", "pinned", PIN);
        assertEquals(1, JsonParser.parseString(done("prog", "show", "-j")).getAsJsonArray().size());
        done("prog", "unpin", "pinned", PIN + "2");
        assertEquals("", done("prog", "show"));
        assertEquals("", done("map", "show"));
    }

    @Test
    void instructionsAreDumpedWithTheirSource() {
        done("prog", "load", LIMITS, PIN);
        String text = done("prog", "dump", "xlated", "pinned", PIN);
        assertTrue(text.startsWith("int limits(struct __sk_buff * skb):\n; if (length < (u32)cfg.min"), text);
        assertTrue(text.contains("   0: (18) r2 = map[id:1][0]+0\n"), text);
        assertTrue(text.endsWith("  14: (95) exit\n"), text);
    }

    @Test
    void refusalsAreAnswersAndNoDefects() {
        CommandRun refused = run("prog", "load", Path.of("..", "examples", "bad_store.bpf.o").toString(), PIN);
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("invalid bpf_context access off=0 size=4\n"), refused.err());
        done("prog", "load", LIMITS, PIN);
        assertEquals(1, run("prog", "load", LIMITS, PIN).code());
        assertEquals(2, run("prog", "load", LIMITS, "/tmp/limits").code());
        assertEquals(2, run("prog", "show", "id", "77").code());
        assertEquals(2, run("prog", "dump", "jited", "id", "1").code());
        assertEquals(1, run("map", "delete", "id", "1", "key", "0", "0", "0", "0").code());
    }

    @Test
    void mapsAreMadeAndUsedByPrograms() {
        done("map", "create", "/sys/fs/bpf/h", "type", "hash", "key", "4", "value", "8", "entries", "2", "name", "h");
        for (int key = 1; key <= 2; key++) {
            done("map", "update", "pinned", "/sys/fs/bpf/h", "key", "" + key, "0", "0", "0", "value", "1", "0", "0",
                    "0",
                    "0", "0", "0", "0");
        }
        CommandRun full = run("map", "update", "name", "h", "key", "3", "0", "0", "0", "value", "1", "0", "0", "0", "0",
                "0", "0", "0");
        assertEquals(1, full.code());
        assertTrue(full.err().contains("E2BIG"), full.err());
        done("map", "pin", "name", "h", "/sys/fs/bpf/h2");
        done("map", "freeze", "pinned", "/sys/fs/bpf/h2");
        assertEquals(1, run("map", "delete", "pinned", "/sys/fs/bpf/h", "key", "1", "0", "0", "0").code());
        assertEquals(1, run("map", "create", "/sys/fs/bpf/r", "type", "ringbuf", "key", "0", "value", "0", "entries",
                "5", "name", "r").code());
        done("map", "create", "/sys/fs/bpf/c", "type", "array", "key", "4", "value", "8", "entries", "1", "name",
                "limits.data", "flags", "0x400");
        done("prog", "load", LIMITS, PIN, "map", "name", "limits.data", "pinned", "/sys/fs/bpf/c");
        assertTrue(done("map", "dump", "pinned", "/sys/fs/bpf/c").contains("value: 00 00 00 00 00 00 00 00"));
    }

    /** bpftool on the machine's kernel prints the same but for what a kernel's JIT and memory accounting add. Nothing is attached. */
    @Test
    void bpftoolPrintsTheSameShape() throws IOException, InterruptedException {
        Path pin = Path.of("/sys/fs/bpf/bpfz-shape-" + ProcessHandle.current().pid());
        boolean loaded = Files.isExecutable(Path.of("/usr/sbin/bpftool"))
                && bpftool("prog", "load", LIMITS, pin.toString()).isEmpty() && Files.exists(pin);
        if (!loaded) {
            System.out.println("skipped: ProgCommandTest: bpftool can not load a program here");
        }
        Assumptions.assumeTrue(loaded);
        try {
            done("prog", "load", LIMITS, PIN);
            JsonObject theirs = JsonParser.parseString(bpftool("-j", "prog", "show", "pinned", pin.toString()))
                    .getAsJsonObject();
            JsonObject ours = JsonParser.parseString(done("prog", "show", "pinned", PIN, "-j")).getAsJsonObject();
            TreeSet<String> missing = new TreeSet<>(theirs.keySet());
            missing.removeAll(ours.keySet());
            assertEquals(List.of("btf_id", "bytes_jited", "bytes_memlock"), List.copyOf(missing));
            assertTrue(theirs.keySet().containsAll(ours.keySet()));
            for (String same : List.of("type", "name", "gpl_compatible", "uid", "bytes_xlated")) {
                assertEquals(theirs.get(same), ours.get(same), same);
            }
            JsonArray dumped = JsonParser
                    .parseString(bpftool("-j", "prog", "dump", "xlated", "pinned", pin.toString(), "opcodes"))
                    .getAsJsonArray();
            JsonArray modelled = JsonParser
                    .parseString(done("prog", "dump", "xlated", "pinned", PIN, "opcodes", "-j")).getAsJsonArray();
            assertEquals(dumped.size(), modelled.size());
            for (int i = 0; i < dumped.size(); i++) {
                JsonObject real = dumped.get(i).getAsJsonObject();
                JsonObject model = modelled.get(i).getAsJsonObject();
                assertEquals(real.keySet(), model.keySet());
                assertEquals(real.get("src"), model.get("src"));
                boolean rewritten = real.get("disasm").getAsString().contains("map[id:") || i == 1;
                assertTrue(rewritten || real.equals(model), real + " and " + model);
            }
        } finally {
            Files.delete(pin);
        }
    }

    private static String bpftool(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                Stream.concat(Stream.of("/usr/sbin/bpftool"), Arrays.stream(words)).toList())
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
