package org.bpfz.interpreter.map;

import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/** What a map of maps or programs refers to: the maps and programs of its environment, by id. */
public interface FlatRegistry {

    /** The map with the id, or null. */
    @Nullable
    FlatMap map(int id);

    /** The type of the program with the id, or null where there is none. */
    @Nullable
    ProgramType programType(int id);
}
