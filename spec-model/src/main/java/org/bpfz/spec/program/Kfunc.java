package org.bpfz.spec.program;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bpfz.spec.program.TableReader.Block;
import org.bpfz.spec.program.TableReader.Row;
import org.jspecify.annotations.Nullable;

/**
 * A kernel function that programs may call: one row of kfuncs.txt. Its prototype is the kernel's BTF's.
 *
 * @param hooks the groups of program types that may call it
 */
public record Kfunc(String name, Set<KfuncFlag> flags, Set<KfuncHook> hooks) {
    private static final Map<String, Entry> ALL = read();

    /** A row and what else must hold where it is to apply. */
    private record Entry(Kfunc kfunc, Condition condition) {}

    public Kfunc {
        flags = Set.copyOf(flags);
        hooks = Set.copyOf(hooks);
    }

    /** Whether it has the flag. */
    public boolean has(KfuncFlag flag) {
        return flags.contains(flag);
    }

    /** The function of that name if the program may call it, or null (btf_kfunc_id_set_contains). */
    public static @Nullable Kfunc allowed(String name, ProgramTraits program) {
        Entry entry = ALL.get(name);
        if (entry == null || !entry.condition.holds(program)) {
            return null;
        }
        Kfunc row = entry.kfunc;
        KfuncHook hook = KfuncHook.of(program.type());
        return row.hooks.contains(KfuncHook.COMMON) || (hook != null && row.hooks.contains(hook)) ? row : null;
    }

    /** Every row. */
    public static List<Kfunc> all() {
        return ALL.values().stream().map(Entry::kfunc).toList();
    }

    private static Map<String, Entry> read() {
        Map<String, Entry> kfuncs = new HashMap<>();
        for (Block block : TableReader.blocks("kfuncs.txt")) {
            Set<KfuncHook> hooks = EnumSet.noneOf(KfuncHook.class);
            block.head().from(2).forEach(hook -> hooks.add(KfuncHook.valueOf(hook)));
            Condition condition = Condition.ALWAYS;
            List<Row> rows = new ArrayList<>(block.rows());
            if (rows.getFirst().cell(0).equals("if")) {
                condition = Condition.parse(rows.removeFirst().from(1));
            }
            for (Row row : rows) {
                Set<KfuncFlag> flags = EnumSet.noneOf(KfuncFlag.class);
                row.from(1).forEach(flag -> flags.add(KfuncFlag.valueOf(flag.toUpperCase(Locale.ROOT))));
                Kfunc kfunc = new Kfunc(row.cell(0), flags, hooks);
                if (kfuncs.put(kfunc.name(), new Entry(kfunc, condition)) != null) {
                    throw row.malformed("a second row of " + kfunc.name());
                }
            }
        }
        return kfuncs;
    }
}
