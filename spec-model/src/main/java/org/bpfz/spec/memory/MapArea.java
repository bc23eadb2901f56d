package org.bpfz.spec.memory;

import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/**
 * Where a map's elements lie, the same on every engine.
 *
 * <p>Element number i of CPU number c is at {@code base + (c * slots + i) * stride}: its key, if the map has keys of its own,
 * then its value, both rounded up to 8 bytes. A map that is not per-CPU has one copy, that of CPU 0; keys are CPU 0's. An array's slot is the
 * index. Which slot a hash gives to a key is part of the contract too (org.bpfz.spec.map.ElementSlots).
 *
 * @param base        address of slot 0 of CPU 0
 * @param slots       how many elements there is room for
 * @param stride      bytes from one slot to the next
 * @param valueOffset bytes from the start of a slot to the value
 * @param cpus        how many copies there are
 */
public record MapArea(long base, int slots, int stride, int valueOffset, int cpus) {

    /** The address of an element's key. */
    public long key(int slot) {
        return base + (long) slot * stride;
    }

    /** The address of an element's value on a CPU, which is 0 unless the map is per-CPU. */
    public long value(int slot, int cpu) {
        return base + ((long) cpu * slots + slot) * stride + valueOffset;
    }

    /** Bytes altogether. */
    public long size() {
        return (long) cpus * slots * stride;
    }

    /**
     * Gives a new map its place in an arena. A map whose elements have no addresses (queue, prog array, map of maps, ...) gets an empty one.
     *
     * @param cpus how many CPUs the environment has
     * @return null where the arena is full
     */
    public static @Nullable MapArea place(Layout layout, MapSpec spec, int cpus) {
        long value = roundUp(Integer.toUnsignedLong(spec.valueSize()));
        long key = roundUp(Integer.toUnsignedLong(spec.keySize()));
        long entries = Integer.toUnsignedLong(spec.maxEntries());
        return switch (spec.type()) {
            case ARRAY -> place(layout, entries, value, 0, 1);
            case PERCPU_ARRAY -> place(layout, entries, value, 0, cpus);
            // One extra element a CPU (alloc_extra_elems in kernel/bpf/hashtab.c), or the one that is allocated before the old one is freed.
            case HASH -> place(layout, entries + (spec.has(MapFlag.NO_PREALLOC) ? 1 : cpus), key + value, key, 1);
            case PERCPU_HASH -> place(layout, entries, key + value, key, cpus);
            case LRU_HASH -> place(layout, lruEntries(spec, cpus), key + value, key, 1);
            case LRU_PERCPU_HASH -> place(layout, lruEntries(spec, cpus), key + value, key, cpus);
            // Mapped twice in a row, so that a record that wraps around is one piece (bpf_ringbuf_area_alloc in kernel/bpf/ringbuf.c).
            case RINGBUF -> place(layout, 1, 2 * entries, 0, 1);
            default -> place(layout, 0, 0, 0, 1);
        };
    }

    /** How many elements an LRU hash has: with a list for each CPU, every list gets as many (htab_map_alloc in kernel/bpf/hashtab.c). */
    public static long lruEntries(MapSpec spec, int cpus) {
        long entries = Integer.toUnsignedLong(spec.maxEntries());
        return spec.has(MapFlag.NO_COMMON_LRU) ? (entries + cpus - 1) / cpus * cpus : entries;
    }

    private static @Nullable MapArea place(Layout layout, long slots, long stride, long valueOffset, int cpus) {
        if (slots > Layout.ARENA_LIMIT || stride > Layout.ARENA_LIMIT
                || Math.multiplyHigh(slots * cpus, stride) != 0 || slots * cpus * stride < 0) {
            return null;
        }
        long base = layout.place(slots * cpus * stride);
        return base == Layout.FULL ? null : new MapArea(base, (int) slots, (int) stride, (int) valueOffset, cpus);
    }

    private static long roundUp(long bytes) {
        return (bytes + 7) & -8;
    }
}
