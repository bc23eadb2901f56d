package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfz.spec.live.LiveKernel;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyCommandTest {
    private static String example(String name) {
        return Path.of("..", "examples", name + ".bpf.o").toAbsolutePath().normalize().toString();
    }

    private static JsonObject firstRefused(String name) {
        JsonObject document = JsonParser.parseString(CommandRun.of("verify", "--json", example(name)).out())
                .getAsJsonObject();
        for (var program : document.getAsJsonArray("programs")) {
            if (program.getAsJsonObject().get("verdict").getAsString().equals("reject")) {
                return program.getAsJsonObject();
            }
        }
        throw new AssertionError("nothing of " + name + " is refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lzo", "policy", "rle", "entropy", "combined"})
    void acceptsTheExamples(String name) {
        CommandRun run = CommandRun.of("verify", example(name));
        assertEquals(ExitCode.OK, run.code(), run.out());
        assertTrue(run.out().contains(": accepted; "), run.out());
    }

    @Test
    void refusesAStoreToTheContext() {
        assertEquals(ExitCode.NO, CommandRun.of("verify", example("bad_store")).code());
        JsonObject refused = firstRefused("bad_store");
        assertEquals("EACCES", refused.get("errno").getAsString());
        assertTrue(refused.get("message").getAsString().startsWith("invalid bpf_context access off="),
                refused.toString());
        assertTrue(refused.get("line").getAsString().contains("bad_store.bpf.c:"), refused.toString());
    }

    @Test
    void refusesAReadPastTheEnd() {
        JsonObject refused = firstRefused("bad_bounds");
        assertEquals("EACCES", refused.get("errno").getAsString());
        assertTrue(refused.get("log").getAsString().contains(refused.get("message").getAsString()));
    }

    @Test
    void saysWhyAndWhatToTry() {
        CommandRun run = CommandRun.of("verify", "--log", "0", example("bad_store"));
        assertTrue(run.out().contains("  why: The context of this program type has no field at that place"), run.out());
        assertTrue(run.out().contains("  try: "), run.out());
        assertTrue(firstRefused("bad_store").get("try").getAsString().contains("docs/PROGRAM_TYPES.md"));
    }

    @Test
    void loadsWithTheGivenCapabilitiesOnly(@TempDir Path folder) throws Exception {
        // r0 = r10; exit: an address as the result, which only CAP_PERFMON may learn.
        Path leak = Files.write(folder.resolve("leak.bin"),
                new byte[]{(byte) 0xbf, (byte) 0xa0, 0, 0, 0, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0});
        assertEquals(ExitCode.OK, CommandRun.of("verify", "--raw", leak.toString()).code());
        CommandRun run = CommandRun.of("verify", "--raw", "--caps", "bpf", leak.toString());
        assertEquals(ExitCode.NO, run.code());
        assertTrue(run.out().contains("R0 leaks addr as return value"), run.out());
        assertEquals(ExitCode.UNUSABLE, CommandRun.of("verify", "--raw", "--caps", "fly", leak.toString()).code());
        CommandRun repeated = CommandRun.of("verify", "--raw", "--repeat", "3", leak.toString());
        assertTrue(repeated.out().contains(" M instructions/s"), repeated.out());
    }

    @Test
    void printsNoLogAtLevelZero() {
        assertEquals(1,
                CommandRun.of("verify", "--log", "0", "--prog", "lzo_verify", example("lzo")).out().lines().count());
    }

    @Test
    void saysWhichProgramsThereAreNot(@TempDir Path folder) throws Exception {
        assertEquals(ExitCode.UNUSABLE, CommandRun.of("verify", "--prog", "nothing", example("lzo")).code());
        Path noise = Files.write(folder.resolve("noise.o"), new byte[]{1, 2, 3});
        CommandRun run = CommandRun.of("verify", noise.toString());
        assertEquals(ExitCode.UNUSABLE, run.code());
        assertEquals(1, run.complaints().size(), run.err());
    }

    /** At level 4, of which both have the statistics and neither the instructions. */
    @Test
    void comparesItsTimeWithThisKernelsAtTheSameLevel(@TempDir Path folder) throws Exception {
        String missing = LiveKernel.unavailable();
        Assumptions.assumeTrue(missing == null, missing);
        Path program = folder.resolve("zero.bin");
        Files.write(program, new byte[]{(byte) 0xb7, 0, 0, 0, 0, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0});
        CommandRun run = CommandRun.of("verify", "--raw", program.toString(), "--repeat", "2", "--live");
        assertEquals(ExitCode.OK, run.code(), run.out());
        assertTrue(run.out().contains("this kernel: "), run.out());
        assertTrue(run.out().contains("stack depth 0"), run.out());
        assertFalse(run.out().contains("0: (b7) r0 = 0"), run.out());
        CommandRun traced = CommandRun.of("verify", "--raw", program.toString(), "--live", "--log", "2");
        assertTrue(traced.out().contains("0: (b7) r0 = 0"), traced.out());
    }
}
