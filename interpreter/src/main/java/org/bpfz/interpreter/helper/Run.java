package org.bpfz.interpreter.helper;

import org.bpfz.interpreter.map.FlatMap;
import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.memory.Layout;
import org.jspecify.annotations.Nullable;

/** What helpers see of the run that calls them. */
public interface Run {

    /** The arena. */
    FlatMemory memory();

    /** The environment's services. */
    Services services();

    /** What the run started from. */
    Invocation invocation();

    /** The map with the id, or null. */
    @Nullable
    FlatMap map(int id);

    /** The environment's maps. */
    Iterable<FlatMap> maps();

    /** Whether the current program has an instruction at the slot. */
    boolean isInstruction(int slot);

    /** How many tail calls have been made. */
    int tailCalls();

    /** How many frames are active. */
    int depth();

    /** Calls the function at the slot in a new frame, with 0 in R5, and returns its R0. */
    long callBack(int slot, long r1, long r2, long r3, long r4);

    /** The map of a kind whose handle an argument is. */
    default <M extends FlatMap> M map(String helper, int argument, long handle, Class<M> kind) {
        FlatMap map = map(Layout.mapId(handle));
        if (map == null) {
            throw FaultSignal.badArgument(helper, argument, "not a map");
        }
        if (!kind.isInstance(map)) {
            throw wrongKind(helper, argument, map);
        }
        return kind.cast(map);
    }

    /** The fault of a map that the helper does not take. */
    static FaultSignal wrongKind(String helper, int argument, FlatMap map) {
        return FaultSignal.badArgument(helper, argument, "a map of type " + map.spec().type().toolName());
    }

    /** The slot of the function whose address an argument is. */
    default int function(String helper, int argument, long address) {
        int slot = Layout.functionSlot(address);
        if (!isInstruction(slot)) {
            throw FaultSignal.badArgument(helper, argument, "not a function of the program");
        }
        return slot;
    }

    /** Requires that R1 is the context. */
    default void requireContext(String helper, long address) {
        if (address != Layout.CONTEXT) {
            throw FaultSignal.badArgument(helper, 1, "not the context");
        }
    }

    /** A size argument as a number that an array can have. */
    default int size(String helper, int argument, long size) {
        if (size < 0 || size > Layout.ARENA_LIMIT) {
            throw FaultSignal.badArgument(helper, argument,
                    "no memory has " + Long.toUnsignedString(size) + " bytes");
        }
        return (int) size;
    }
}
