package org.bpfz.spec.program;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfz.spec.program.TableReader.Block;
import org.bpfz.spec.program.TableReader.Row;
import org.jspecify.annotations.Nullable;

/** Reads one block of program_types.txt, whose head says what the rows mean. */
final class ProgramTable {
    private final ProgramType type;
    private final String purpose;
    private String context = "";
    private final Set<Capability> needs = EnumSet.noneOf(Capability.class);
    private @Nullable Set<AttachType> expects;
    private final Set<AttachType> attaches = EnumSet.noneOf(AttachType.class);
    private List<String> through = List.of();
    private final List<Choice<String>> helpers = new ArrayList<>();
    private final List<Choice<ReturnRule>> returns = new ArrayList<>();
    private final List<Choice<Boolean>> sleeps = new ArrayList<>();

    private ProgramTable(Row head) {
        type = ProgramType.valueOf(head.cell(1));
        purpose = head.comment();
    }

    static Map<ProgramType, ProgramRule> read() {
        Map<ProgramType, ProgramRule> rules = new EnumMap<>(ProgramType.class);
        for (Block block : TableReader.blocks("program_types.txt")) {
            ProgramTable table = new ProgramTable(block.head());
            block.rows().forEach(table::add);
            rules.put(table.type, table.rule());
        }
        return rules;
    }

    private ProgramRule rule() {
        return new ProgramRule(type, purpose, context, needs, expects, attaches, through, helpers, returns, sleeps);
    }

    private void add(Row row) {
        switch (row.cell(0)) {
            case "context" -> context = row.cell(1);
            case "helpers" -> helpers.add(new Choice<>(row.cell(1), Condition.parse(row.from(2))));
            case "needs" -> row.from(1).stream().filter(cell -> !cell.equals("-"))
                    .forEach(cell -> needs.add(Capability.valueOf(cell)));
            case "expects" -> expects = expected(row);
            case "attaches" -> row.from(1).forEach(cell -> attaches.add(AttachType.valueOf(cell)));
            case "through" -> through = row.from(1);
            case "returns" -> returns.add(returned(row));
            case "sleeps" -> sleeps.add(sleeping(row));
            default -> throw row.malformed("unknown row " + row.cell(0));
        }
    }

    private static @Nullable Set<AttachType> expected(Row row) {
        if (row.cell(1).equals("any")) {
            return null;
        }
        Set<AttachType> types = EnumSet.noneOf(AttachType.class);
        if (!row.cell(1).equals("zero")) {
            row.from(1).forEach(cell -> types.add(AttachType.valueOf(cell)));
        }
        return types;
    }

    private static Choice<ReturnRule> returned(Row row) {
        return switch (row.cell(1)) {
            case "none" -> new Choice<>(new ReturnRule.Nothing(), Condition.parse(row.from(2)));
            case "any" -> new Choice<>(new ReturnRule.Any(), Condition.parse(row.from(2)));
            case "int" -> new Choice<>(
                    new ReturnRule.IntRange(Integer.parseInt(row.cell(2)), Integer.parseInt(row.cell(3))),
                    Condition.parse(row.from(4)));
            default -> new Choice<>(
                    new ReturnRule.Range(Integer.parseInt(row.cell(1)), Integer.parseInt(row.cell(2))),
                    Condition.parse(row.from(3)));
        };
    }

    private static Choice<Boolean> sleeping(Row row) {
        boolean must = row.cells().size() > 1 && row.cell(1).equals("must");
        return new Choice<>(must, Condition.parse(row.from(must ? 2 : 1)));
    }
}
