package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CoreRelocationsCommandTest {
    private static String object(String name) {
        return Path.of("..", "loader", "src", "test", "objects", name + ".bpf.o").toAbsolutePath().normalize()
                .toString();
    }

    @Test
    void printsWhatIsAskedWhatIsFoundAndWhatIsWritten() {
        CommandRun run = CommandRun.of("core-relo", object("asks"), "--btf", object("kernel_after"));
        assertEquals(ExitCode.OK, run.code(), run.err());
        assertTrue(run.out().contains("moved insn #0: <byte_off> [2] struct thing.moved (0:0 @ offset 0)"), run.out());
        assertTrue(run.out().contains("struct thing.moved (0:1:0:1 @ offset 10), chosen"), run.out());
        assertTrue(run.out().contains("patched insn #0 (LDX/ST/STX) off 0 -> 10"), run.out());
        assertTrue(run.out().endsWith("23 relocations, 2 of them poisoned, 0 not carried out\n"), run.out());
    }

    @Test
    void saysNoWhereTheKernelsTypesAreMissing() {
        CommandRun run = CommandRun.of("core-relo", object("asks"), "--json");
        assertEquals(ExitCode.NO, run.code());
        JsonObject first = JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("relocations").get(0)
                .getAsJsonObject();
        assertEquals("field_byte_offset", first.get("kind").getAsString());
        assertTrue(first.get("refusal").getAsString().contains("not known"), first.toString());
    }

    @Test
    void printsTypesAsBpftoolDoes() {
        CommandRun run = CommandRun.of("btf", "dump", "file", object("kernel_before"), "format", "raw");
        assertEquals(ExitCode.OK, run.code(), run.err());
        assertTrue(run.out().startsWith("[1] FUNC_PROTO '(anon)' ret_type_id=0 vlen=0\n"), run.out());
        assertEquals(ExitCode.UNUSABLE, CommandRun.of("btf", "dump", "file", object("asks"), "format", "x").code());
    }

    @Test
    void complainsOfAFileWithoutTypes() {
        CommandRun run = CommandRun.of("core-relo", object("asks"), "--btf", object("plain"));
        assertEquals(ExitCode.UNUSABLE, run.code());
        assertEquals(1, run.complaints().size());
        assertTrue(run.err().contains("plain.bpf.o: there is no section .BTF"), run.err());
    }
}
