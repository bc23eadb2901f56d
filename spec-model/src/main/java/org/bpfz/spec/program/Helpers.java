package org.bpfz.spec.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The helpers of Linux 6.12 and the compressor's two: all prototypes, by number and by name.
 *
 * <p>The rows stand in the resource helpers.txt and are read when they are first asked for.
 */
public final class Helpers {
    /** The default number of {@code bpf_copy_from_buffer} (HELP-2). */
    public static final int COPY_FROM_BUFFER = 212;

    /** The default number of {@code bpf_lzo_compress} (HELP-2). */
    public static final int LZO_COMPRESS = 213;

    private static final List<HelperPrototype> ALL = HelperTable.read();

    private static final Map<Integer, List<HelperPrototype>> BY_NUMBER = new HashMap<>();

    private static final Map<String, HelperPrototype> BY_PROTOTYPE = new HashMap<>();

    static {
        for (HelperPrototype row : ALL) {
            BY_NUMBER.computeIfAbsent(row.number(), number -> new ArrayList<>()).add(row);
            BY_PROTOTYPE.put(row.prototype(), row);
        }
    }

    private Helpers() {
    }

    /** Every prototype, in order of numbers. */
    public static List<HelperPrototype> all() {
        return ALL;
    }

    /** The prototypes that a helper has over all program types; empty for a number that no helper has. */
    public static List<HelperPrototype> prototypes(int number) {
        return Collections.unmodifiableList(BY_NUMBER.getOrDefault(number, List.of()));
    }

    /** The helper's name, {@code bpf_map_lookup_elem}, or null for a number that no helper has. */
    public static @Nullable String name(int number) {
        List<HelperPrototype> rows = prototypes(number);
        return rows.isEmpty() ? null : rows.getFirst().name();
    }

    /**
     * The prototype by which a program of these traits may call the helper, or null where it may not, or where there is no such helper.
     *
     * <p>Licence, sleeping and {@link HelperPrototype#restriction} are not looked at: the kernel asks for them afterwards. A program
     * of type EXT is asked for with the traits of the program that it extends.
     */
    public static @Nullable HelperPrototype allowed(int number, ProgramTraits traits) {
        Map<String, HelperSet> sets = Sets.ALL;
        HelperSet set = sets.get(ProgramRule.of(traits.type()).helperSet(traits));
        if (set == null) {
            throw new IllegalStateException("no set of helpers for " + traits);
        }
        return set.grant(number, traits, sets);
    }

    /** Read when the first program asks, not when the first name is printed. */
    private static final class Sets {
        static final Map<String, HelperSet> ALL = HelperSet.read();
    }

    /** The prototype that the kernel calls by this name, {@code bpf_map_lookup_elem_proto}, or null. */
    public static @Nullable HelperPrototype prototype(String name) {
        return BY_PROTOTYPE.get(name);
    }
}
