package org.bpfz.spec.helper;

import java.util.List;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.map.SpecMap;
import org.bpfz.spec.memory.Memory;
import org.bpfz.spec.memory.Region;
import org.jspecify.annotations.Nullable;

/** What of the machine helpers work on. */
public interface Machinery {

    /** The memory. */
    Memory memory();

    /** The world outside. */
    Services services();

    /** What the run started from. */
    Invocation invocation();

    /** The context's region. */
    Region context();

    /** The map with the id, or null. */
    @Nullable
    SpecMap map(int id);

    /** All maps of a kind. */
    <M extends SpecMap> List<M> maps(Class<M> kind);

    /** Whether a function may begin at a slot of the running program: whether an instruction does. */
    boolean isInstruction(int slot);

    /** How many tail calls the run has made. */
    int tailCalls();

    /** How many frames are active. */
    int frames();
}
