package org.bpfz.loader;

import java.util.Map;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.program.MapSpec;

/**
 * A map as an object declares it: what is created, and what a loader does about it besides.
 *
 * @param pinnedByName whether it is shared under its name in the BPF file system (LIBBPF_PIN_BY_NAME)
 * @param numaNode     meant where the flags have NUMA_NODE
 * @param contents     what an arena holds from its start on; empty for every other kind of map
 * @param slots        names of the maps (map of maps) or programs (prog array) that elements are filled with, by index
 */
public record MapDefinition(MapSpec spec, boolean pinnedByName, int numaNode, Map<Integer, String> slots,
        Bytes contents) {
    public MapDefinition {
        slots = Map.copyOf(slots);
    }

    static MapDefinition of(MapSpec spec) {
        return new MapDefinition(spec, false, 0, Map.of(), Bytes.of());
    }

    /** The same, created otherwise. */
    MapDefinition withSpec(MapSpec newSpec) {
        return new MapDefinition(newSpec, pinnedByName, numaNode, slots, contents);
    }

    /** The same with other contents of element 0. */
    MapDefinition withInitial(Bytes initial) {
        return new MapDefinition(spec.withInitial(initial), pinnedByName, numaNode, slots, contents);
    }

    MapDefinition withoutTypes() {
        return new MapDefinition(spec.withBtf(0, 0), pinnedByName, numaNode, slots, contents);
    }
}
