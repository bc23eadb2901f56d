package org.bpfz.oracle.cli;

import java.util.HexFormat;
import java.util.Map;
import org.bpfz.loader.api.MapHandle;
import org.bpfz.oracle.attach.PinFolder.PinnedMap;
import org.bpfz.spec.bpf.BpfSystemCall;
import org.bpfz.spec.program.MapSpec;

/** Makes maps of a state folder again on a modelled kernel, through its bpf(2). */
final class MapFiles {
    private MapFiles() {
    }

    static MapSpec spec(PinnedMap pinned) {
        return MapSpec.of(pinned.name(), pinned.type(), pinned.keySize(), pinned.valueSize(), pinned.maxEntries())
                .withFlags(pinned.flags());
    }

    /** Whether a value stands for something else: a descriptor once, which nothing can be made of again. */
    static boolean refers(PinnedMap pinned) {
        return switch (pinned.type()) {
            case PROG_ARRAY, ARRAY_OF_MAPS, HASH_OF_MAPS -> true;
            default -> false;
        };
    }

    /** The map with what is in it, frozen if it was. */
    static MapHandle create(BpfSystemCall kernel, PinnedMap pinned) {
        MapHandle map = MapHandle.create(kernel, spec(pinned));
        for (Map<String, String> entry : pinned.entries()) {
            if (!refers(pinned)) {
                map.update(HexFormat.of().parseHex(entry.getOrDefault("key", "")),
                        HexFormat.of().parseHex(entry.getOrDefault("value", "")));
            }
        }
        if (pinned.frozen()) {
            map.freeze();
        }
        return map;
    }
}
