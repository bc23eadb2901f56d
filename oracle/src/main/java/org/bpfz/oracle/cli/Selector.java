package org.bpfz.oracle.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.oracle.attach.PinFolder.PinnedMap;
import org.bpfz.oracle.attach.PinFolder.PinnedProgram;

/**
 * How bpftool names one of the things that are pinned: {@code pinned PATH}, or a word and what the thing is by that.
 *
 * @param kind    what the things are, for complaints
 * @param grammar the words, for complaints
 * @param names   what a thing is called, by the word
 */
record Selector<T>(String kind, String grammar, Map<String, Function<T, String>> names) {
    /** Maps. */
    static final Selector<PinnedMap> MAP = new Selector<>("map", "pinned PATH, id N or name NAME",
            Map.of("id", map -> String.valueOf(map.id()), "name", PinnedMap::name));

    /** Programs. */
    static final Selector<PinnedProgram> PROGRAM = new Selector<>("program", "pinned PATH, id N, tag TAG or name NAME",
            Map.of("id", program -> String.valueOf(program.id()), "tag", PinnedProgram::tag, "name",
                    PinnedProgram::program));

    Selector {
        names = new LinkedHashMap<>(names);
    }

    /**
     * A thing of a state folder.
     *
     * @param path where it is pinned or held
     */
    record Found<T>(String path, T pinned) {}

    static Found<PinnedMap> map(PinFolder folder, Words line) {
        return MAP.find(folder.maps(), line);
    }

    static Found<PinnedProgram> program(PinFolder folder, Words line) {
        return PROGRAM.find(folder.programs(), line);
    }

    private Found<T> find(Map<String, T> things, Words line) {
        String how = line.take("a " + kind, grammar);
        String which = line.take("a " + kind, grammar);
        Function<T, String> name = names.get(how);
        if (name == null && !how.equals("pinned") && !things.isEmpty()) {
            throw new InputException("'" + how + "' names no " + kind + ": " + grammar);
        }
        for (Map.Entry<String, T> entry : things.entrySet()) {
            String known = name == null ? entry.getKey() : name.apply(entry.getValue());
            if (known.equals(which)) {
                return new Found<>(entry.getKey(), entry.getValue());
            }
        }
        throw new InputException("no " + kind + " " + how + " " + which + " is pinned; there are " + things.keySet());
    }
}
