package org.bpfz.spec.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the tables that stand beside this class as text: rows of cells between blanks, comments from a hash to the end of the line. */
final class TableReader {
    /**
     * One row.
     *
     * @param place    file and line, for messages
     * @param indented whether it belongs to the last row that is not
     * @param comment  what stands behind the hash, or the empty string
     */
    record Row(String place, boolean indented, List<String> cells, String comment) {
        String cell(int index) {
            if (index >= cells.size()) {
                throw malformed("cell " + (index + 1) + " is missing");
            }
            return cells.get(index);
        }

        List<String> from(int index) {
            return cells.subList(Math.min(index, cells.size()), cells.size());
        }

        IllegalStateException malformed(String what) {
            return new IllegalStateException(place + ": " + what);
        }
    }

    /** A row that is not indented and the indented ones below it. */
    record Block(Row head, List<Row> rows) {}

    private TableReader() {
    }

    /** The rows of a resource that has its rows in blocks. */
    static List<Block> blocks(String resource) {
        List<Block> blocks = new ArrayList<>();
        for (Row row : read(resource)) {
            if (!row.indented()) {
                blocks.add(new Block(row, new ArrayList<>()));
            } else if (blocks.isEmpty()) {
                throw row.malformed("indented, and nothing above it to belong to");
            } else {
                blocks.getLast().rows.add(row);
            }
        }
        return blocks;
    }

    /** The rows of a resource. */
    static List<Row> read(String resource) {
        List<Row> rows = new ArrayList<>();
        InputStream in = TableReader.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("resource " + resource + " is missing from the class path");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                int hash = line.indexOf('#');
                String text = hash < 0 ? line : line.substring(0, hash);
                if (!text.isBlank()) {
                    rows.add(new Row(resource + ":" + number, Character.isWhitespace(text.charAt(0)),
                            Arrays.asList(text.strip().split(" +", -1)),
                            hash < 0 ? "" : line.substring(hash + 1).strip()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
        return rows;
    }
}
