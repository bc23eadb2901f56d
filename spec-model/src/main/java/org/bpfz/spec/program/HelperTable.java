package org.bpfz.spec.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rows of helpers.txt, whose head says what the columns mean. */
final class HelperTable {
    private static final int ARGUMENTS_FROM = 5;

    private HelperTable() {
    }

    static List<HelperPrototype> read() {
        List<HelperPrototype> rows = new ArrayList<>();
        for (String[] cells : cells("helpers.txt")) {
            rows.add(row(cells));
        }
        return List.copyOf(rows);
    }

    /** The rows of a resource beside this class, cut at white space; comments begin with a hash. */
    static List<String[]> cells(String resource) {
        List<String[]> rows = new ArrayList<>();
        InputStream in = HelperTable.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("resource " + resource + " is missing from the class path");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank() && line.charAt(0) != '#') {
                    rows.add(line.strip().split(" +", -1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
        return rows;
    }

    private static HelperPrototype row(String[] cells) {
        boolean gpl = false;
        boolean pkt = false;
        boolean sleep = false;
        boolean fastcall = false;
        HelperRestriction restriction = null;
        for (String attribute : cells[3].split(",", -1)) {
            switch (attribute) {
                case "-" -> {
                }
                case "gpl" -> gpl = true;
                case "pkt" -> pkt = true;
                case "sleep" -> sleep = true;
                case "fastcall" -> fastcall = true;
                default -> restriction = restriction(attribute);
            }
        }
        List<ArgType> arguments = new ArrayList<>();
        for (String cell : Arrays.asList(cells).subList(ARGUMENTS_FROM, cells.length)) {
            arguments.add(argument(cell));
        }
        return new HelperPrototype(Integer.parseInt(cells[0]), cells[1], cells[2], result(cells[4]), arguments, gpl,
                pkt, sleep, fastcall, restriction);
    }

    private static HelperRestriction restriction(String attribute) {
        if (!attribute.startsWith("only=")) {
            throw new IllegalArgumentException("unknown attribute " + attribute);
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
