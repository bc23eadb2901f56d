package org.bpfz.spec.program;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.program.TableReader.Block;
import org.bpfz.spec.program.TableReader.Row;
import org.jspecify.annotations.Nullable;

/** Reads clauses.txt, whose head says what the rows mean. */
final class ClauseTable {
    private static final List<String> KEYS = List.of("required", "open", "questions", "code");
    private static final Map<Clause, Text> ALL = read();

    /** What the table says of a clause. */
    record Text(@Nullable String required, @Nullable String open, List<String> questions, List<String> code) {}

    private ClauseTable() {
    }

    static Text row(Clause clause) {
        Text text = ALL.get(clause);
        if (text == null) {
            throw new IllegalStateException("clauses.txt has no " + clause.id());
        }
        return text;
    }

    private static Map<Clause, Text> read() {
        Map<Clause, Text> texts = new EnumMap<>(Clause.class);
        for (Block block : TableReader.blocks("clauses.txt")) {
            Clause clause = Clause.of(block.head().cell(1));
            if (clause == null) {
                throw block.head().malformed("no clause " + block.head().cell(1));
            }
            texts.put(clause, text(block.rows()));
        }
        return texts;
    }

    private static Text text(List<Row> rows) {
        rows.stream().filter(row -> !KEYS.contains(row.cell(0))).forEach(row -> {
            throw row.malformed("unknown row " + row.cell(0));
        });
        List<String> required = cells(rows, "required");
        List<String> open = cells(rows, "open");
        return new Text(required.isEmpty() ? null : String.join(" ", required),
                open.isEmpty() ? null : String.join(" ", open), cells(rows, "questions"), cells(rows, "code"));
    }

    private static List<String> cells(List<Row> rows, String key) {
        return rows.stream().filter(row -> row.cell(0).equals(key)).flatMap(row -> row.from(1).stream()).toList();
    }
}
