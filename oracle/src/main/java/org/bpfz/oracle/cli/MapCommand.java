package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.oracle.attach.PinFolder.PinnedMap;
import org.bpfz.oracle.model.Engines;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz map}: the maps that are pinned in a state folder, in bpftool's grammar. */
@CommandLine.Command(description = {
    "Shows and changes maps that are pinned in a state folder, in the words of bpftool map:",
    "show|list [MAP]; dump MAP; lookup MAP key BYTES; update MAP key BYTES value BYTES [any|exist|noexist];",
    "delete MAP key BYTES; getnext MAP [key BYTES]; freeze MAP; unpin MAP. MAP is pinned PATH, id N or name NAME.",
    "BYTES are numbers, or hexadecimal behind the word hex. Exit 0: done; 1: the kernel refuses."}, sortOptions = false)
final class MapCommand extends Command {
    private static final String MAP = "pinned PATH, id N or name NAME";
    private static final int BREAK = 16;
    private static final int SINGLE_LINE = 24;

    @Parameters(index = "0..*", paramLabel = "WORD", description = "As above.")
    private List<String> words = List.of();

    @Option(names = "--state", required = true, paramLabel = "DIR", description = "The folder that stands for the BPF file system.")
    private Path state = Path.of("");

    @Option(names = {"-j", "--json"}, description = "One JSON document, as bpftool prints it.")
    private boolean json;

    MapCommand(Terminal terminal) {
        super(terminal);
    }

    /** A pinned map and where. */
    private record Found(String path, PinnedMap pinned) {}

    @Override
    public Integer call() throws IOException {
        PinFolder folder = PinFolder.open(state);
        Words line = new Words(words);
        if (line.isEmpty() || line.take("show") || line.take("list")) {
            show(folder, line.isEmpty() ? null : find(folder, line));
            line.end();
            return ExitCode.OK;
        }
        String verb = line.take("a verb", "dump");
        Found found = find(folder, line);
        BpfMap map = Engines.named(Engines.SPECIFICATION).open(Services.repeatable(1)).createMap(spec(found.pinned()));
        PinFolder.restore(found.pinned(), map);
        if (found.pinned().frozen()) {
            map.freeze();
        }
        int error = switch (verb) {
            case "dump" -> dump(found.pinned());
            case "lookup" -> lookup(line, map);
            case "update" -> update(line, map);
            case "delete" -> delete(line, map);
            case "getnext" -> next(line, map);
            case "freeze" -> map.freeze();
            case "unpin" -> folder.remove(found.path()) ? 0 : Errno.ENOENT.negative();
            default -> throw new InputException("'" + verb
                    + "': show, dump, lookup, update, delete, getnext, freeze and unpin are known");
        };
        line.end();
        if (error != 0) {
            terminal.err().println("Error: " + verb + " failed: " + Errno.of(-error));
            return ExitCode.NO;
        }
        if (folder.map(found.path()) != null) {
            PinnedMap now = PinFolder.describe(found.pinned().id(), map);
            folder.put(found.path(), found.pinned().frozen() ? found.pinned() : now);
        }
        folder.save();
        return ExitCode.OK;
    }

    private static MapSpec spec(PinnedMap pinned) {
        return MapSpec.of(pinned.name(), pinned.type(), pinned.keySize(), pinned.valueSize(), pinned.maxEntries())
                .withFlags(pinned.flags());
    }

    private static Found find(PinFolder folder, Words line) {
        String how = line.take("a map", MAP);
        String which = line.take("a map", MAP);
        for (Map.Entry<String, PinnedMap> entry : folder.maps().entrySet()) {
            PinnedMap pinned = entry.getValue();
            boolean same = switch (how) {
                case "pinned" -> entry.getKey().equals(which);
                case "id" -> String.valueOf(pinned.id()).equals(which);
                case "name" -> pinned.name().equals(which);
                default -> throw new InputException("'" + how + "' names no map: " + MAP);
            };
            if (same) {
                return new Found(entry.getKey(), pinned);
            }
        }
        throw new InputException("no map " + how + " " + which + " is pinned; there are " + folder.maps().keySet());
    }

    private void show(PinFolder folder, @Nullable Found only) throws IOException {
        JsonWriter writer = json ? Json.to(terminal) : null;
        if (writer != null && only == null) {
            writer.beginArray();
        }
        for (Map.Entry<String, PinnedMap> entry : folder.maps().entrySet()) {
            if (only != null && !only.path().equals(entry.getKey())) {
                continue;
            }
            PinnedMap map = entry.getValue();
            String type = map.type().toolName();
            if (writer == null) {
                terminal.out().println(map.id() + ": " + type + "  name " + map.name() + "  flags 0x"
                        + Integer.toHexString(map.flags()));
                terminal.out().println("\tkey " + map.keySize() + "B  value " + map.valueSize() + "B  max_entries "
                        + map.maxEntries() + (map.frozen() ? "  frozen" : ""));
                terminal.out().println("\tpinned " + entry.getKey());
                continue;
            }
            writer.beginObject().name("id").value(map.id()).name("type").value(type).name("name").value(map.name());
            writer.name("flags").value(map.flags()).name("bytes_key").value(map.keySize());
            writer.name("bytes_value").value(map.valueSize()).name("max_entries").value(map.maxEntries());
            writer.name("frozen").value(map.frozen() ? 1 : 0);
            writer.name("pinned").beginArray().value(entry.getKey()).endArray().endObject();
        }
        if (writer != null) {
            if (only == null) {
                writer.endArray();
            }
            Json.end(writer, terminal);
        }
    }

    private int dump(PinnedMap pinned) throws IOException {
        JsonWriter writer = json ? Json.to(terminal) : null;
        if (writer != null) {
            writer.beginArray();
        }
        for (Map<String, String> entry : pinned.entries()) {
            print(writer, HexFormat.of().parseHex(entry.getOrDefault("key", "")),
                    HexFormat.of().parseHex(entry.getOrDefault("value", "")));
        }
        if (writer != null) {
            writer.endArray();
            Json.end(writer, terminal);
        } else {
            terminal.out().println("Found " + pinned.entries().size() + " element"
                    + (pinned.entries().size() == 1 ? "" : "s"));
        }
        return 0;
    }

    private void print(@Nullable JsonWriter writer, byte[] key, byte[] value) throws IOException {
        if (writer != null) {
            writer.beginObject();
            array(writer, "key", key);
            array(writer, "value", value);
            writer.endObject();
            return;
        }
        boolean breaks = key.length > BREAK || value.length > BREAK;
        boolean single = key.length + value.length <= SINGLE_LINE && !breaks;
        terminal.out().println("key:" + (breaks ? "\n" : " ") + hex(key) + (single ? "  " : "\n") + "value:"
                + (breaks ? "\n" : " ") + hex(value));
    }

    private static void array(JsonWriter writer, String name, byte[] bytes) throws IOException {
        writer.name(name).beginArray();
        for (byte b : bytes) {
            writer.value(String.format(Locale.ROOT, "0x%02x", b & 0xff));
        }
        writer.endArray();
    }

    /** Sixteen bytes a line, with a gap in the middle (fprint_hex of bpftool). */
    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            text.append(i == 0 ? "" : i % 16 == 0 ? "\n" : i % 8 == 0 ? "  " : " ")
                    .append(String.format(Locale.ROOT, "%02x", bytes[i] & 0xff));
        }
        return text.toString();
    }

    private static byte[] key(Words line, BpfMap map) {
        if (!line.take("key")) {
            throw new InputException("key and its " + map.spec().keySize() + " bytes are missing");
        }
        return line.bytes("key", map.spec().keySize());
    }

    private int lookup(Words line, BpfMap map) throws IOException {
        byte[] key = key(line, map);
        byte[] value = new byte[map.userValueSize()];
        int error = map.lookup(key, value, BpfMap.ANY);
        if (error == 0) {
            JsonWriter writer = json ? Json.to(terminal) : null;
            print(writer, key, value);
            if (writer != null) {
                Json.end(writer, terminal);
            }
        }
        return error;
    }

    private static int update(Words line, BpfMap map) {
        byte[] key = key(line, map);
        if (!line.take("value")) {
            throw new InputException("value and its " + map.userValueSize() + " bytes are missing");
        }
        byte[] value = line.bytes("value", map.userValueSize());
        long flags = line.take("noexist") ? BpfMap.NOEXIST : line.take("exist") ? BpfMap.EXIST : BpfMap.ANY;
        line.take("any");
        if (map.isFrozen()) {
            return Errno.EPERM.negative();
        }
        return map.update(key, value, flags);
    }

    private static int delete(Words line, BpfMap map) {
        byte[] key = key(line, map);
        return map.isFrozen() ? Errno.EPERM.negative() : map.delete(key);
    }

    private int next(Words line, BpfMap map) throws IOException {
        byte[] key = line.isNext("key") ? key(line, map) : null;
        byte[] next = new byte[map.spec().keySize()];
        int error = map.nextKey(key, next);
        if (error == 0 && json) {
            JsonWriter writer = Json.to(terminal);
            writer.beginObject();
            if (key != null) {
                array(writer, "key", key);
            }
            array(writer, "next_key", next);
            writer.endObject();
            Json.end(writer, terminal);
        } else if (error == 0) {
            terminal.out().println(key == null ? "key: None" : "key:\n" + hex(key));
            terminal.out().println("next key:\n" + hex(next));
        }
        return error;
    }
}
