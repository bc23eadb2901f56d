package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.oracle.attach.PinFolder.PinnedProgram;
import org.bpfz.oracle.cli.Selector.Found;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code bpfz prog show}: the programs of a state folder, in bpftool's text and JSON. */
@CommandLine.Command(description = {
    "Shows the programs that are pinned in a state folder, in the words of bpftool prog: show [PROG].",
    "PROG is pinned PATH, id N, tag TAG or name NAME. Nothing is compiled for a machine: programs are \"not jited\"."}, sortOptions = false)
final class ProgShowCommand extends PinnedCommand {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxx")
            .withZone(ZoneOffset.UTC);

    @Option(names = {"-f", "--bpffs"}, description = "Show where programs are pinned.")
    private boolean pins;

    @Option(names = {"-j", "--json"}, description = "One JSON document, as bpftool prints it.")
    private boolean json;

    ProgShowCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Integer call(PinFolder folder, Words line) throws IOException {
        Found<PinnedProgram> only = line.isEmpty() ? null : Selector.program(folder, line);
        line.end();
        Map<Integer, PinnedProgram> programs = new TreeMap<>();
        folder.programs().values().forEach(program -> programs.put(program.id(), program));
        if (only != null) {
            programs.keySet().retainAll(List.of(only.pinned().id()));
        }
        JsonWriter writer = json ? Json.to(terminal) : null;
        if (writer != null && only == null) {
            writer.beginArray();
        }
        for (PinnedProgram program : programs.values()) {
            show(folder, program, writer);
        }
        if (writer != null) {
            if (only == null) {
                writer.endArray();
            }
            Json.end(writer, terminal);
        }
        return ExitCode.OK;
    }

    private void show(PinFolder folder, PinnedProgram program, @Nullable JsonWriter writer) throws IOException {
        String name = program.program().substring(0, Math.min(15, program.program().length()));
        List<Integer> maps = program.maps().values().stream().map(folder::map).filter(Objects::nonNull)
                .map(PinFolder.PinnedMap::id).sorted().toList();
        List<String> paths = folder.programs().entrySet().stream()
                .filter(entry -> entry.getValue().id() == program.id()).map(Map.Entry::getKey).toList();
        if (writer == null) {
            terminal.out().println(program.id() + ": " + program.type() + "  name " + name + "  tag " + program.tag()
                    + (program.gpl() ? "  gpl" : ""));
            terminal.out().println("\tloaded_at " + TIME.format(Instant.ofEpochSecond(program.loadedAt())) + "  uid 0");
            terminal.out().println("\txlated " + program.bytes() + "B  not jited" + (maps.isEmpty()
                    ? ""
                    : "  map_ids " + String.join(",", maps.stream().map(String::valueOf).toList())));
            if (pins) {
                paths.forEach(path -> terminal.out().println("\tpinned " + path));
            }
            return;
        }
        writer.beginObject().name("id").value(program.id()).name("type").value(program.type());
        writer.name("name").value(name).name("tag").value(program.tag());
        writer.name("gpl_compatible").value(program.gpl()).name("loaded_at").value(program.loadedAt());
        writer.name("uid").value(0).name("bytes_xlated").value(program.bytes()).name("jited").value(false);
        if (!maps.isEmpty()) {
            writer.name("map_ids").beginArray();
            for (int id : maps) {
                writer.value(id);
            }
            writer.endArray();
        }
        if (pins) {
            writer.name("pinned").beginArray();
            for (String path : paths) {
                writer.value(path);
            }
            writer.endArray();
        }
        writer.endObject();
    }
}
