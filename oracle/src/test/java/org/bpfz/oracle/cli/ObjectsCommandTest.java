package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectsCommandTest {
    @TempDir
    private Path folder;

    private String copy(String... objects) throws IOException {
        for (String object : objects) {
            Path source = Path.of("..", object);
            Files.copy(source, folder.resolve(source.getFileName()));
        }
        return folder.toString();
    }

    private String table(String rows) throws IOException {
        return Files.writeString(folder.resolve("table.txt"), rows).toString();
    }

    @Test
    void whatIsExpectedIsRunOnEachEngine() throws IOException {
        String objects = copy("examples/tracing/limits.bpf.o", "loader/src/test/objects/kernel_before.bpf.o",
                "loader/src/test/objects/asks.bpf.o", "loader/src/test/objects/big.bpf.o");
        CommandRun run = CommandRun.of("objects", objects, "--expect", table("""
                # A packet of no length is too short, unless the limits say otherwise.
                limits.bpf.o  limits  returns 0  .data=ff00000000000000
                asks.bpf.o    moved   loads      types=kernel_before.bpf.o
                big.bpf.o     -       refused
                """));
        assertTrue(run.out().contains("  limits                           ran         returns 0\n"), run.out());
        assertTrue(run.out().contains("  moved                            loaded "), run.out());
        assertTrue(run.out().contains("  -                                refused     a big-endian object"), run.out());
        assertEquals(ExitCode.OK, run.code(), run.out() + run.err());
    }

    @Test
    void whatIsNotExpectedIsSaid() throws IOException {
        String objects = copy("examples/tracing/limits.bpf.o", "examples/bad_store.bpf.o");
        String expected = table("limits.bpf.o limits returns 5\nbad_store.bpf.o * loads\n");
        CommandRun run = CommandRun.of("objects", objects, "--expect", expected, "--json");
        assertEquals(ExitCode.NO, run.code());
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals(2, document.get("objects").getAsInt());
        assertTrue(document.get("unexpected").getAsInt() >= 2, run.out());
        assertTrue(run.out().contains("returns 1; expected: returns 5"), run.out());
        assertTrue(run.out().contains("expected: is loaded"), run.out());
    }

    @Test
    void aRowThatIsNoneIsNamed() throws IOException {
        String objects = copy("examples/tracing/limits.bpf.o");
        CommandRun run = CommandRun.of("objects", objects, "--expect", table("# fine\nlimits.bpf.o limits returns\n"));
        assertEquals(ExitCode.UNUSABLE, run.code());
        assertTrue(run.err().contains("table.txt:2: returns what?"), run.err());
        assertEquals(ExitCode.UNUSABLE, CommandRun.of("objects", folder.resolve("nothing").toString()).code());
    }

    /** The table that comes with bpfz is well-formed, and of no use for other objects. */
    @Test
    void objectsOfWhichNothingIsExpectedAreLoaded() throws IOException {
        CommandRun run = CommandRun.of("objects", copy("examples/tracing/limits.bpf.o"));
        assertEquals(ExitCode.OK, run.code(), run.err());
        assertTrue(run.out().endsWith("1 objects, 1 rows: 0 ran, 0 refused, 1 loaded, 0 not loaded, 0 unexpected\n"),
                run.out());
    }
}
