package org.bpfz.spec.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.program.ContextLayout.Grant;
import org.bpfz.spec.program.TableReader.Block;
import org.bpfz.spec.program.TableReader.Row;

/** Reads the structures and layouts of contexts.txt, whose head says what the rows mean. */
final class ContextTable {
    /** A structure: its size and its fields in order. */
    private record Struct(int size, List<Part> parts) {}

    /** A field of a structure. */
    private record Part(String name, int offset, int size) {}

    private final Map<String, Struct> structs = new HashMap<>();
    private final Map<String, ContextLayout> layouts = new LinkedHashMap<>();

    private ContextTable() {
    }

    static Map<String, ContextLayout> read() {
        ContextTable table = new ContextTable();
        TableReader.blocks("contexts.txt").forEach(table::add);
        return table.layouts;
    }

    private void add(Block block) {
        Row head = block.head();
        switch (head.cell(0)) {
            case "struct" -> addStruct(head, block.rows());
            case "layout" -> addLayout(head, block.rows());
            default -> throw head.malformed("neither struct nor layout");
        }
    }

    private void addStruct(Row head, List<Row> rows) {
        List<Part> parts = new ArrayList<>();
        for (Row row : rows) {
            parts.add(new Part(row.cell(0), Integer.parseInt(row.cell(1)), Integer.parseInt(row.cell(2))));
        }
        structs.put(head.cell(1), new Struct(Integer.parseInt(head.cell(2)), parts));
    }

    private void addLayout(Row head, List<Row> rows) {
        Struct struct = structs.get(head.cell(2));
        if (struct == null) {
            throw head.malformed("no struct " + head.cell(2));
        }
        List<Grant> grants = new ArrayList<>();
        for (Row row : rows) {
            grants.addAll(grants(row, struct));
        }
        layouts.put(head.cell(1),
                new ContextLayout(head.cell(1), head.cell(2), struct.size, head.comment(), grants));
    }

    private static List<Grant> grants(Row row, Struct struct) {
        int reads = 0;
        int writes = 0;
        boolean startOnly = false;
        ContextPointer pointer = ContextPointer.NONE;
        String pointee = null;
        List<String> conditions = new ArrayList<>();
        for (String cell : row.from(1)) {
            if (Condition.isCondition(cell)) {
                conditions.add(cell);
            } else if (cell.startsWith("read=")) {
                reads = widths(cell);
            } else if (cell.startsWith("write=")) {
                writes = widths(cell);
            } else if (cell.equals("start")) {
                startOnly = true;
            } else {
                int colon = cell.indexOf(':');
                pointer = ContextPointer.valueOf(colon < 0 ? cell : cell.substring(0, colon));
                pointee = colon < 0 ? null : cell.substring(colon + 1);
            }
        }
        Condition condition = Condition.parse(conditions);
        List<Grant> grants = new ArrayList<>();
        for (Part part : parts(row, struct)) {
            grants.add(new Grant(new ContextField(part.name, part.offset, part.size, reads, writes, startOnly, pointer,
                    pointee, condition.toString()), condition));
        }
        return grants;
    }

    private static List<Part> parts(Row row, Struct struct) {
        String cell = row.cell(0);
        int dots = cell.indexOf("..");
        int from = indexOf(row, struct, dots < 0 ? cell : cell.substring(0, dots));
        int to = indexOf(row, struct, dots < 0 ? cell : cell.substring(dots + 2));
        return struct.parts.subList(from, to + 1);
    }

    private static int indexOf(Row row, Struct struct, String name) {
        for (int i = 0; i < struct.parts.size(); i++) {
            if (struct.parts.get(i).name.equals(name)) {
                return i;
            }
        }
        throw row.malformed("no field " + name);
    }

    /** The sum of the widths of {@code read=1,2,4}: each is a power of two and so a bit. */
    private static int widths(String cell) {
        int sum = 0;
        for (String width : cell.substring(cell.indexOf('=') + 1).split(",", -1)) {
            sum |= Integer.parseInt(width);
        }
        return sum;
    }
}
