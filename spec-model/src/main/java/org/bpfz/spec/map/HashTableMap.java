package org.bpfz.spec.map;

import java.util.Arrays;
import java.util.Iterator;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.map.ElementTable.Element;
import org.bpfz.spec.memory.Block;
import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.memory.Word;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/**
 * BPF_MAP_TYPE_HASH, PERCPU_HASH, LRU_HASH and LRU_PERCPU_HASH (kernel/bpf/hashtab.c).
 *
 * <p>An update of a plain or LRU hash puts a new element in the old one's place, so that the value's address changes and pointers to the old
 * one keep seeing the old value until its slot is taken again ({@link ElementSlots}). A per-CPU hash writes in place.
 *
 * <p>The kernel's LRU is approximate: lists of its own for each CPU, batches, a second chance. Here the element that goes is the one whose
 * last use is longest ago, where adding, updating and a program's lookup are uses and user space's lookup is not (htab_lru_map_lookup_elem_sys).
 * As in the kernel, an update takes a slot before it looks for the key, so that in a full map even the update of an existing key, and one that
 * BPF_NOEXIST or BPF_EXIST then refuses, costs the least recently used element.
 */
public final class HashTableMap extends ElementMap {
    private final ElementTable table = new ElementTable();
    private final ElementSlots slots;
    private final @Nullable Recency recency;
    private final boolean preallocated;
    private final long limit;

    HashTableMap(int id, MapSpec spec, MapArea area, boolean perCpu, boolean lru, int cpus) {
        super(id, spec, area, perCpu);
        preallocated = !spec.has(MapFlag.NO_PREALLOC);
        slots = new ElementSlots(area.slots(), preallocated && !perCpu && !lru ? cpus : 0);
        recency = lru ? new Recency() : null;
        limit = Integer.toUnsignedLong(spec.maxEntries());
    }

    @Override
    public @Nullable Block lookupElement(byte[] key, int cpu) {
        Element element = table.find(key);
        if (element == null) {
            return null;
        }
        if (recency != null) {
            recency.use(element);
        }
        return store.value(element.content(), cpu);
    }

    @Override
    public int updateElement(byte[] key, byte[] value, long flags, int cpu) {
        return update(key, flags, cpu, (slot, isNew) -> {
            System.arraycopy(value, 0, store.value(slot, cpu).bytes(), 0, value.length);
            if (isNew && isPerCpu()) {
                zeroOthers(slot, cpu);
            }
        });
    }

    @Override
    public int deleteElement(byte[] key) {
        Element element = table.find(key);
        if (element == null) {
            return Errno.ENOENT.negative();
        }
        remove(element);
        return 0;
    }

    @Override
    public Cursor visit(int cpu) {
        Iterator<Element> elements = table.snapshot().iterator();
        return () -> {
            while (elements.hasNext()) {
                Element element = elements.next();
                if (element.isPresent()) {
                    int slot = element.content();
                    return new Visit(Word.pointer(store.key(slot).region()), 0,
                            Word.pointer(store.value(slot, cpu).region()));
                }
            }
            return null;
        };
    }

    @Override
    int userLookup(byte[] key, byte[] value) {
        Element element = table.find(key);
        if (element == null) {
            return Errno.ENOENT.negative();
        }
        copyOut(element.content(), value);
        return 0;
    }

    @Override
    int userUpdate(byte[] key, byte[] value, long flags) {
        return update(key, flags, 0, (slot, isNew) -> copyIn(slot, value));
    }

    @Override
    int userLookupAndDelete(byte[] key, byte[] value) {
        int error = userLookup(key, value);
        return error != 0 ? error : deleteElement(key);
    }

    @Override
    int userNextKey(byte @Nullable [] key, byte[] next) {
        Bytes nextKey = table.nextKey(key);
        if (nextKey == null) {
            return Errno.ENOENT.negative();
        }
        nextKey.copyTo(next, 0);
        return 0;
    }

    /** Fills a slot with the value that an update brings. */
    private interface Filler {
        void fill(int slot, boolean isNew);
    }

    private int update(byte[] key, long flags, int cpu, Filler filler) {
        if (areUnknown(flags)) {
            return Errno.EINVAL.negative();
        }
        if (recency != null) {
            return isPerCpu() ? updateLruInPlace(key, flags, filler, recency) : replaceLru(key, flags, filler, recency);
        }
        Element old = table.find(key);
        int error = checkExistence(old != null, flags);
        if (error != 0) {
            return error;
        }
        if (old == null) {
            return add(key, filler);
        }
        if (isPerCpu()) {
            filler.fill(old.content(), false);
        } else {
            replace(old, cpu, filler);
        }
        return 0;
    }

    private int add(byte[] key, Filler filler) {
        int slot = table.size() < limit ? slots.take() : -1;
        if (slot < 0) {
            return Errno.E2BIG.negative();
        }
        put(key, slot, filler);
        return 0;
    }

    private void replace(Element old, int cpu, Filler filler) {
        int freed = old.content();
        int slot = preallocated ? slots.exchange(cpu, freed) : slots.take();
        filler.fill(slot, true);
        writeKey(slot, old.key());
        old.setContent(slot);
        if (!preallocated) {
            slots.give(freed);
        }
    }

    /** htab_lru_map_update_elem. */
    private int replaceLru(byte[] key, long flags, Filler filler, Recency uses) {
        int slot = takeOrEvict(uses);
        filler.fill(slot, true);
        writeKey(slot, Bytes.of(key));
        Element old = table.find(key);
        int error = checkExistence(old != null, flags);
        if (error != 0) {
            slots.give(slot);
            return error;
        }
        if (old == null) {
            uses.use(table.add(key, slot));
            return 0;
        }
        slots.give(old.content());
        old.setContent(slot);
        uses.use(old);
        return 0;
    }

    /** __htab_lru_percpu_map_update_elem. */
    private int updateLruInPlace(byte[] key, long flags, Filler filler, Recency uses) {
        int slot = flags == EXIST ? -1 : takeOrEvict(uses);
        Element old = table.find(key);
        int error = checkExistence(old != null, flags);
        if (old == null && error == 0) {
            uses.use(put(key, slot, filler));
            return 0;
        }
        if (slot >= 0) {
            slots.give(slot);
        }
        if (old == null || error != 0) {
            return error;
        }
        uses.use(old);
        filler.fill(old.content(), false);
        return 0;
    }

    private int takeOrEvict(Recency uses) {
        int slot = slots.take();
        if (slot >= 0) {
            return slot;
        }
        remove(uses.leastRecent());
        return slots.take();
    }

    private Element put(byte[] key, int slot, Filler filler) {
        filler.fill(slot, true);
        writeKey(slot, Bytes.of(key));
        return table.add(key, slot);
    }

    private void remove(Element element) {
        table.remove(element);
        slots.give(element.content());
        if (recency != null) {
            recency.forget(element);
        }
    }

    private void writeKey(int slot, Bytes key) {
        key.copyTo(store.key(slot).bytes(), 0);
    }

    /** A new element that a program adds is zero on every other CPU (pcpu_init_value in kernel/bpf/hashtab.c). */
    private void zeroOthers(int slot, int cpu) {
        for (int other = 0; other < store.cpus(); other++) {
            if (other != cpu) {
                Arrays.fill(store.value(slot, other).bytes(), 0, spec().valueSize(), (byte) 0);
            }
        }
    }
}
