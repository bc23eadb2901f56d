package org.bpfz.spec.program;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bpfz.spec.program.TableReader.Row;
import org.jspecify.annotations.Nullable;

/** Reads the rows of helpers.txt, whose head says what the columns mean. */
final class HelperTable {
    private HelperTable() {
    }

    static List<HelperPrototype> read() {
        List<HelperPrototype> rows = new ArrayList<>();
        for (Row row : TableReader.read("helpers.txt")) {
            rows.add(prototype(row));
        }
        return List.copyOf(rows);
    }

    private static HelperPrototype prototype(Row row) {
        boolean gpl = false;
        boolean pkt = false;
        boolean sleep = false;
        boolean fastcall = false;
        boolean moves = false;
        HelperRestriction restriction = null;
        for (String attribute : row.cell(3).split(",", -1)) {
            switch (attribute) {
                case "-" -> {
                }
                case "gpl" -> gpl = true;
                case "pkt" -> pkt = true;
                case "sleep" -> sleep = true;
                case "fastcall" -> fastcall = true;
                case "moves" -> moves = true;
                default -> restriction = restriction(row, attribute);
            }
        }
        List<ArgType> arguments = new ArrayList<>();
        for (String cell : row.from(5)) {
            arguments.add(argument(cell));
        }
        return new HelperPrototype(Integer.parseInt(row.cell(0)), row.cell(1), row.cell(2), result(row.cell(4)),
                arguments, gpl, pkt, sleep, fastcall, moves, restriction);
    }

    private static HelperRestriction restriction(Row row, String attribute) {
        if (!attribute.startsWith("only=")) {
            throw row.malformed("unknown attribute " + attribute);
        }
        return HelperRestriction.valueOf(attribute.substring("only=".length()).toUpperCase(Locale.ROOT));
    }

    private static ArgType argument(String cell) {
        String[] kind = beforeColon(cell).split("\\|", -1);
        Set<TypeFlag> flags = flags(kind);
        String behind = behindColon(cell);
        boolean sized = flags.contains(TypeFlag.MEM_FIXED_SIZE) && behind != null;
        return new ArgType(ArgKind.valueOf(kind[0]), flags, sized ? Integer.parseInt(behind) : 0,
                sized ? null : behind);
    }

    private static ReturnType result(String cell) {
        String[] kind = beforeColon(cell).split("\\|", -1);
        return new ReturnType(ReturnKind.valueOf(kind[0]), flags(kind), behindColon(cell));
    }

    private static Set<TypeFlag> flags(String[] kind) {
        Set<TypeFlag> flags = EnumSet.noneOf(TypeFlag.class);
        for (int i = 1; i < kind.length; i++) {
            flags.add(TypeFlag.valueOf(kind[i]));
        }
        return flags;
    }

    private static String beforeColon(String cell) {
        int colon = cell.indexOf(':');
        return colon < 0 ? cell : cell.substring(0, colon);
    }

    private static @Nullable String behindColon(String cell) {
        int colon = cell.indexOf(':');
        return colon < 0 ? null : cell.substring(colon + 1);
    }
}
