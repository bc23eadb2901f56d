package org.bpfz.spec.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bpfz.spec.program.TableReader.Block;
import org.bpfz.spec.program.TableReader.Row;
import org.jspecify.annotations.Nullable;

/**
 * One set of helper_sets.txt: what a get_func_proto function of the kernel grants.
 *
 * <p>The order in which it is asked is the kernel's: the sets behind {@code first}, then the rows, which settle the matter for the helpers
 * that they name, then the sets behind {@code else}.
 */
final class HelperSet {
    /** A prototype, or null for a refusal, and when. */
    private record Grant(@Nullable HelperPrototype prototype, Condition condition) {}

    /** Another set, and when it is asked. */
    private record Reference(String set, Condition condition) {}

    private final String name;
    private final List<Reference> first = new ArrayList<>();
    private final Map<Integer, List<Grant>> rows = new LinkedHashMap<>();
    private final List<Reference> otherwise = new ArrayList<>();

    private HelperSet(String name) {
        this.name = name;
    }

    /** All sets by name. */
    static Map<String, HelperSet> read() {
        Map<String, HelperSet> sets = new LinkedHashMap<>();
        for (Block block : TableReader.blocks("helper_sets.txt")) {
            HelperSet set = new HelperSet(block.head().cell(1));
            block.rows().forEach(set::add);
            sets.put(set.name, set);
        }
        sets.values().forEach(each -> each.checkReferences(sets));
        return sets;
    }

    private void checkReferences(Map<String, HelperSet> sets) {
        Stream.concat(first.stream(), otherwise.stream()).filter(reference -> !sets.containsKey(reference.set))
                .forEach(reference -> {
                    throw new IllegalStateException("helper_sets.txt: set " + name + " asks " + reference.set);
                });
    }

    /** The prototype by which a program of these traits may call the helper, or null where it may not. */
    @Nullable
    HelperPrototype grant(int number, ProgramTraits traits, Map<String, HelperSet> sets) {
        HelperPrototype granted = ask(first, number, traits, sets);
        if (granted != null) {
            return granted;
        }
        List<Grant> own = rows.get(number);
        if (own == null) {
            return ask(otherwise, number, traits, sets);
        }
        for (Grant row : own) {
            if (row.condition.holds(traits)) {
                return row.prototype;
            }
        }
        return null;
    }

    private static @Nullable HelperPrototype ask(List<Reference> references, int number, ProgramTraits traits,
            Map<String, HelperSet> sets) {
        for (Reference reference : references) {
            if (reference.condition.holds(traits)) {
                HelperPrototype granted = sets.get(reference.set).grant(number, traits, sets);
                if (granted != null) {
                    return granted;
                }
            }
        }
        return null;
    }

    private void add(Row row) {
        switch (row.cell(0)) {
            case "first" -> first.add(new Reference(row.cell(1), Condition.parse(row.from(2))));
            case "else" -> otherwise.add(new Reference(row.cell(1), Condition.parse(row.from(2))));
            case "none" -> grants(number(row)).add(new Grant(null, Condition.parse(row.from(2))));
            default -> {
                HelperPrototype prototype = Helpers.prototype(row.cell(0));
                if (prototype == null) {
                    throw row.malformed("no prototype " + row.cell(0) + " in helpers.txt");
                }
                grants(prototype.number()).add(new Grant(prototype, Condition.parse(row.from(1))));
            }
        }
    }

    private List<Grant> grants(int number) {
        return rows.computeIfAbsent(number, key -> new ArrayList<>());
    }

    private static int number(Row row) {
        HelperPrototype any = Helpers.all().stream().filter(each -> each.name().equals(row.cell(1))).findFirst()
                .orElseThrow(() -> row.malformed("no helper " + row.cell(1)));
        return any.number();
    }
}
