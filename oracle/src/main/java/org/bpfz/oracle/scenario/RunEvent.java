package org.bpfz.oracle.scenario;

import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Outcome;
import org.jspecify.annotations.Nullable;

/** Something that happened when a scenario was run, in the order of happening. */
public sealed interface RunEvent {

    /** The line of the scenario that it came of, counted from 1. */
    int line();

    /**
     * A call that returned.
     *
     * @param task    what the scenario calls the caller
     * @param entered where its entry stands in the order of all entries and exits, from 1
     * @param exited  where its exit stands
     */
    record Returned(int line, String task, Call call, Outcome.Returned outcome, int entered,
            int exited) implements RunEvent {}

    /** A call that waits for another task; it is heard of again when it returns. */
    record Waits(int line, String task, Call call, Outcome.Blocked outcome, int entered) implements RunEvent {}

    /** A program went through BPF_PROG_LOAD, with a raw result. */
    record Loaded(int line, String object, String program, long result) implements RunEvent {}

    /**
     * A program went through BPF_RAW_TRACEPOINT_OPEN, with a raw result.
     *
     * @param target the function that the scenario names; null for the one of the program's section
     */
    record Attached(int line, String program, @Nullable String target, long result) implements RunEvent {}

    /** The last reference to a link went. */
    record Detached(int line, String link) implements RunEvent {}

    /** User space updated an element of a map. */
    record MapUpdated(int line, String map, String key, String value, long result) implements RunEvent {}

    /** A program wrote to the trace pipe during the call whose event comes next. */
    record Printed(int line, String message) implements RunEvent {}

    /** The scenario expected something else. */
    record Mismatch(int line, String message) implements RunEvent {}
}
