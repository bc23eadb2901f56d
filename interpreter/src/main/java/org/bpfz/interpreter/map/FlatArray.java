package org.bpfz.interpreter.map;

import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/** BPF_MAP_TYPE_ARRAY and BPF_MAP_TYPE_PERCPU_ARRAY (kernel/bpf/arraymap.c). */
public final class FlatArray extends FlatElements {
    private final int entries;

    /** A new array with its initial value. */
    public FlatArray(int id, MapSpec spec, MapArea area, FlatMemory memory) {
        super(id, spec, area, memory);
        entries = area.slots();
        if (spec.initial() != null) {
            spec.initial().copyTo(memory.bytes(), FlatMemory.offset(firstValue()));
        }
    }

    /** The address of the first element's value. */
    public long firstValue() {
        return area.value(0, 0);
    }

    @Override
    public long find(byte[] source, int from, int cpu) {
        int index = index(source, from);
        return isInside(index) ? value(index, cpu) : 0;
    }

    @Override
    public int update(byte[] source, int key, int value, long flags, int cpu) {
        if (areUnknown(flags & ~LOCK)) {
            return Errno.EINVAL.negative();
        }
        int index = index(source, key);
        if (!isInside(index)) {
            return Errno.E2BIG.negative();
        }
        if ((flags & NOEXIST) != 0) {
            return Errno.EEXIST.negative();
        }
        if ((flags & LOCK) != 0) {
            return Errno.EINVAL.negative();
        }
        copyValue(index, cpu, source, value);
        return 0;
    }

    @Override
    public int delete(byte[] source, int from) {
        return Errno.EINVAL.negative();
    }

    @Override
    public Visit visit(int cpu) {
        return new Visit() {
            private int index = -1;

            @Override
            public boolean advance() {
                return ++index < entries;
            }

            @Override
            public long key() {
                return 0;
            }

            @Override
            public int index() {
                return index;
            }

            @Override
            public long value() {
                return FlatArray.this.value(index, cpu);
            }
        };
    }

    @Override
    int userLookup(byte[] key, byte[] value) {
        int index = index(key, 0);
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
        int index = index(key, 0);
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

    /** array_map_get_next_key: a key that is no index leads to the first one. */
    static int nextIndex(byte @Nullable [] key, byte[] next, int entries) {
        int index = key == null ? -1 : index(key, 0);
        int following = Integer.compareUnsigned(index, entries) < 0 ? index + 1 : 0;
        if (following == entries) {
            return Errno.ENOENT.negative();
        }
        LittleEndian.put(next, 0, Integer.BYTES, following);
        return 0;
    }

    static int index(byte[] source, int from) {
        return (source[from] & 0xff) | (source[from + 1] & 0xff) << 8 | (source[from + 2] & 0xff) << 16
                | source[from + 3] << 24;
    }

    private boolean isInside(int index) {
        return Integer.compareUnsigned(index, entries) < 0;
    }
}
