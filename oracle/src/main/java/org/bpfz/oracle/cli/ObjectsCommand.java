package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bpfz.loader.BuiltInTypes;
import org.bpfz.loader.KernelTarget;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.objects.ObjectChecks;
import org.bpfz.oracle.objects.ObjectRow;
import org.bpfz.oracle.objects.ObjectRow.Kind;
import org.bpfz.spec.engine.Engine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz objects}: what becomes of the objects of a folder. */
@CommandLine.Command(description = {
    "Loads each object for a little-endian machine in the folders (*.bpf.o, *bpfel.o, *-el.elf), program by program, and runs those of which"
            + " a table says what they return. The table that comes with bpfz is for the test objects of cilium/ebpf.",
    "Exit 0: all is as the table expects; 1: something is not."}, sortOptions = false)
final class ObjectsCommand extends Command {
    private static final String ALL = "all";
    private static final int MAX_SYMBOLS = 256 << 20;

    @Parameters(paramLabel = "OBJ|DIR", arity = "1..*", description = "Objects, or folders of them.")
    private List<Path> paths = List.of();

    @Option(names = "--expect", paramLabel = "FILE", description = "Another table; docs/OBJECTS.md says how it is written.")
    private @Nullable Path expectations;

    @Option(names = "--kallsyms", paramLabel = "F", description = "Addresses of the kernel's symbols, as /proc/kallsyms has them.")
    private @Nullable Path symbols;

    @Option(names = "--engine", paramLabel = "E", defaultValue = ALL, description = "spec, interpreter, jit or all, which must agree. Default: ${DEFAULT-VALUE}.")
    private String engine = "";

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    @Mixin
    private final KernelOptions kernel = new KernelOptions();

    ObjectsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        List<Engine> engines = engine.equals(ALL) ? Engines.all() : List.of(Engines.named(engine));
        ObjectChecks checks = new ObjectChecks(target(), engines, expectations);
        List<ObjectRow> rows = new ArrayList<>();
        int objects = 0;
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new InputException(path, "no such file");
            }
            for (Path object : ObjectChecks.find(path)) {
                rows.addAll(checks.check(object));
                objects++;
            }
        }
        if (objects == 0) {
            throw new InputException(paths.getFirst(), "no objects");
        }
        if (json) {
            printJson(objects, rows);
        } else {
            print(objects, rows);
        }
        return count(rows, Kind.UNEXPECTED) == 0 ? ExitCode.OK : ExitCode.NO;
    }

    private KernelTarget target() throws IOException {
        KernelTarget target = kernel.target();
        if (target.types() == null) {
            target = target.withTypes(BuiltInTypes.linux612());
        }
        Path file = symbols;
        if (file == null) {
            return target;
        }
        Map<String, Long> addresses = new HashMap<>();
        String text = new String(Inputs.read(terminal, file.toString(), MAX_SYMBOLS), StandardCharsets.UTF_8);
        text.lines().forEach(line -> {
            String[] cells = line.split("\\s+", -1);
            if (cells.length >= 3 && cells[0].matches("[0-9a-f]{1,16}")) {
                addresses.putIfAbsent(cells[2], Long.parseUnsignedLong(cells[0], 16));
            }
        });
        return target.withSymbols(addresses);
    }

    private static long count(List<ObjectRow> rows, Kind kind) {
        return rows.stream().filter(row -> row.kind() == kind).count();
    }

    private static String words(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void print(int objects, List<ObjectRow> rows) {
        String object = "";
        for (ObjectRow row : rows) {
            if (!row.object().equals(object)) {
                object = row.object();
                terminal.out().println(object);
            }
            terminal.out().println(String.format(Locale.ROOT, "  %-32s %-10s  %s", row.program(), words(row.kind()),
                    row.text()));
        }
        List<String> figures = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            figures.add(count(rows, kind) + " " + words(kind));
        }
        terminal.out().println(objects + " objects, " + rows.size() + " rows: " + String.join(", ", figures));
    }

    private void printJson(int objects, List<ObjectRow> rows) throws IOException {
        JsonWriter writer = Json.to(terminal);
        writer.beginObject();
        writer.name("objects").value(objects);
        for (Kind kind : Kind.values()) {
            writer.name(kind.name().toLowerCase(Locale.ROOT)).value(count(rows, kind));
        }
        writer.name("programs").beginArray();
        for (ObjectRow row : rows) {
            writer.beginObject().name("object").value(row.object()).name("program").value(row.program());
            writer.name("result").value(row.kind().name().toLowerCase(Locale.ROOT));
            writer.name("text").value(row.text()).endObject();
        }
        writer.endArray().endObject();
        Json.end(writer, terminal);
    }
}
