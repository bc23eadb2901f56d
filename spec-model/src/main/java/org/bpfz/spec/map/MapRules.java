package org.bpfz.spec.map;

import org.bpfz.spec.Errno;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/**
 * What BPF_MAP_CREATE refuses, and which maps go into a map of maps: facts that every implementation of maps shares. The caller is taken to
 * have all capabilities.
 */
public final class MapRules {
    /** KMALLOC_MAX_SIZE on x86-64. */
    private static final long KMALLOC_MAX = 1L << 22;

    /** sizeof(struct htab_elem) in kernel/bpf/hashtab.c, without key and value. */
    private static final long HASH_ELEMENT = 48;

    /** PCPU_MIN_UNIT_SIZE in include/linux/percpu.h. */
    private static final long PER_CPU_MAX = 32 << 10;

    /** How many elements need so many buckets that their size overflows 32 bits (htab_map_alloc). */
    private static final long HASH_ENTRIES_MAX = 1L << 27;

    private static final int PAGE = 4096;

    private static final int ACCESS = mask(MapFlag.RDONLY, MapFlag.WRONLY, MapFlag.RDONLY_PROG, MapFlag.WRONLY_PROG);

    private static final int ARRAY_FLAGS = ACCESS
            | mask(MapFlag.NUMA_NODE, MapFlag.MMAPABLE, MapFlag.PRESERVE_ELEMS, MapFlag.INNER_MAP);

    private static final int HASH_FLAGS = ACCESS
            | mask(MapFlag.NO_PREALLOC, MapFlag.NO_COMMON_LRU, MapFlag.NUMA_NODE, MapFlag.ZERO_SEED);

    private static final int QUEUE_FLAGS = ACCESS | mask(MapFlag.NUMA_NODE);

    private MapRules() {
    }

    /** A map that is not created: what bpf(2) returns, and why in words. */
    public record Refusal(Errno errno, String reason) {}

    /** Why the kernel would not create the map, or null; a kind of map that the model does not have is refused too. */
    public static @Nullable Refusal refusal(MapSpec spec) {
        if (spec.mapExtra() != 0) {
            return new Refusal(Errno.EINVAL, "map_extra is for bloom filters and arenas");
        }
        if (spec.has(MapFlag.RDONLY) && spec.has(MapFlag.WRONLY)) {
            return new Refusal(Errno.EINVAL, "BPF_F_RDONLY and BPF_F_WRONLY");
        }
        return switch (spec.type()) {
            case ARRAY, PERCPU_ARRAY -> arrayRefusal(spec);
            case PROG_ARRAY -> referenceArrayRefusal(spec);
            case ARRAY_OF_MAPS -> first(referenceArrayRefusal(spec), innerRefusal(spec));
            case HASH, PERCPU_HASH, LRU_HASH, LRU_PERCPU_HASH -> hashRefusal(spec);
            case HASH_OF_MAPS -> first(
                    spec.valueSize() == 4 ? null : new Refusal(Errno.EINVAL, "the value is a descriptor: 4 bytes"),
                    hashRefusal(spec), innerRefusal(spec));
            case QUEUE, STACK -> queueRefusal(spec);
            case RINGBUF -> ringRefusal(spec);
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

    /** array_map_alloc_check. */
    private static @Nullable Refusal arrayRefusal(MapSpec spec) {
        boolean perCpu = spec.type() == MapType.PERCPU_ARRAY;
        if (spec.keySize() != 4) {
            return new Refusal(Errno.EINVAL, "the key of an array is 4 bytes");
        }
        if (spec.maxEntries() == 0 || spec.valueSize() == 0) {
            return new Refusal(Errno.EINVAL, "no entries, or a value of 0 bytes");
        }
        boolean arrayOnly = spec.has(MapFlag.MMAPABLE) || spec.has(MapFlag.INNER_MAP);
        if ((spec.type() != MapType.ARRAY && arrayOnly) || spec.has(MapFlag.PRESERVE_ELEMS)
                || (perCpu && spec.has(MapFlag.NUMA_NODE)) || areFlagsBad(spec, ARRAY_FLAGS)) {
            return new Refusal(Errno.EINVAL, "flags that the kind does not take");
        }
        if (spec.valueSize() < 0 || (perCpu && roundedValue(spec) > PER_CPU_MAX)) {
            return new Refusal(Errno.E2BIG, "the value is too large");
        }
        return null;
    }

    /** fd_array_map_alloc_check. */
    private static @Nullable Refusal referenceArrayRefusal(MapSpec spec) {
        if (spec.valueSize() != 4) {
            return new Refusal(Errno.EINVAL, "the value is a descriptor: 4 bytes");
        }
        if (spec.has(MapFlag.RDONLY_PROG) || spec.has(MapFlag.WRONLY_PROG)) {
            return new Refusal(Errno.EINVAL, "flags that the kind does not take");
        }
        return arrayRefusal(spec);
    }

    /** htab_map_alloc_check, then htab_map_alloc. */
    private static @Nullable Refusal hashRefusal(MapSpec spec) {
        boolean perCpu = spec.type() == MapType.PERCPU_HASH || spec.type() == MapType.LRU_PERCPU_HASH;
        boolean lru = spec.type() == MapType.LRU_HASH || spec.type() == MapType.LRU_PERCPU_HASH;
        if (areFlagsBad(spec, HASH_FLAGS) || (!lru && spec.has(MapFlag.NO_COMMON_LRU))) {
            return new Refusal(Errno.EINVAL, "flags that the kind does not take");
        }
        if (lru && spec.has(MapFlag.NO_PREALLOC)) {
            return new Refusal(Errno.ENOTSUPP, "an LRU hash is preallocated");
        }
        if (spec.has(MapFlag.NUMA_NODE) && (perCpu || spec.has(MapFlag.NO_COMMON_LRU))) {
            return new Refusal(Errno.EINVAL, "flags that the kind does not take");
        }
        if (spec.maxEntries() == 0 || spec.keySize() == 0 || spec.valueSize() == 0) {
            return new Refusal(Errno.EINVAL, "no entries, or a key or value of 0 bytes");
        }
        long element = Integer.toUnsignedLong(spec.keySize()) + Integer.toUnsignedLong(spec.valueSize());
        if (element >= KMALLOC_MAX - HASH_ELEMENT || (perCpu && roundedValue(spec) > PER_CPU_MAX)) {
            return new Refusal(Errno.E2BIG, "key and value are too large");
        }
        return Integer.toUnsignedLong(spec.maxEntries()) > HASH_ENTRIES_MAX
                ? new Refusal(Errno.E2BIG, "too many entries")
                : null;
    }

    /** queue_stack_map_alloc_check. */
    private static @Nullable Refusal queueRefusal(MapSpec spec) {
        if (spec.maxEntries() == 0 || spec.keySize() != 0 || spec.valueSize() == 0 || areFlagsBad(spec, QUEUE_FLAGS)) {
            return new Refusal(Errno.EINVAL,
                    "no entries, a key, a value of 0 bytes, or flags that the kind does not take");
        }
        long value = Integer.toUnsignedLong(spec.valueSize());
        return value > KMALLOC_MAX || Integer.toUnsignedLong(spec.maxEntries()) >= 0xffff_ffffL / value
                ? new Refusal(Errno.E2BIG, "the values are too large or too many")
                : null;
    }

    /** ringbuf_map_alloc. */
    private static @Nullable Refusal ringRefusal(MapSpec spec) {
        boolean size = Integer.bitCount(spec.maxEntries()) == 1 && spec.maxEntries() % PAGE == 0;
        return !size || spec.keySize() != 0 || spec.valueSize() != 0 || (spec.flags() & ~MapFlag.NUMA_NODE.mask()) != 0
                ? new Refusal(Errno.EINVAL, "the size is a power of two and whole pages; no key, value or flags")
                : null;
    }

    /** bpf_map_meta_alloc in kernel/bpf/map_in_map.c. */
    private static @Nullable Refusal innerRefusal(MapSpec spec) {
        MapSpec inner = spec.inner();
        if (inner == null) {
            return new Refusal(Errno.EBADF, "a map of maps needs an inner map");
        }
        return switch (inner.type()) {
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> new Refusal(Errno.EINVAL, "maps of maps of maps");
            case PROG_ARRAY -> new Refusal(Errno.ENOTSUPP, "a prog array can not be an inner map");
            default -> refusal(inner);
        };
    }

    private static @Nullable Refusal first(@Nullable Refusal... refusals) {
        for (Refusal refusal : refusals) {
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private static boolean areFlagsBad(MapSpec spec, int known) {
        return (spec.flags() & ~known) != 0 || (spec.has(MapFlag.RDONLY_PROG) && spec.has(MapFlag.WRONLY_PROG));
    }

    private static long roundedValue(MapSpec spec) {
        return (Integer.toUnsignedLong(spec.valueSize()) + 7) & -8;
    }

    private static int mask(MapFlag... flags) {
        int mask = 0;
        for (MapFlag flag : flags) {
            mask |= flag.mask();
        }
        return mask;
    }
}
