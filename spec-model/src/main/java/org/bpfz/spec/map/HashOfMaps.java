package org.bpfz.spec.map;

import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.map.ElementTable.Element;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/** BPF_MAP_TYPE_HASH_OF_MAPS (kernel/bpf/hashtab.c, htab_of_maps_map_ops): maps by key. */
public final class HashOfMaps extends SpecMap {
    private final Registry registry;
    private final ElementTable table = new ElementTable();

    HashOfMaps(int id, MapSpec spec, Registry registry) {
        super(id, spec);
        this.registry = registry;
    }

    /** The id of the map with the key, or 0. */
    public int get(byte[] key) {
        Element element = table.find(key);
        return element == null ? 0 : element.content();
    }

    @Override
    int userLookup(byte[] key, byte[] value) {
        int id = get(key);
        if (id == 0) {
            return Errno.ENOENT.negative();
        }
        LittleEndian.put(value, 0, Integer.BYTES, id);
        return 0;
    }

    @Override
    int userUpdate(byte[] key, byte[] value, long flags) {
        int id = (int) LittleEndian.get(value, 0, Integer.BYTES);
        int error = MapRules.checkInner(spec(), registry.map(id));
        if (error != 0) {
            return error;
        }
        if (areUnknown(flags)) {
            return Errno.EINVAL.negative();
        }
        Element old = table.find(key);
        error = ElementMap.checkExistence(old != null, flags);
        if (error != 0) {
            return error;
        }
        if (old != null) {
            old.setContent(id);
        } else if (table.size() < Integer.toUnsignedLong(spec().maxEntries())) {
            table.add(key, id);
        } else {
            return Errno.E2BIG.negative();
        }
        return 0;
    }

    @Override
    int deleteElement(byte[] key) {
        Element element = table.find(key);
        if (element == null) {
            return Errno.ENOENT.negative();
        }
        table.remove(element);
        return 0;
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
}
