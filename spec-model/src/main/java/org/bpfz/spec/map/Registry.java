package org.bpfz.spec.map;

import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/** The maps and programs of an environment by id: what a map of maps or of programs asks before it takes one in. */
public interface Registry {

    /** The map with the id, or null. */
    @Nullable
    SpecMap map(int id);

    /** The type of the program with the id, or null where there is no such program. */
    @Nullable
    ProgramType programType(int id);
}
