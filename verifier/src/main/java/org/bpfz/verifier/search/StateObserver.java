package org.bpfz.verifier.search;

import org.bpfz.verifier.state.State;

/** Watches the search: what is believed before each instruction, on every path that a CPU may really take. */
@FunctionalInterface
public interface StateObserver {
    /** Watches nothing. */
    StateObserver NONE = (_, _) -> {
    };

    /**
     * The search is about to look at the instruction at a slot.
     *
     * @param state changes as soon as this returns
     */
    void before(int slot, State state);
}
