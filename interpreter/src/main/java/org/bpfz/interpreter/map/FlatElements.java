package org.bpfz.interpreter.map;

import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;

/** A map whose values programs reach by address. Address 0 stands for no value. */
public abstract sealed class FlatElements extends FlatMap permits FlatArray, FlatHash {
    final FlatMemory memory;
    final MapArea area;
    private final boolean perCpu;

    FlatElements(int id, MapSpec spec, MapArea area, FlatMemory memory) {
        super(id, spec);
        this.area = area;
        this.memory = memory;
        perCpu = switch (spec.type()) {
            case PERCPU_ARRAY, PERCPU_HASH, LRU_PERCPU_HASH -> true;
            default -> false;
        };
        define();
    }

    private void define() {
        boolean readable = !spec().has(MapFlag.WRONLY_PROG);
        boolean writable = !spec().has(MapFlag.RDONLY_PROG);
        boolean keys = area.valueOffset() > 0;
        for (int slot = 0; slot < area.slots(); slot++) {
            if (keys) {
                memory.define(area.key(slot), spec().keySize(), true, false);
            }
            for (int cpu = 0; cpu < area.cpus(); cpu++) {
                memory.define(area.value(slot, cpu), spec().valueSize(), readable, writable);
            }
        }
    }

    /** Whether each CPU has a value of its own. */
    public final boolean isPerCpu() {
        return perCpu;
    }

    /** The address of a key's value on a CPU for a program that looks it up, or 0; the key begins at the index. */
    public abstract long find(byte[] source, int from, int cpu);

    /** bpf_map_update_elem on a CPU, with key and value at their indices: 0 or a negative error number. */
    public abstract int update(byte[] source, int key, int value, long flags, int cpu);

    /** Begins an iteration over the elements that are there now, in the order of {@link #nextKey}. */
    public abstract Visit visit(int cpu);

    /** An iteration; before the first element at the beginning. */
    public interface Visit {
        /** Goes to the next element that is still there; false behind the last. */
        boolean advance();

        /** The address of the key; 0 for an array, whose key is {@link #index}. */
        long key();

        /** The index, for an array. */
        int index();

        /** The address of the value. */
        long value();
    }

    @Override
    public final int userValueSize() {
        return perCpu ? rounded() * area.cpus() : spec().valueSize();
    }

    final long value(int slot, int cpu) {
        return area.value(slot, perCpu ? cpu : 0);
    }

    final void copyOut(int slot, byte[] target) {
        int size = perCpu ? rounded() : target.length;
        for (int cpu = 0; cpu < area.cpus(); cpu++) {
            System.arraycopy(memory.bytes(), FlatMemory.offset(area.value(slot, cpu)), target, cpu * size, size);
        }
    }

    final void copyIn(int slot, byte[] source) {
        int size = perCpu ? rounded() : source.length;
        for (int cpu = 0; cpu < area.cpus(); cpu++) {
            System.arraycopy(source, cpu * size, memory.bytes(), FlatMemory.offset(area.value(slot, cpu)), size);
        }
    }

    /** Copies a program's value into a slot on a CPU. */
    final void copyValue(int slot, int cpu, byte[] source, int from) {
        System.arraycopy(source, from, memory.bytes(), FlatMemory.offset(value(slot, cpu)), spec().valueSize());
    }

    private int rounded() {
        return (spec().valueSize() + 7) & -8;
    }
}
