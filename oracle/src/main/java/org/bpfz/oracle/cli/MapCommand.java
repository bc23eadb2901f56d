package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.bpfz.loader.api.BpfCallException;
import org.bpfz.loader.api.MapHandle;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.PinFolder.PinnedMap;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.cli.Selector.Found;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.AttachPoints;
import org.bpfz.spec.bpf.BpfKernel;
import org.bpfz.spec.bpf.ProgramVerifier;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine;

/** {@code bpfz map}: the maps that are pinned in a state folder, in bpftool's grammar. */
@CommandLine.Command(description = {
    "Shows and changes maps that are pinned in a state folder, in the words of bpftool map:",
    "show|list [MAP]; dump MAP; lookup MAP key BYTES; update MAP key BYTES value BYTES [any|exist|noexist];",
    "delete MAP key BYTES; getnext MAP [key BYTES]; freeze MAP; pin MAP PATH; unpin MAP;",
    "create PATH type TYPE key N value N entries N name NAME [flags N]. MAP is pinned PATH, id N or name NAME.",
    "BYTES are numbers, or hexadecimal behind the word hex. Exit 0: done; 1: the kernel refuses."}, sortOptions = false)
final class MapCommand extends PinnedCommand {
    private static final String CREATE = "/sys/fs/bpf/counts type hash key 4 value 8 entries 64 name counts";
    private static final int BREAK = 16;
    private static final int SINGLE_LINE = 24;

    @Option(names = {"-j", "--json"}, description = "One JSON document, as bpftool prints it.")
    private boolean json;

    MapCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Integer call(PinFolder folder, Words line) throws IOException {
        if (line.isEmpty() || line.take("show") || line.take("list")) {
            show(folder, line.isEmpty() ? null : Selector.map(folder, line));
            line.end();
            return ExitCode.OK;
        }
        String verb = line.take("a verb", "dump");
        BpfKernel kernel = new BpfKernel(Engines.named(Engines.SPECIFICATION).open(Services.repeatable(1)),
                ProgramVerifier.TRUSTING, AttachPoints.NONE, null);
        try {
            if (verb.equals("create")) {
                create(folder, line, kernel);
            } else {
                change(folder, line, kernel, verb);
            }
        } catch (BpfCallException e) {
            terminal.err().println("Error: " + verb + " failed: " + e.errno());
            return ExitCode.NO;
        }
        folder.save();
        return ExitCode.OK;
    }

    private void change(PinFolder folder, Words line, BpfKernel kernel, String verb) throws IOException {
        Found<PinnedMap> found = Selector.map(folder, line);
        MapHandle map = MapFiles.create(kernel, found.pinned());
        switch (verb) {
            case "dump" -> dump(found.pinned());
            case "lookup" -> lookup(line, map);
            case "update" -> update(line, map);
            case "delete" -> {
                if (!map.delete(key(line, map))) {
                    throw new BpfCallException("delete", Errno.ENOENT);
                }
            }
            case "getnext" -> next(line, map);
            case "freeze" -> map.freeze();
            case "pin" -> pin(folder, found, line.take("a path", "id 1 /sys/fs/bpf/other"));
            case "unpin" -> folder.remove(found.path());
            default -> throw new InputException("'" + verb + "': show, dump, lookup, update, delete, getnext, create, "
                    + "pin, freeze and unpin are known");
        }
        line.end();
        if (folder.map(found.path()) != null && !MapFiles.refers(found.pinned())) {
            PinnedMap now = PinFolder.describe(found.pinned().id(), Objects.requireNonNull(kernel.map(map.fd())));
            for (Map.Entry<String, PinnedMap> entry : folder.maps().entrySet()) {
                if (entry.getValue().id() == now.id()) {
                    entry.setValue(now.named(found.pinned().name()));
                }
            }
        }
    }

    private static void requireFree(PinFolder folder, String path) {
        requirePath(path);
        if (folder.isTaken(path)) {
            throw new BpfCallException(path, Errno.EEXIST);
        }
    }

    private static void pin(PinFolder folder, Found<PinnedMap> found, String path) {
        requireFree(folder, path);
        folder.put(path, found.pinned());
    }

    /** {@code create PATH type TYPE key N value N entries N name NAME [flags N]}, the words in any order. */
    private static void create(PinFolder folder, Words line, BpfKernel kernel) {
        String path = line.take("a path", CREATE);
        Map<String, String> given = new HashMap<>();
        while (!line.isEmpty()) {
            String word = line.take("a word", CREATE);
            if (!List.of("type", "key", "value", "entries", "name", "flags").contains(word)) {
                throw new InputException("'" + word + "': type, key, value, entries, name and flags are known");
            }
            given.put(word, line.take(word, CREATE));
        }
        MapType type = MapType.ofToolName(given.getOrDefault("type", ""));
        if (type == null) {
            throw new InputException("type " + given.getOrDefault("type", "is missing") + ": " + CREATE);
        }
        MapSpec spec = MapSpec.of(given.getOrDefault("name", ""), type, number(given, "key"), number(given, "value"),
                number(given, "entries")).withFlags(number(given, "flags"));
        requireFree(folder, path);
        MapHandle map = MapHandle.create(kernel, spec);
        folder.put(path, PinFolder.describe(folder.nextMapId(), Objects.requireNonNull(kernel.map(map.fd()))).named(
                spec.name()));
    }

    private static int number(Map<String, String> given, String word) {
        String text = given.getOrDefault(word, "0");
        try {
            return Math.toIntExact(Long.decode(text));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new InputException(word + " " + text + " is no number of 31 bits");
        }
    }

    private void show(PinFolder folder, @Nullable Found<PinnedMap> only) throws IOException {
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
                if (PinFolder.isPath(entry.getKey())) {
                    terminal.out().println("\tpinned " + entry.getKey());
                }
                continue;
            }
            writer.beginObject().name("id").value(map.id()).name("type").value(type).name("name").value(map.name());
            writer.name("flags").value(map.flags()).name("bytes_key").value(map.keySize());
            writer.name("bytes_value").value(map.valueSize()).name("max_entries").value(map.maxEntries());
            writer.name("frozen").value(map.frozen() ? 1 : 0);
            if (PinFolder.isPath(entry.getKey())) {
                writer.name("pinned").beginArray().value(entry.getKey()).endArray();
            }
            writer.endObject();
        }
        if (writer != null) {
            if (only == null) {
                writer.endArray();
            }
            Json.end(writer, terminal);
        }
    }

    private void dump(PinnedMap pinned) throws IOException {
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
    }

    private void print(@Nullable JsonWriter writer, byte[] key, byte[] value) throws IOException {
        if (writer != null) {
            writer.beginObject();
            Json.bytes(writer, "key", key);
            Json.bytes(writer, "value", value);
            writer.endObject();
            return;
        }
        boolean breaks = key.length > BREAK || value.length > BREAK;
        boolean single = key.length + value.length <= SINGLE_LINE && !breaks;
        terminal.out().println("key:" + (breaks ? "\n" : " ") + hex(key) + (single ? "  " : "\n") + "value:"
                + (breaks ? "\n" : " ") + hex(value));
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

    private static byte[] key(Words line, MapHandle map) {
        if (!line.take("key")) {
            throw new InputException("key and its " + map.spec().keySize() + " bytes are missing");
        }
        return line.bytes("key", map.spec().keySize());
    }

    private void lookup(Words line, MapHandle map) throws IOException {
        byte[] key = key(line, map);
        Bytes value = map.lookup(key);
        if (value == null) {
            throw new BpfCallException("lookup", Errno.ENOENT);
        }
        JsonWriter writer = json ? Json.to(terminal) : null;
        print(writer, key, value.toArray());
        if (writer != null) {
            Json.end(writer, terminal);
        }
    }

    private static void update(Words line, MapHandle map) {
        byte[] key = key(line, map);
        if (!line.take("value")) {
            throw new InputException("value and its " + map.valueSize() + " bytes are missing");
        }
        byte[] value = line.bytes("value", map.valueSize());
        long flags = line.take("noexist") ? BpfMap.NOEXIST : line.take("exist") ? BpfMap.EXIST : BpfMap.ANY;
        line.take("any");
        map.update(key, value, flags);
    }

    private void next(Words line, MapHandle map) throws IOException {
        byte[] key = line.isNext("key") ? key(line, map) : null;
        Bytes next = map.nextKey(key);
        if (next == null) {
            throw new BpfCallException("getnext", Errno.ENOENT);
        }
        if (json) {
            JsonWriter writer = Json.to(terminal);
            writer.beginObject();
            if (key != null) {
                Json.bytes(writer, "key", key);
            }
            Json.bytes(writer, "next_key", next.toArray());
            writer.endObject();
            Json.end(writer, terminal);
        } else {
            terminal.out().println(key == null ? "key: None" : "key:\n" + hex(key));
            terminal.out().println("next key:\n" + hex(next.toArray()));
        }
    }
}
