package org.bpfz.oracle.check;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;

/**
 * What the maps of one host hold, as a value, so that explanations that part can have maps of their own. Knows the maps that have
 * elements under keys; of others (queues, ring buffers) nothing is kept.
 *
 * @param maps the elements of each map in the order of creation
 */
record MapContents(List<List<Element>> maps) {
    /** No maps. */
    static final MapContents EMPTY = new MapContents(List.of());

    /** An element as user space sees it. */
    record Element(Bytes key, Bytes value) {}

    MapContents {
        maps = List.copyOf(maps);
    }

    /** What the maps hold now. */
    static MapContents of(List<? extends BpfMap> maps) {
        if (maps.isEmpty()) {
            return EMPTY;
        }
        List<List<Element>> contents = new ArrayList<>();
        for (BpfMap map : maps) {
            contents.add(isTracked(map) ? elements(map) : List.of());
        }
        return new MapContents(contents);
    }

    private static boolean isTracked(BpfMap map) {
        MapSpec spec = map.spec();
        return !map.isFrozen() && switch (spec.type()) {
            case HASH, ARRAY, PERCPU_HASH, PERCPU_ARRAY, LRU_HASH, LRU_PERCPU_HASH -> true;
            default -> false;
        };
    }

    private static List<Element> elements(BpfMap map) {
        List<Element> elements = new ArrayList<>();
        byte[] key = new byte[map.spec().keySize()];
        byte[] value = new byte[map.userValueSize()];
        for (int found = map.nextKey(null, key); found == 0; found = map.nextKey(key.clone(), key)) {
            if (map.lookup(key, value, BpfMap.ANY) == 0) {
                elements.add(new Element(Bytes.of(key), Bytes.of(value)));
            }
        }
        return List.copyOf(elements);
    }

    /** Makes the maps hold this. */
    void restore(List<? extends BpfMap> into) {
        for (int i = 0; i < maps.size(); i++) {
            BpfMap map = into.get(i);
            if (!isTracked(map)) {
                continue;
            }
            boolean fixed = map.spec().type() == MapType.ARRAY || map.spec().type() == MapType.PERCPU_ARRAY;
            if (!fixed) {
                elements(map).forEach(element -> map.delete(element.key().toArray()));
            }
            maps.get(i).forEach(
                    element -> map.update(element.key().toArray(), element.value().toArray(), BpfMap.ANY));
        }
    }
}
