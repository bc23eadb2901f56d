package org.bpfz.spec.program;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.program.TableReader.Row;
import org.jspecify.annotations.Nullable;

/**
 * A hook of the security modules that LSM programs attach to: one row of lsm_hooks.txt.
 *
 * @param name      without {@code bpf_lsm_}, as sections spell it
 * @param sleepable whether sleepable programs may attach
 * @param disabled  whether no program may attach
 * @param trusted   whether its arguments are trusted pointers
 */
public record LsmHook(String name, Kind kind, boolean sleepable, boolean disabled, boolean trusted) {
    private static final Map<String, LsmHook> ALL = read();

    /** What a hook returns. */
    public enum Kind {
        /** 0 or a negative error. */
        INT,
        /** 0 or 1. */
        BOOL,
        /** Nothing. */
        VOID
    }

    /** The hook of that name, or null where there is none, or no name. */
    public static @Nullable LsmHook of(@Nullable String name) {
        return ALL.get(name);
    }

    /** Every hook. */
    public static List<LsmHook> all() {
        return List.copyOf(ALL.values());
    }

    private static Map<String, LsmHook> read() {
        Map<String, LsmHook> hooks = new HashMap<>();
        for (Row row : TableReader.read("lsm_hooks.txt")) {
            List<String> flags = row.from(2);
            if (!List.of("sleeps", "disabled", "untrusted").containsAll(flags)) {
                throw row.malformed("unknown flag among " + flags);
            }
            Kind kind = switch (row.cell(1)) {
                case "int" -> Kind.INT;
                case "bool" -> Kind.BOOL;
                case "void" -> Kind.VOID;
                default -> throw row.malformed("unknown result " + row.cell(1));
            };
            hooks.put(row.cell(0), new LsmHook(row.cell(0), kind, flags.contains("sleeps"),
                    flags.contains("disabled"), !flags.contains("untrusted")));
        }
        return hooks;
    }
}
