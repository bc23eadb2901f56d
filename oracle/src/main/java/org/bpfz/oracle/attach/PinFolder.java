package org.bpfz.oracle.attach;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bpfz.oracle.InputException;
import org.bpfz.spec.bpf.BpfFileSystem;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/**
 * What outlives a command: the modelled BPF file system with the maps, programs and links that are pinned in it, kept as one JSON document in a
 * folder that the user names, beside copies of the objects that programs and links are of. Maps that only a program holds are kept under
 * {@link #held}, which is no path.
 */
public final class PinFolder {
    /** Where the kernel's own is mounted; pins are named as if it were here. */
    public static final String MOUNT = BpfFileSystem.MOUNT + "/";

    private static final String DOCUMENT = "pins.json";
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final Path folder;
    private final Pins pins;

    private PinFolder(Path folder, Pins pins) {
        this.folder = folder;
        this.pins = pins;
    }

    /** The document. */
    private static final class Pins {
        private final TreeMap<String, PinnedMap> maps = new TreeMap<>();
        private final TreeMap<String, PinnedLink> links = new TreeMap<>();
        private final TreeMap<String, PinnedProgram> programs = new TreeMap<>();
    }

    /**
     * A pinned map.
     *
     * @param entries keys and values as hexadecimal text, in the map's order
     */
    public record PinnedMap(int id, String name, MapType type, int keySize, int valueSize, int maxEntries, int flags,
            boolean frozen, List<Map<String, String>> entries) {
        public PinnedMap {
            entries = List.copyOf(entries);
        }

        /** The same under its whole name, of which the kernel keeps 15 characters. */
        public PinnedMap named(String whole) {
            return new PinnedMap(id, whole, type, keySize, valueSize, maxEntries, flags, frozen, entries);
        }
    }

    /**
     * A pinned link.
     *
     * @param object  the file in the folder that its program is in
     * @param kernel  the kernel that it was attached on
     * @param maps    where the object's maps are pinned, by name
     */
    public record PinnedLink(int id, String object, String program, String function, String kind, String kernel,
            Map<String, String> maps) {
        public PinnedLink {
            maps = Map.copyOf(maps);
        }
    }

    /**
     * A pinned program.
     *
     * @param object   the file in the folder that it is in
     * @param program  its name there
     * @param type     as tools spell it
     * @param tag      as hexadecimal text
     * @param bytes    of its instructions
     * @param loadedAt seconds since 1970
     * @param kernel   the kernel that it was loaded on
     * @param maps     where the maps that it uses are kept, by name
     */
    public record PinnedProgram(int id, String object, String program, String type, String tag, boolean gpl,
            int bytes, long loadedAt, String kernel, Map<String, String> maps) {
        public PinnedProgram {
            maps = Map.copyOf(maps);
        }
    }

    /** Where a map is kept that is not pinned itself. */
    public static String held(int map) {
        return "#" + map;
    }

    /** Whether a map or program is pinned there, and not only held by another. */
    public static boolean isPath(String key) {
        return key.startsWith(MOUNT);
    }

    /**
     * Opens a folder, which is made when something is first pinned.
     *
     * @throws IOException    if it can not be read
     * @throws InputException if what is in it is no such document
     */
    public static PinFolder open(Path folder) throws IOException {
        Path document = folder.resolve(DOCUMENT);
        if (!Files.exists(document)) {
            return new PinFolder(folder, new Pins());
        }
        try {
            Pins pins = GSON.fromJson(Files.readString(document), Pins.class);
            if (pins == null || pins.maps == null || pins.links == null || pins.programs == null) {
                throw new InputException(document, "is no document of pins");
            }
            return new PinFolder(folder, pins);
        } catch (JsonParseException | IllegalArgumentException e) {
            throw new InputException(document, "is no document of pins");
        }
    }

    /** Writes what has changed. */
    public void save() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(DOCUMENT), GSON.toJson(pins) + "\n");
    }

    /** Keeps a copy of an object; returns its name in the folder. */
    public String keep(Path object) throws IOException {
        Files.createDirectories(folder);
        String name = String.valueOf(object.getFileName());
        Files.write(folder.resolve(name), Files.readAllBytes(object));
        return name;
    }

    /** The file of an object that was kept. */
    public Path object(String name) {
        return folder.resolve(name);
    }

    /** The pinned maps by path. */
    public Map<String, PinnedMap> maps() {
        return pins.maps;
    }

    /** The pinned links by path. */
    public Map<String, PinnedLink> links() {
        return pins.links;
    }

    /** The pinned programs by path. */
    public Map<String, PinnedProgram> programs() {
        return pins.programs;
    }

    /** Pins a program under a path. */
    public void put(String path, PinnedProgram program) {
        pins.programs.put(path, program);
    }

    /** The lowest id that no pinned program has. */
    public int nextProgramId() {
        return 1 + pins.programs.values().stream().mapToInt(PinnedProgram::id).max().orElse(0);
    }

    /** Whether something is pinned under a path. */
    public boolean isTaken(String path) {
        return pins.maps.containsKey(path) || pins.links.containsKey(path) || pins.programs.containsKey(path);
    }

    /** The map at a path, null if there is none. */
    public @Nullable PinnedMap map(String path) {
        return pins.maps.get(path);
    }

    /** Pins a map under a path, or keeps what has become of one. */
    public void put(String path, PinnedMap map) {
        pins.maps.put(path, map);
    }

    /** Pins a link under a path. */
    public void put(String path, PinnedLink link) {
        pins.links.put(path, link);
    }

    /** The lowest id that no pinned map has. */
    public int nextMapId() {
        return 1 + pins.maps.values().stream().mapToInt(PinnedMap::id).max().orElse(0);
    }

    /** The lowest id that no pinned link has. */
    public int nextLinkId() {
        return 1 + pins.links.values().stream().mapToInt(PinnedLink::id).max().orElse(0);
    }

    /** Removes a pin: true if there was one. What only it kept alive is gone. */
    public boolean remove(String path) {
        boolean was = pins.maps.remove(path) != null || pins.links.remove(path) != null
                || pins.programs.remove(path) != null;
        pins.maps.keySet().removeIf(key -> !isPath(key) && pins.programs.values().stream()
                .noneMatch(program -> program.maps().containsValue(key)));
        return was;
    }

    /** A map with all that is in it. */
    public static PinnedMap describe(int id, BpfMap map) {
        MapSpec spec = map.spec();
        List<Map<String, String>> entries = new ArrayList<>();
        byte[] key = null;
        byte[] next = new byte[spec.keySize()];
        while (map.nextKey(key, next) == 0) {
            byte[] value = new byte[map.userValueSize()];
            if (map.lookup(next, value, BpfMap.ANY) == 0) {
                entries.add(Map.of("key", HexFormat.of().formatHex(next), "value", HexFormat.of().formatHex(value)));
            }
            key = next.clone();
        }
        return new PinnedMap(id, spec.name(), spec.type(), spec.keySize(), spec.valueSize(), spec.maxEntries(),
                spec.flags(), map.isFrozen(), entries);
    }

    /** Fills a new map with what a pinned one has. */
    public static void restore(PinnedMap pinned, BpfMap map) {
        if (pinned.frozen()) {
            return;
        }
        for (Map<String, String> entry : pinned.entries()) {
            map.update(HexFormat.of().parseHex(entry.getOrDefault("key", "")),
                    HexFormat.of().parseHex(entry.getOrDefault("value", "")), BpfMap.ANY);
        }
    }
}
