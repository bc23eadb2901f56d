package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffCommandTest {
    private static JsonObject json(CommandRun run) {
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    @Test
    void shardsAddUpToTheWhole(@TempDir Path folder) {
        String[] common = {"diff", "--seed", "3", "--programs", "60", "--engines", "spec,interpreter", "--json"};
        CommandRun whole = CommandRun.of(common);
        assertEquals(0, whole.code(), whole.out() + whole.err());
        for (int i = 0; i < 2; i++) {
            CommandRun part = CommandRun.of("diff", "--seed", "3", "--programs", "60", "--engines", "spec,interpreter",
                    "--shard", i + "/2", "--out", folder.resolve(String.valueOf(i)).toString());
            assertEquals(0, part.code(), part.out());
            assertTrue(part.out().startsWith("seed 3, 30 programs\n"), part.out());
        }
        CommandRun merged = CommandRun.of("merge", folder.resolve("0").toString(), folder.resolve("1").toString(),
                "--json");
        assertEquals(0, merged.code());
        JsonObject expected = json(whole).getAsJsonObject("counts");
        expected.addProperty("campaign of engines", 2);
        assertEquals(expected, json(merged).getAsJsonObject("counts"));
    }

    @Test
    void argumentsThatCanNotBeUsedAreNamed(@TempDir Path folder) {
        assertEquals(List.of("bpfz diff: --shard 2/2: I/N is meant, with I from 0 to N - 1"),
                CommandRun.of("diff", "--shard", "2/2").complaints());
        assertEquals(List.of("bpfz diff: --against moon: live, kernel or kernel:BZIMAGE is meant"),
                CommandRun.of("diff", "--against", "moon").complaints());
        assertEquals(List.of("bpfz diff: --objects are compared with a kernel: say --against kernel too"),
                CommandRun.of("diff", "--objects", folder.toString()).complaints());
        CommandRun merge = CommandRun.of("merge", folder.toString());
        assertEquals(2, merge.code());
        assertEquals(List.of("bpfz merge: " + folder + ": no folder of bpfz diff --out: it has no tally.json"),
                merge.complaints());
    }

    @Test
    void anEngineThatThereIsNotIsUnavailable() {
        assertEquals(3, CommandRun.of("diff", "--engines", "spec,abacus").code());
    }
}
