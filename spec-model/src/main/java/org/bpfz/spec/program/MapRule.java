package org.bpfz.spec.program;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the kernel asks of the maps of one type: one block of map_types.txt.
 *
 * @param purpose    what it holds
 * @param needs      the capabilities that creating one takes
 * @param keySizes   the sizes of keys that are taken, in bytes
 * @param valueSizes the sizes of values that are taken, in bytes
 * @param entries    the numbers of entries that are taken
 * @param flags      the flags that may be set, as a mask
 * @param must       the flags that have to be set, as a mask
 * @param own        helpers, by name, that take maps of this type and of others that own them too
 * @param also       further helpers, by name, with their conditions; {@code any} for all that no type owns
 * @param sleepable  whether sleepable programs may use it
 */
public record MapRule(MapType type, String purpose, Set<Capability> needs, Sizes keySizes, Sizes valueSizes,
        Sizes entries, int flags, int must, Set<String> own, List<Choice<String>> also, boolean sleepable) {

    private static final Map<MapType, MapRule> ALL = MapTable.read();

    public MapRule {
        needs = Set.copyOf(needs);
        own = Set.copyOf(own);
        also = List.copyOf(also);
    }

    /** Which numbers are taken for a size: the ranges, both ends included, as unsigned 32 bits, and perhaps whole pages only. */
    public record Sizes(List<Range> ranges, boolean pages) {
        /** Both ends included. */
        public record Range(long from, long to) {}

        public Sizes {
            ranges = List.copyOf(ranges);
        }

        /** Whether this size is taken. */
        public boolean contains(int size) {
            long unsigned = Integer.toUnsignedLong(size);
            boolean inside = ranges.stream().anyMatch(range -> unsigned >= range.from && unsigned <= range.to);
            return inside && (!pages || (Integer.bitCount(size) == 1 && size % 4096 == 0));
        }
    }

    /** The rule of a type; UNSPEC has none and is an {@link IllegalArgumentException}. */
    public static MapRule of(MapType type) {
        MapRule rule = ALL.get(type);
        if (rule == null) {
            throw new IllegalArgumentException("no rule for " + type);
        }
        return rule;
    }

    /** Whether sizes, entries and flags are among those that the kernel takes for the type. */
    public boolean takes(MapSpec spec) {
        return keySizes.contains(spec.keySize()) && valueSizes.contains(spec.valueSize())
                && entries.contains(spec.maxEntries()) && (spec.flags() & ~flags) == 0 && (~spec.flags() & must) == 0;
    }

    /**
     * Whether a program of these traits may pass a map of this type to a helper that takes a map. Otherwise the verifier says
     * {@code cannot pass map_type ... into func ...} and -EINVAL.
     */
    public boolean goesInto(HelperPrototype helper, ProgramTraits traits) {
        if (own.contains(helper.name())) {
            return true;
        }
        boolean owned = Owned.HELPERS.contains(helper.name());
        return !owned && also.stream().anyMatch(choice -> choice.applies(traits)
                && (choice.value().equals("any") || choice.value().equals(helper.name())));
    }

    /** The helpers that are some type's own. */
    private static final class Owned {
        static final Set<String> HELPERS = ALL.values().stream().flatMap(rule -> rule.own.stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
