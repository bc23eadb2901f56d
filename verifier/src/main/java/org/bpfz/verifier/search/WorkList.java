package org.bpfz.verifier.search;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bpfz.spec.Errno;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.state.State;
import org.jspecify.annotations.Nullable;

/** The paths that were left for later, last in first out (push_stack, pop_stack). */
public final class WorkList {
    /** How many paths may be waiting. */
    public static final int MAX = 8192;

    /**
     * A path that waits.
     *
     * @param previous    the instruction before it
     * @param logPosition where the log stood
     */
    record Item(State state, int slot, int previous, long logPosition) {}

    private final Deque<Item> items = new ArrayDeque<>();
    private final VerifierLog log;

    WorkList(VerifierLog log) {
        this.log = log;
    }

    /** Leaves a copy of the state for later and gives it, to be changed. */
    State push(State current, int slot, int previous, boolean speculative) {
        State copy = current.copy();
        if (speculative) {
            copy.setSpeculative();
        }
        put(copy, slot, previous, " jumps is too complex.");
        State parent = copy.lineage().parent();
        if (parent != null) {
            parent.lineage().setBranches(parent.lineage().branches() + 1);
        }
        return copy;
    }

    /** Leaves the begin of an asynchronous callback for later. */
    void pushAsync(State state, int slot, int previous) {
        put(state, slot, previous, " jumps is too complex for async cb.");
    }

    private void put(State state, int slot, int previous, String complaint) {
        items.push(new Item(state, slot, previous, log.position()));
        if (items.size() > MAX) {
            throw log.reject(Errno.E2BIG, "The sequence of " + items.size() + complaint);
        }
    }

    /** The path that was left last, or null. */
    @Nullable
    Item pop() {
        return items.poll();
    }

    void clear() {
        items.clear();
    }
}
