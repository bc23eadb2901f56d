package org.bpfz.loader;

import java.util.Map;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/** What the type of a map's variable says, field by field; 0 where it says nothing (struct btf_map_def of libbpf). */
record BtfMapDefinition(String name, MapType type, int keySize, int valueSize, int maxEntries, int flags, long mapExtra,
        int numaNode, boolean pinnedByName, int keyType, int valueType, @Nullable BtfMapDefinition inner) {
    private static final int PAGE_SIZE = 4096;

    MapDefinition definition(Map<Integer, String> slots, Bytes contents) {
        return new MapDefinition(spec(), pinnedByName, numaNode, slots, contents);
    }

    private MapSpec spec() {
        boolean typed = keepsTypes();
        return new MapSpec(name, type, keySize, valueSize, isRing() ? ringSize() : maxEntries, flags, mapExtra, null,
                false, typed ? keyType : 0, typed ? valueType : 0, inner == null ? null : inner.spec());
    }

    /**
     * Whether the kernel is told the types of key and value: for some kinds of map it takes none, and libbpf leaves them out
     * (bpf_object__create_map); a key's type without a value's it refuses, and libbpf tries again without.
     */
    private boolean keepsTypes() {
        return switch (type) {
            case PERF_EVENT_ARRAY, CGROUP_ARRAY, STACK_TRACE, ARRAY_OF_MAPS, HASH_OF_MAPS, DEVMAP, DEVMAP_HASH, CPUMAP,
                    XSKMAP, SOCKMAP, SOCKHASH, QUEUE, STACK, ARENA ->
                false;
            default -> valueType != 0;
        };
    }

    private boolean isRing() {
        return type == MapType.RINGBUF || type == MapType.USER_RINGBUF;
    }

    /** The next power of two pages, which is what the kernel takes (adjust_ringbuf_sz). */
    private int ringSize() {
        long size = Integer.toUnsignedLong(maxEntries);
        boolean fits = size % PAGE_SIZE == 0 && Long.bitCount(size / PAGE_SIZE) == 1;
        if (size == 0 || fits) {
            return maxEntries;
        }
        long rounded = PAGE_SIZE;
        while (rounded <= size) {
            rounded *= 2;
        }
        return rounded > 0xffffffffL ? maxEntries : (int) rounded;
    }
}
