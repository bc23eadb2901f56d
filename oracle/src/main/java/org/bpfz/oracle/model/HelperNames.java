package org.bpfz.oracle.model;

import java.util.HashMap;
import java.util.Map;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.Helpers;

/** The names by which text calls helpers, from the table of their prototypes. */
public final class HelperNames {
    private HelperNames() {
    }

    /** The helpers of 6.12 and the compressor's two under their default numbers. */
    public static CallNames ofLinux() {
        Map<Integer, String> names = new HashMap<>();
        for (HelperPrototype prototype : Helpers.all()) {
            names.put(prototype.number(), prototype.name());
        }
        return CallNames.ofHelpers(names);
    }
}
