package org.bpfz.interpreter.map;

import java.util.Arrays;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/**
 * BPF_MAP_TYPE_HASH, PERCPU_HASH, LRU_HASH and LRU_PERCPU_HASH (kernel/bpf/hashtab.c).
 *
 * <p>A plain or LRU hash puts an updated value into another slot; a per-CPU hash writes in place. The LRU is exact: the element that was
 * added, updated or looked up by a program longest ago goes, and goes before the update looks for its key.
 */
public final class FlatHash extends FlatElements {
    private final KeyIndex index;
    private final SlotPool slots;
    private final boolean lru;
    private final boolean spares;
    private final long limit;
    private final LinkedOrder uses = new LinkedOrder();
    private int usesCapacity;

    /** A new hash for so many CPUs. */
    public FlatHash(int id, MapSpec spec, MapArea area, FlatMemory memory, int cpus) {
        super(id, spec, area, memory);
        index = new KeyIndex(spec.keySize());
        lru = spec.type() == MapType.LRU_HASH || spec.type() == MapType.LRU_PERCPU_HASH;
        spares = spec.type() == MapType.HASH && !spec.has(MapFlag.NO_PREALLOC);
        slots = new SlotPool(area.slots(), spares ? cpus : 0);
        limit = Integer.toUnsignedLong(spec.maxEntries());
    }

    @Override
    public long find(byte[] source, int from, int cpu) {
        int entry = index.find(source, from);
        if (entry == KeyIndex.NONE) {
            return 0;
        }
        if (lru) {
            touch(entry);
        }
        return value(index.content(entry), cpu);
    }

    @Override
    public int update(byte[] source, int key, int value, long flags, int cpu) {
        return update(source, key, source, value, flags, cpu, false);
    }

    @Override
    int userUpdate(byte[] key, byte[] value, long flags) {
        return update(key, 0, value, 0, flags, 0, true);
    }

    /** @param whole whether the value is user space's: that of all CPUs */
    private int update(byte[] keys, int key, byte[] values, int value, long flags, int cpu, boolean whole) {
        if (areUnknown(flags)) {
            return Errno.EINVAL.negative();
        }
        // An LRU hash takes its slot first, unless a per-CPU one is only to find an element.
        int taken = lru && !(isPerCpu() && flags == EXIST) ? takeOrEvict() : KeyIndex.NONE;
        int old = index.find(keys, key);
        int error = checkExistence(old != KeyIndex.NONE, flags);
        boolean inPlace = old != KeyIndex.NONE && isPerCpu();
        if (lru && !isPerCpu()) {
            // The refused value stays in the slot that was taken for it.
            fill(taken, keys, key, values, value, cpu, whole, true);
        }
        if (error != 0 || inPlace) {
            if (taken != KeyIndex.NONE) {
                slots.give(taken);
            }
            if (error == 0) {
                fill(index.content(old), keys, key, values, value, cpu, whole, false);
                use(old);
            }
            return error;
        }
        return old == KeyIndex.NONE
                ? add(taken, keys, key, values, value, cpu, whole)
                : replace(old, taken, keys, key, values, value, cpu, whole);
    }

    private int add(int taken, byte[] keys, int key, byte[] values, int value, int cpu, boolean whole) {
        int slot = taken;
        if (!lru) {
            slot = index.size() < limit ? slots.take() : KeyIndex.NONE;
        }
        if (slot == KeyIndex.NONE) {
            return Errno.E2BIG.negative();
        }
        fill(slot, keys, key, values, value, cpu, whole, true);
        int entry = index.add(keys, key, slot);
        if (lru) {
            reserveUses();
            uses.add(entry);
        }
        return 0;
    }

    private int replace(int old, int taken, byte[] keys, int key, byte[] values, int value, int cpu, boolean whole) {
        int freed = index.content(old);
        int slot = lru ? taken : spares ? slots.exchange(cpu, freed) : slots.take();
        if (!lru) {
            fill(slot, keys, key, values, value, cpu, whole, true);
        }
        index.setContent(old, slot);
        if (!spares) {
            slots.give(freed);
        }
        use(old);
        return 0;
    }

    /** Puts key and value into a slot; of a new element that a program adds, the other CPUs' values become zero. */
    private void fill(int slot, byte[] keys, int key, byte[] values, int value, int cpu, boolean whole, boolean isNew) {
        System.arraycopy(keys, key, memory.bytes(), FlatMemory.offset(area.key(slot)), spec().keySize());
        if (whole) {
            copyIn(slot, values);
            return;
        }
        copyValue(slot, cpu, values, value);
        if (isNew && isPerCpu()) {
            for (int other = 0; other < area.cpus(); other++) {
                if (other != cpu) {
                    int at = FlatMemory.offset(area.value(slot, other));
                    Arrays.fill(memory.bytes(), at, at + spec().valueSize(), (byte) 0);
                }
            }
        }
    }

    private int takeOrEvict() {
        int slot = slots.take();
        if (slot != KeyIndex.NONE) {
            return slot;
        }
        remove(uses.first());
        return slots.take();
    }

    @Override
    public int delete(byte[] source, int from) {
        int entry = index.find(source, from);
        if (entry == KeyIndex.NONE) {
            return Errno.ENOENT.negative();
        }
        remove(entry);
        return 0;
    }

    private void remove(int entry) {
        slots.give(index.content(entry));
        if (lru) {
            uses.remove(entry);
        }
        index.remove(entry);
    }

    private void use(int entry) {
        if (lru) {
            touch(entry);
        }
    }

    private void touch(int entry) {
        uses.remove(entry);
        uses.add(entry);
    }

    private void reserveUses() {
        if (usesCapacity < index.capacity()) {
            usesCapacity = index.capacity();
            uses.reserve(usesCapacity);
        }
    }

    @Override
    public Visit visit(int cpu) {
        return new Snapshot(cpu);
    }

    /** The entries at the beginning, each with the number by which it is known again. */
    private final class Snapshot implements Visit {
        private final int cpu;
        private final int[] entries = new int[index.size()];
        private final long[] serials = new long[index.size()];
        private int at = -1;

        Snapshot(int cpu) {
            this.cpu = cpu;
            int count = 0;
            for (int entry = index.first(); count < entries.length; entry = index.next(entry)) {
                entries[count] = entry;
                serials[count++] = index.serial(entry);
            }
        }

        @Override
        public boolean advance() {
            do {
                at++;
            } while (at < entries.length && index.serial(entries[at]) != serials[at]);
            return at < entries.length;
        }

        @Override
        public long key() {
            return area.key(index.content(entries[at]));
        }

        @Override
        public int index() {
            return 0;
        }

        @Override
        public long value() {
            return FlatHash.this.value(index.content(entries[at]), cpu);
        }
    }

    @Override
    int userLookup(byte[] key, byte[] value) {
        int entry = index.find(key, 0);
        if (entry == KeyIndex.NONE) {
            return Errno.ENOENT.negative();
        }
        copyOut(index.content(entry), value);
        return 0;
    }

    @Override
    int userLookupAndDelete(byte[] key, byte[] value) {
        int error = userLookup(key, value);
        return error != 0 ? error : delete(key, 0);
    }

    @Override
    int userNextKey(byte @Nullable [] key, byte[] next) {
        int entry = key == null ? KeyIndex.NONE : index.find(key, 0);
        int following = entry == KeyIndex.NONE ? index.first() : index.next(entry);
        if (following == KeyIndex.NONE) {
            return Errno.ENOENT.negative();
        }
        index.copyKey(following, next, 0);
        return 0;
    }
}
