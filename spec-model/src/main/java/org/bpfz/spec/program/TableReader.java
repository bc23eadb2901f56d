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

    private TableReader() {
    }

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
