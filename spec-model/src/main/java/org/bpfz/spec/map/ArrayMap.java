package org.bpfz.spec.map;

import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.Block;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.memory.Word;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/**
 * BPF_MAP_TYPE_ARRAY and BPF_MAP_TYPE_PERCPU_ARRAY (kernel/bpf/arraymap.c): all elements exist from the start, as zeroes, and for ever.
 */
public final class ArrayMap extends ElementMap {
    private final int entries;

    ArrayMap(int id, MapSpec spec, MapArea area) {
        super(id, spec, area, spec.type() == MapType.PERCPU_ARRAY);
        entries = area.slots();
    }

    /** The block of element 0: what LDDW of a map's value points into. */
    public Block firstValue() {
        return store.value(0, 0);
    }

    @Override
    public @Nullable Block lookupElement(byte[] key, int cpu) {
        int index = index(key);
        return isInside(index) ? store.value(index, cpu) : null;
    }

    @Override
    public int updateElement(byte[] key, byte[] value, long flags, int cpu) {
        // array_map_update_elem asks for unknown flags first, then for the index, and finds BPF_NOEXIST among other flags.
        if (areUnknown(flags & ~LOCK)) {
            return Errno.EINVAL.negative();
        }
        int index = index(key);
        if (!isInside(index)) {
            return Errno.E2BIG.negative();
        }
        if ((flags & NOEXIST) != 0) {
            return Errno.EEXIST.negative();
        }
        if ((flags & LOCK) != 0) {
            return Errno.EINVAL.negative();
        }
        System.arraycopy(value, 0, store.value(index, cpu).bytes(), 0, value.length);
        return 0;
    }

    @Override
    public int deleteElement(byte[] key) {
        return Errno.EINVAL.negative();
    }

    @Override
    public Cursor visit(int cpu) {
        return new Cursor() {
            private int index;

            @Override
            public @Nullable Visit next() {
                if (index == entries) {
                    return null;
                }
                Word value = Word.pointer(store.value(index, cpu).region());
                return new Visit(null, index++, value);
            }
        };
    }

    @Override
    int userLookup(byte[] key, byte[] value) {
        int index = index(key);
        if (!isInside(index)) {
            return Errno.ENOENT.negative();
        }
        copyOut(index, value);
        return 0;
    }

    @Override
    int userUpdate(byte[] key, byte[] value, long flags) {
        if (areUnknown(flags)) {
            return Errno.EINVAL.negative();
        }
        int index = index(key);
        if (!isInside(index)) {
            return Errno.E2BIG.negative();
        }
        if (flags == NOEXIST) {
            return Errno.EEXIST.negative();
        }
        copyIn(index, value);
        return 0;
    }

    @Override
    int userNextKey(byte @Nullable [] key, byte[] next) {
        return nextIndex(key, next, entries);
    }

    /** The index behind the key, the first one where the key is null or past the end (array_map_get_next_key). */
    static int nextIndex(byte @Nullable [] key, byte[] next, int entries) {
        int index = key == null ? -1 : index(key);
        if (index == entries - 1) {
            return Errno.ENOENT.negative();
        }
        boolean inside = Integer.compareUnsigned(index, entries) < 0;
        LittleEndian.put(next, 0, Integer.BYTES, inside ? index + 1 : 0);
        return 0;
    }

    /** The index that a key of 4 bytes is, as an unsigned number. */
    static int index(byte[] key) {
        return (int) LittleEndian.get(key, 0, Integer.BYTES);
    }

    private boolean isInside(int index) {
        return Integer.compareUnsigned(index, entries) < 0;
    }
}
