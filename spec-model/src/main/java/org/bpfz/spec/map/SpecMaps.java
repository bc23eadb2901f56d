package org.bpfz.spec.map;

import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.program.MapSpec;

/** Makes the specification's map of each kind. */
public final class SpecMaps {
    private SpecMaps() {
    }

    /**
     * A new map, with its initial value.
     *
     * @param spec     of which {@link MapRules#refusal} has nothing to say
     * @param area     the map's place
     * @param cpus     how many CPUs the environment has
     * @param registry what a map of maps or programs refers to
     */
    public static SpecMap create(int id, MapSpec spec, MapArea area, int cpus, Registry registry) {
        return switch (spec.type()) {
            case ARRAY, PERCPU_ARRAY -> withInitial(new ArrayMap(id, spec, area));
            case HASH -> new HashTableMap(id, spec, area, false, false, cpus);
            case PERCPU_HASH -> new HashTableMap(id, spec, area, true, false, cpus);
            case LRU_HASH -> new HashTableMap(id, spec, area, false, true, cpus);
            case LRU_PERCPU_HASH -> new HashTableMap(id, spec, area, true, true, cpus);
            case PROG_ARRAY, ARRAY_OF_MAPS -> new ReferenceArray(id, spec, registry);
            case HASH_OF_MAPS -> new HashOfMaps(id, spec, registry);
            case QUEUE, STACK -> new QueueStackMap(id, spec);
            case RINGBUF -> new RingBuffer(id, spec, area);
            default -> throw new IllegalArgumentException(spec.type() + " is not modelled");
        };
    }

    private static SpecMap withInitial(ArrayMap map) {
        if (map.spec().initial() != null) {
            map.spec().initial().copyTo(map.firstValue().bytes(), 0);
        }
        return map;
    }
}
