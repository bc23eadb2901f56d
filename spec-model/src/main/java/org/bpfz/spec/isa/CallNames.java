package org.bpfz.spec.isa;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What called functions are named, for those who write and read {@code call bpf_map_lookup_elem#1}. */
public interface CallNames {
    /** The helper's name, or null for a number that has none. */
    @Nullable
    String helper(int number);

    /** The helper's number, or null for a name that no helper has. */
    @Nullable
    Integer helper(String name);

    /** The kernel function's name, or null if it is not known. */
    default @Nullable String kfunc(int btfId, short moduleIndex) {
        return null;
    }

    /** No names at all. */
    static CallNames none() {
        return ofHelpers(Map.of());
    }

    /** Helpers with these names by number. */
    static CallNames ofHelpers(Map<Integer, String> names) {
        Map<String, Integer> numbers = new HashMap<>();
        names.forEach((number, name) -> numbers.put(name, number));
        return new CallNames() {
            @Override
            public @Nullable String helper(int number) {
                return names.get(number);
            }

            @Override
            public @Nullable Integer helper(String name) {
                return numbers.get(name);
            }
        };
    }
}
