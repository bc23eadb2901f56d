package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfz.loader.BtfFiles;
import org.bpfz.spec.peer.KernelSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few files of the kernel's own tests, built and run by the command. */
class SelftestCommandTest {
    private static final String FILES = "verifier_(and|bitfield_write)";

    @Test
    void theKernelsTestsAreAsExpected(@TempDir Path folder) throws IOException {
        assumeTrue(KernelSource.find().isPresent(), KernelSource.MISSING);
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/clang-19")), "no clang-19 here: apt-get install clang-19");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/bpftool")), "no bpftool here: apt-get install bpftool");
        assumeTrue(Files.isReadable(BtfFiles.LIVE_KERNEL), "the running kernel has no types");
        Path table = folder.resolve("table.md");
        CommandRun run = CommandRun.of("selftest", "--kernel-source", "--only", FILES, "--kernel-btf",
                BtfFiles.LIVE_KERNEL.toString(), "--markdown", table.toString(), "--json");
        JsonObject answer = JsonParser.parseString(run.out()).getAsJsonObject();
        for (JsonElement each : answer.getAsJsonArray("results")) {
            assertEquals("passed", each.getAsJsonObject().get("result").getAsString(), each::toString);
        }
        assertEquals(ExitCode.OK, run.code(), run.err());
        assertTrue(answer.get("passed").getAsInt() >= 9, run.out());
        assertTrue(answer.get("run").getAsInt() >= 5, run.out());
        String text = Files.readString(table);
        assertTrue(text.contains("| verifier_bitfield_write.bpf.o | 4 | 0 | 0 | 0 | 0 | 0 | 0 | 4 |"), text);
        assertFalse(text.contains(folder.toString()), text);
    }

    @Test
    void aChoiceOfFilesIsOfTheKernelsOwn() {
        CommandRun run = CommandRun.of("selftest", "--only", "verifier_and");
        assertEquals(ExitCode.UNUSABLE, run.code());
        assertTrue(run.err().contains("--kernel-source"), run.err());
    }
}
