package org.bpfz.oracle.attach;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bpfz.spec.memory.LittleEndian;

/**
 * A place where the modelled kernel tells what it does: one entry of tracepoints.txt.
 *
 * @param group     the folder that tracefs has it in
 * @param fields    of the record that tracepoint programs get, by name
 * @param arguments what raw_tracepoint programs get; empty where none can be attached
 */
public record Tracepoint(String group, String name, Map<String, Field> fields, List<String> arguments) {
    /** The bytes that all records begin with. */
    private static final int COMMON = 8;

    public Tracepoint {
        fields = Map.copyOf(fields);
        arguments = List.copyOf(arguments);
    }

    /**
     * A field of a record.
     *
     * @param offset from the record's start
     * @param size   bytes
     */
    public record Field(int offset, int size) {
        int end() {
            return offset + size;
        }
    }

    /** The tracepoints of a kernel, by group and name with a slash between them. */
    static Map<String, Tracepoint> of(String kernel) {
        Map<String, Tracepoint> found = new LinkedHashMap<>();
        String[] head = {};
        Map<String, Field> fields = new LinkedHashMap<>();
        for (String line : lines()) {
            String[] row = line.strip().split(" +", -1);
            if (line.startsWith(" ")) {
                fields.put(row[0], new Field(Integer.parseInt(row[1]), Integer.parseInt(row[2])));
            } else {
                add(kernel, head, fields, found);
                head = row;
                fields = new LinkedHashMap<>();
            }
        }
        add(kernel, head, fields, found);
        return found;
    }

    private static List<String> lines() {
        try (InputStream in = Objects.requireNonNull(Tracepoint.class.getResourceAsStream("tracepoints.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .map(line -> line.replaceAll("#.*", "").stripTrailing()).filter(line -> !line.isEmpty()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(String kernel, String[] head, Map<String, Field> fields, Map<String, Tracepoint> found) {
        if (head.length < 4 || !head[0].equals(kernel)) {
            return;
        }
        List<String> arguments = head[3].equals("-") ? List.of() : List.of(head).subList(3, head.length);
        SystemCalls.expand(head[2])
                .forEach(name -> found.put(head[1] + "/" + name, new Tracepoint(head[1], name, fields, arguments)));
    }

    /** Whether it goes by this group and name. */
    boolean isAt(String place) {
        return place.equals(group + "/" + name);
    }

    /** How long a record is, in bytes. */
    int size() {
        return fields.values().stream().mapToInt(Field::end).max().orElse(COMMON);
    }

    /** A record whose numeric fields have these values; what is not a number is put in by {@link #put}. */
    byte[] record(Map<String, Long> values) {
        byte[] record = new byte[size()];
        values.forEach((name, value) -> {
            Field field = Objects.requireNonNull(fields.get(name), name);
            LittleEndian.put(record, field.offset(), field.size(), value);
        });
        return record;
    }

    /** Puts bytes into a field of a record, as many as it has room for. */
    void put(byte[] record, String name, byte[] bytes) {
        Field field = Objects.requireNonNull(fields.get(name), name);
        System.arraycopy(bytes, 0, record, field.offset(), Math.min(bytes.length, field.size()));
    }
}
