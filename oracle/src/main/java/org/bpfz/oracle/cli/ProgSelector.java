package org.bpfz.oracle.cli;

import java.util.Map;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.oracle.attach.PinFolder.PinnedProgram;

/**
 * A program of a state folder, named as bpftool names one.
 *
 * @param path where it is pinned
 */
record ProgSelector(String path, PinnedProgram pinned) {
    private static final String PROG = "pinned PATH, id N, tag TAG or name NAME";

    static ProgSelector find(PinFolder folder, Words line) {
        String how = line.take("a program", PROG);
        String which = line.take("a program", PROG);
        for (Map.Entry<String, PinnedProgram> entry : folder.programs().entrySet()) {
            PinnedProgram pinned = entry.getValue();
            boolean same = switch (how) {
                case "pinned" -> entry.getKey().equals(which);
                case "id" -> String.valueOf(pinned.id()).equals(which);
                case "tag" -> pinned.tag().equals(which);
                case "name" -> pinned.program().equals(which);
                default -> throw new InputException("'" + how + "' names no program: " + PROG);
            };
            if (same) {
                return new ProgSelector(entry.getKey(), pinned);
            }
        }
        throw new InputException("no program " + how + " " + which + " is pinned; there are "
                + folder.programs().keySet());
    }
}
