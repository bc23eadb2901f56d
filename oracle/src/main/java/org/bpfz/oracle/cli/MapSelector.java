package org.bpfz.oracle.cli;

import java.util.Map;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.oracle.attach.PinFolder.PinnedMap;

/**
 * A map of a state folder, named as bpftool names one.
 *
 * @param path where it is pinned or held
 */
record MapSelector(String path, PinnedMap pinned) {
    private static final String MAP = "pinned PATH, id N or name NAME";

    static MapSelector find(PinFolder folder, Words line) {
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
                return new MapSelector(entry.getKey(), pinned);
            }
        }
        throw new InputException("no map " + how + " " + which + " is pinned; there are " + folder.maps().keySet());
    }
}
