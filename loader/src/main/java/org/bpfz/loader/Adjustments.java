package org.bpfz.loader;

import java.util.HashMap;
import java.util.Map;
import org.bpfz.spec.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a user changes of an object between opening and loading it, as libbpf's bpf_program__set_autoload, bpf_map__set_max_entries,
 * bpf_map__set_initial_value and bpf_map__set_pin_path do. Immutable.
 *
 * @param autoload   whether programs are loaded, by name, where that is not what their sections say
 * @param maxEntries how many elements maps have, by name
 * @param contents   what element 0 of a map of global variables holds, by the map's name
 * @param pins       where maps are found or pinned in the BPF file system, by name
 */
public record Adjustments(Map<String, Boolean> autoload, Map<String, Integer> maxEntries, Map<String, Bytes> contents,
        Map<String, String> pins) {
    /** Everything as the object says. */
    public static final Adjustments NONE = new Adjustments(Map.of(), Map.of(), Map.of(), Map.of());

    public Adjustments {
        autoload = Map.copyOf(autoload);
        maxEntries = Map.copyOf(maxEntries);
        contents = Map.copyOf(contents);
        pins = Map.copyOf(pins);
    }

    /** With a program loaded, or not. */
    public Adjustments withAutoload(String program, boolean load) {
        return new Adjustments(with(autoload, program, load), maxEntries, contents, pins);
    }

    /** With another number of elements of a map. */
    public Adjustments withMaxEntries(String map, int entries) {
        return new Adjustments(autoload, with(maxEntries, map, entries), contents, pins);
    }

    /** With other values of global variables. */
    public Adjustments withContents(String map, Bytes value) {
        return new Adjustments(autoload, maxEntries, with(contents, map, value), pins);
    }

    /** With a map that is taken from this path if it is pinned there, and pinned there if not. */
    public Adjustments withPin(String map, String path) {
        return new Adjustments(autoload, maxEntries, contents, with(pins, map, path));
    }

    private static <T> Map<String, T> with(Map<String, T> old, String name, T value) {
        Map<String, T> copy = new HashMap<>(old);
        copy.put(name, value);
        return copy;
    }

    BpfProgram adjust(BpfProgram program) {
        boolean load = autoload.getOrDefault(program.name(), program.autoload());
        return new BpfProgram(program.name(), program.section(), program.type(), program.attachType(),
                program.attachTarget(), program.sleepable(), load);
    }

    MapDefinition adjust(MapDefinition definition) {
        MapDefinition adjusted = definition;
        Integer entries = maxEntries.get(definition.spec().name());
        if (entries != null) {
            adjusted = adjusted.withSpec(adjusted.spec().withMaxEntries(entries));
        }
        @Nullable
        Bytes value = contents.get(definition.spec().name());
        return value == null ? adjusted : adjusted.withInitial(value);
    }
}
