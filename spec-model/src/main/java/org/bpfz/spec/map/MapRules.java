package org.bpfz.spec.map;

import org.bpfz.spec.Errno;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapRule;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/**
 * What BPF_MAP_CREATE refuses and with which error, and which maps go into a map of maps: shared by all implementations of maps. The caller is
 * taken to have all capabilities.
 *
 * <p>Which sizes and flags a type takes stands in {@link MapRule}; here is the rest of map_create (kernel/bpf/syscall.c) and of the functions
 * map_alloc_check and map_alloc of each type.
 */
public final class MapRules {
    /** KMALLOC_MAX_SIZE on x86-64. */
    private static final long KMALLOC_MAX = 1L << 22;

    /** sizeof(struct htab_elem) in kernel/bpf/hashtab.c, without key and value. */
    private static final long HASH_ELEMENT = 48;

    /** With more elements, the size of a hash's buckets overflows 32 bits (htab_map_alloc). */
    private static final long HASH_ENTRIES_MAX = 1L << 27;

    private MapRules() {
    }

    /** A map that is not created: what bpf(2) returns, and why in words. */
    public record Refusal(Errno errno, String reason) {}

    /** Why the kernel would not create the map, or null; a kind of map that the model does not have is refused too. */
    public static @Nullable Refusal refusal(MapSpec spec) {
        return switch (spec.type()) {
            case ARRAY, PERCPU_ARRAY, PROG_ARRAY, HASH, PERCPU_HASH, LRU_HASH, LRU_PERCPU_HASH, QUEUE, STACK, RINGBUF ->
                own(spec);
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> own(spec) == null ? inner(spec.inner()) : own(spec);
            default -> new Refusal(Errno.EINVAL, spec.type().kernelName() + " is not modelled");
        };
    }

    /** Whether a map goes into a map of maps: 0, or a negative error number; {@code inner} is null where there is no such map. */
    public static int checkInner(MapSpec outer, @Nullable BpfMap inner) {
        if (inner == null) {
            return Errno.EBADF.negative();
        }
        MapSpec template = outer.inner();
        return template != null && isLike(template, inner.spec()) ? 0 : Errno.EINVAL.negative();
    }

    /** bpf_map_meta_equal in kernel/bpf/map_in_map.c, and array_map_meta_equal in kernel/bpf/arraymap.c. */
    private static boolean isLike(MapSpec template, MapSpec map) {
        boolean entriesCount = template.type() == MapType.ARRAY && !template.has(MapFlag.INNER_MAP);
        return template.type() == map.type() && template.keySize() == map.keySize()
                && template.valueSize() == map.valueSize() && template.flags() == map.flags()
                && (!entriesCount || template.maxEntries() == map.maxEntries());
    }

    /** What is to be said of the map itself. */
    private static @Nullable Refusal own(MapSpec spec) {
        Refusal refusal = attributes(spec);
        return refusal == null ? sizes(spec) : refusal;
    }

    /** What is -EINVAL, or for an LRU hash -ENOTSUPP, before it is asked whether there is room. */
    private static @Nullable Refusal attributes(MapSpec spec) {
        MapRule rule = MapRule.of(spec.type());
        if (spec.mapExtra() != 0) {
            return new Refusal(Errno.EINVAL, "map_extra is for bloom filters and arenas");
        }
        int unknown = spec.flags() & ~rule.flags();
        boolean lruOnDemand = isLru(spec) && spec.has(MapFlag.NO_PREALLOC);
        if ((unknown != 0 && !(lruOnDemand && unknown == MapFlag.NO_PREALLOC.mask())) || excludeEachOther(spec)) {
            return new Refusal(Errno.EINVAL, "flags that the type does not take, or not together");
        }
        if (lruOnDemand) {
            return new Refusal(Errno.ENOTSUPP, "an LRU hash is preallocated");
        }
        if (spec.has(MapFlag.NUMA_NODE) && spec.has(MapFlag.NO_COMMON_LRU)) {
            return new Refusal(Errno.EINVAL, "an LRU list for each CPU is of no one node");
        }
        if (!rule.keySizes().contains(spec.keySize()) || !rule.entries().contains(spec.maxEntries())
                || (!rule.valueSizes().contains(spec.valueSize()) && !isValueTooLarge(spec, rule))) {
            return new Refusal(Errno.EINVAL, "a size or a number of entries that the type does not take");
        }
        return null;
    }

    private static boolean excludeEachOther(MapSpec spec) {
        return (spec.has(MapFlag.RDONLY) && spec.has(MapFlag.WRONLY))
                || (spec.has(MapFlag.RDONLY_PROG) && spec.has(MapFlag.WRONLY_PROG));
    }

    /** What is -E2BIG. */
    private static @Nullable Refusal sizes(MapSpec spec) {
        long key = Integer.toUnsignedLong(spec.keySize());
        long value = Integer.toUnsignedLong(spec.valueSize());
        long entries = Integer.toUnsignedLong(spec.maxEntries());
        boolean tooLarge = isValueTooLarge(spec, MapRule.of(spec.type())) || switch (spec.type()) {
            case HASH, PERCPU_HASH, LRU_HASH, LRU_PERCPU_HASH, HASH_OF_MAPS ->
                key + value >= KMALLOC_MAX - HASH_ELEMENT || entries > HASH_ENTRIES_MAX;
            case QUEUE, STACK -> value > KMALLOC_MAX || entries >= 0xffff_ffffL / value;
            default -> false;
        };
        return tooLarge ? new Refusal(Errno.E2BIG, "too large") : null;
    }

    /** Whether the type takes no value as large as that: above what the type takes, where it takes several sizes. */
    private static boolean isValueTooLarge(MapSpec spec, MapRule rule) {
        MapRule.Sizes.Range last = rule.valueSizes().ranges().getLast();
        return last.from() != last.to() && Integer.toUnsignedLong(spec.valueSize()) > last.to();
    }

    /** bpf_map_meta_alloc in kernel/bpf/map_in_map.c. */
    private static @Nullable Refusal inner(@Nullable MapSpec inner) {
        if (inner == null) {
            return new Refusal(Errno.EBADF, "a map of maps needs an inner map");
        }
        return switch (inner.type()) {
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> new Refusal(Errno.EINVAL, "maps of maps of maps");
            case PROG_ARRAY -> new Refusal(Errno.ENOTSUPP, "a prog array can not be an inner map");
            default -> refusal(inner);
        };
    }

    private static boolean isLru(MapSpec spec) {
        return spec.type() == MapType.LRU_HASH || spec.type() == MapType.LRU_PERCPU_HASH;
    }
}
