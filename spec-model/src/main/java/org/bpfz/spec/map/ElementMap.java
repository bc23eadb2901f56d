package org.bpfz.spec.map;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.Area;
import org.bpfz.spec.memory.Block;
import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.memory.Word;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/** A map whose values programs reach by address: arrays and hashes, per-CPU or not. */
public abstract sealed class ElementMap extends SpecMap permits ArrayMap, HashTableMap {
    final ElementStore store;
    private final boolean perCpu;

    ElementMap(int id, MapSpec spec, MapArea area, boolean perCpu) {
        super(id, spec);
        store = new ElementStore(spec, area);
        this.perCpu = perCpu;
    }

    /** Whether each CPU has a value of its own. */
    public final boolean isPerCpu() {
        return perCpu;
    }

    /** The block of a key's value on a CPU for a program that looks it up, or null where the key is not there. */
    public abstract @Nullable Block lookupElement(byte[] key, int cpu);

    /** bpf_map_update_elem on a CPU: 0 or a negative error number; the value is {@code valueSize} bytes. */
    public abstract int updateElement(byte[] key, byte[] value, long flags, int cpu);

    @Override
    public abstract int deleteElement(byte[] key);

    /**
     * One stop of bpf_for_each_map_elem.
     *
     * @param key   the address of the key; null for an array, whose keys are nowhere, so that the iteration must make one of {@code index}
     * @param index the array's index; 0 for a hash
     * @param value the address of the value on the current CPU
     */
    public record Visit(@Nullable Word key, int index, Word value) {}

    /** An iteration under way. */
    @FunctionalInterface
    public interface Cursor {
        /** The next stop, or null behind the last. */
        @Nullable
        Visit next();
    }

    /**
     * Begins an iteration over the elements that are there now, in the order of {@link #nextKey}. One that is deleted before its turn is left
     * out; one whose value is replaced is visited with the new one; one that is added is not visited. (In the kernel it hangs on the buckets
     * which additions are seen.)
     */
    public abstract Cursor visit(int cpu);

    @Override
    public final List<Area> areas() {
        return List.of(store);
    }

    @Override
    public final int userValueSize() {
        return perCpu ? roundedValueSize() * store.cpus() : spec().valueSize();
    }

    private int roundedValueSize() {
        return (spec().valueSize() + 7) & -8;
    }

    /** Copies a slot's value out for user space: for a per-CPU map all of them, rounded up. */
    final void copyOut(int slot, byte[] value) {
        if (!perCpu) {
            System.arraycopy(store.value(slot, 0).bytes(), 0, value, 0, value.length);
            return;
        }
        int size = roundedValueSize();
        for (int cpu = 0; cpu < store.cpus(); cpu++) {
            System.arraycopy(store.value(slot, cpu).bytes(), 0, value, cpu * size, size);
        }
    }

    /** Copies a value in for user space: for a per-CPU map all of them, rounded up. */
    final void copyIn(int slot, byte[] value) {
        if (!perCpu) {
            System.arraycopy(value, 0, store.value(slot, 0).bytes(), 0, value.length);
            return;
        }
        int size = roundedValueSize();
        for (int cpu = 0; cpu < store.cpus(); cpu++) {
            System.arraycopy(value, cpu * size, store.value(slot, cpu).bytes(), 0, size);
        }
    }

    /** What BPF_NOEXIST and BPF_EXIST say of a key that is there or not (check_flags in kernel/bpf/hashtab.c). */
    static int checkExistence(boolean present, long flags) {
        if (present && flags == NOEXIST) {
            return Errno.EEXIST.negative();
        }
        return !present && flags == EXIST ? Errno.ENOENT.negative() : 0;
    }
}
