package org.bpfz.spec.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.bpfz.spec.peer.KernelSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The attributes lie where the kernel's header has them, and are the same records when they come back from bytes. */
class AttrLayoutTest {
    /** Structures inside of the union; the other records are of its anonymous ones. */
    private static final Map<String, String> STRUCTURES = Map.ofEntries(Map.entry("Batch", "batch."),
            Map.entry("TestRun", "test."), Map.entry("Info", "info."), Map.entry("ProgQuery", "query."),
            Map.entry("RawTracepoint", "raw_tracepoint."), Map.entry("TaskFdQuery", "task_fd_query."),
            Map.entry("LinkCreate", "link_create."), Map.entry("LinkUpdate", "link_update."),
            Map.entry("LinkDetach", "link_detach."), Map.entry("EnableStats", "enable_stats."),
            Map.entry("IterCreate", "iter_create."), Map.entry("ProgBindMap", "prog_bind_map."),
            Map.entry("TokenCreate", "token_create."));

    @TempDir
    private Path folder;

    @Test
    void fieldsAreWhereTheHeaderHasThem() throws IOException, InterruptedException {
        Optional<KernelSource> source = KernelSource.find();
        if (source.isEmpty() || !Files.isExecutable(Path.of("/usr/bin/gcc"))) {
            System.out.println("skipped: AttrLayoutTest: " + KernelSource.MISSING + ", gcc");
        }
        assumeTrue(source.isPresent() && Files.isExecutable(Path.of("/usr/bin/gcc")));
        StringBuilder code = new StringBuilder("#include <stddef.h>\n#include \"")
                .append(source.get().resolve("include/uapi/linux/bpf.h"))
                .append("\"\n#define U union bpf_attr\n_Static_assert(sizeof(U) == " + Attr.BYTES + ", \"size\");\n");
        int fields = 0;
        for (Command command : Command.values()) {
            String form = command.form().getSimpleName();
            for (AttrCodec.Field field : AttrCodec.of(command.form()).fields()) {
                String name = name(form, field.name());
                String last = name.endsWith("uprobe_multi") ? "44" : "sizeof(((U *)0)->" + name + ")";
                code.append("_Static_assert(offsetof(U, ").append(name).append(") == ").append(field.offset())
                        .append(" && ").append(last).append(" == ").append(field.size()).append(", \"")
                        .append(form).append('.').append(name).append("\");\n");
                fields++;
            }
        }
        Path file = Files.writeString(folder.resolve("layout.c"), code);
        Process gcc = new ProcessBuilder("/usr/bin/gcc", "-fsyntax-only", file.toString()).redirectErrorStream(true)
                .start();
        String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, gcc.waitFor(), output);
        assertTrue(fields > 150, fields + " fields");
    }

    private static String name(String form, String component) {
        String snake = component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        String field = switch (form + "." + component) {
            case "FdById.id", "MapFdById.id" -> "prog_id";
            case "LinkCreate.detail" -> "uprobe_multi";
            default -> snake;
        };
        return STRUCTURES.getOrDefault(form, "") + field;
    }

    @Provide
    Arbitrary<byte[]> unions() {
        return Arbitraries.bytes().array(byte[].class).ofSize(Attr.BYTES);
    }

    @Property(tries = 50)
    void recordsComeBackFromTheirBytes(@ForAll("unions") byte[] bytes) {
        for (Command command : Command.values()) {
            AttrCodec codec = AttrCodec.of(command.form());
            Attr attr = codec.read(bytes);
            byte[] written = AttrCodec.write(attr);
            assertEquals(attr, codec.read(written));
            assertTrue(codec.isTailZero(written));
        }
    }
}
