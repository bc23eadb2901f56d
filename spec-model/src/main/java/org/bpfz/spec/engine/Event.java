package org.bpfz.spec.engine;

import java.util.List;

/** Something that a run did beyond its own registers and memory. */
public sealed interface Event {

    /**
     * A helper has returned; one that calls back is listed behind the helpers that its callbacks called.
     *
     * @param slot      of the call instruction
     * @param helper    the helper's name: {@code bpf_map_lookup_elem}
     * @param arguments as many as the helper's prototype has
     * @param result    what it left in R0
     */
    record HelperCall(int slot, String helper, List<Long> arguments, long result) implements Event {
        public HelperCall {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * bpf_tail_call found a program, which now runs in place of the caller.
     *
     * @param slot    of the call instruction
     * @param program the id of the program that was found
     */
    record TailCall(int slot, int program) implements Event {}
}
