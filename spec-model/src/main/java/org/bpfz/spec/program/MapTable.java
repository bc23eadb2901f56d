package org.bpfz.spec.program;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfz.spec.program.MapRule.Sizes;
import org.bpfz.spec.program.MapRule.Sizes.Range;
import org.bpfz.spec.program.TableReader.Block;
import org.bpfz.spec.program.TableReader.Row;

/** Reads one block of map_types.txt, whose head says what the rows mean. */
final class MapTable {
    private static final long MAX = 0xffff_ffffL;
    private static final List<MapFlag> ACCESS = List.of(MapFlag.RDONLY, MapFlag.WRONLY, MapFlag.RDONLY_PROG,
            MapFlag.WRONLY_PROG);

    private final Row head;
    private final Set<Capability> needs = EnumSet.noneOf(Capability.class);
    private Sizes keys = new Sizes(List.of(), false);
    private Sizes values = new Sizes(List.of(), false);
    private Sizes entries = new Sizes(List.of(), false);
    private int flags;
    private int must;
    private final Set<String> own = new HashSet<>();
    private final List<Choice<String>> also = new ArrayList<>();
    private boolean sleepable;

    private MapTable(Row head) {
        this.head = head;
    }

    static Map<MapType, MapRule> read() {
        Map<MapType, MapRule> rules = new EnumMap<>(MapType.class);
        for (Block block : TableReader.blocks("map_types.txt")) {
            MapTable table = new MapTable(block.head());
            block.rows().forEach(table::add);
            MapRule rule = table.rule();
            rules.put(rule.type(), rule);
        }
        return rules;
    }

    private MapRule rule() {
        return new MapRule(MapType.valueOf(head.cell(1)), head.comment(), needs, keys, values, entries, flags, must,
                own,
                also, sleepable);
    }

    private void add(Row row) {
        switch (row.cell(0)) {
            case "needs" -> row.from(1).forEach(cell -> needs.add(Capability.valueOf(cell)));
            case "key" -> keys = sizes(row);
            case "value" -> values = sizes(row);
            case "entries" -> entries = sizes(row);
            case "flags" -> flags = mask(row);
            case "must" -> must = mask(row);
            case "own" -> own.addAll(row.from(1));
            case "also" -> addAlso(row);
            case "sleeps" -> sleepable = true;
            default -> throw row.malformed("unknown row " + row.cell(0));
        }
    }

    private void addAlso(Row row) {
        Condition condition = Condition.parse(row.from(1).stream().filter(Condition::isCondition).toList());
        row.from(1).stream().filter(cell -> !Condition.isCondition(cell))
                .forEach(helper -> also.add(new Choice<>(helper, condition)));
    }

    private static Sizes sizes(Row row) {
        if (row.cell(1).equals("pages")) {
            return new Sizes(List.of(new Range(1, MAX)), true);
        }
        List<Range> ranges = new ArrayList<>();
        for (String cell : row.cell(1).split(",", -1)) {
            int dots = cell.indexOf("..");
            String from = dots < 0 ? cell : cell.substring(0, dots);
            String to = dots < 0 ? cell : cell.substring(dots + 2);
            ranges.add(new Range(Long.parseLong(from), to.isEmpty() ? MAX : Long.parseLong(to)));
        }
        return new Sizes(ranges, false);
    }

    private static int mask(Row row) {
        int mask = 0;
        for (String cell : row.from(1)) {
            for (MapFlag flag : cell.equals("access") ? ACCESS : List.of(MapFlag.valueOf(cell))) {
                mask |= flag.mask();
            }
        }
        return mask;
    }
}
