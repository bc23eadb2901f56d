package org.bpfz.oracle.objects;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bpfz.oracle.InputException;
import org.jspecify.annotations.Nullable;

/**
 * What is expected of a program of an object: one row of a table such as cilium_ebpf.txt.
 *
 * @param object   the file's name
 * @param program  the program's name, with a * at the end for all that begin so; {@code -} for the object itself
 * @param outcome  what becomes of it
 * @param value    what it returns, where it is run
 * @param types    the file beside the object that has the kernel's types, null for the usual ones
 * @param contents what sections of global variables hold when the program is loaded, as hexadecimal digits by section
 */
record Expected(String object, String program, Outcome outcome, int value, @Nullable String types,
        Map<String, String> contents) {
    static final String OBJECT = "-";

    private static final String TYPES = "types=";

    Expected {
        contents = Map.copyOf(contents);
    }

    /** What becomes of a program. */
    enum Outcome {
        /** It is loaded, run with an empty packet or context, and returns the value. */
        RETURNS,
        /** It is loaded. */
        LOADS,
        /** The loader or the verifier refuses it. */
        REFUSED
    }

    /**
     * Reads a table.
     *
     * @param file for complaints
     * @throws InputException for the first row that is none
     */
    static List<Expected> table(String file, String text) {
        List<String> lines = text.lines().toList();
        return IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).isBlank() && !lines.get(i).startsWith("#"))
                .mapToObj(i -> row(file + ":" + (i + 1), lines.get(i).replaceAll(" #.*", "").strip().split(" +", -1)))
                .toList();
    }

    private static Expected row(String place, String[] cells) {
        if (cells.length < 3) {
            throw new InputException(place + ": object, program and what is expected are wanted");
        }
        Outcome outcome = switch (cells[2]) {
            case "returns" -> Outcome.RETURNS;
            case "loads" -> Outcome.LOADS;
            case "refused" -> Outcome.REFUSED;
            default -> throw new InputException(place + ": '" + cells[2] + "': returns, loads or refused");
        };
        int next = 3;
        int value = 0;
        if (outcome == Outcome.RETURNS) {
            if (cells.length == 3 || !cells[3].matches("-?[0-9]{1,9}")) {
                throw new InputException(place + ": returns what?");
            }
            value = Integer.parseInt(cells[next++]);
        }
        String types = null;
        Map<String, String> contents = new HashMap<>();
        for (String option : List.of(cells).subList(next, cells.length)) {
            int equals = option.indexOf('=');
            if (option.startsWith(TYPES)) {
                types = option.substring(TYPES.length());
            } else if (option.matches("\\.[^=]+=([0-9a-f]{2})+")) {
                contents.put(option.substring(0, equals), option.substring(equals + 1));
            } else {
                throw new InputException(place + ": '" + option + "': types=FILE or .SECTION=HEX");
            }
        }
        return new Expected(cells[0], cells[1], outcome, value, types, contents);
    }

    /** Whether the row is about a program. */
    boolean isOf(String objectName, String programName) {
        boolean named = program.endsWith("*")
                ? !programName.equals(OBJECT) && programName.startsWith(program.substring(0, program.length() - 1))
                : program.equals(programName);
        return named && object.equals(objectName);
    }

    /** In words. */
    String say() {
        return switch (outcome) {
            case RETURNS -> "returns " + value;
            case LOADS -> "is loaded";
            case REFUSED -> "is refused";
        };
    }
}
