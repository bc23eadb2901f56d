package org.bpfz.spec.kernel;

import java.util.List;
import java.util.Set;
import org.bpfz.spec.Errno;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/** One thing that a call may do. */
public sealed interface Outcome {
    /** The state afterwards. */
    State next();

    /** The clauses that it rests on; empty where it is the unpatched kernel's behaviour alone. */
    Set<Clause> clauses();

    /** The programs that ran. */
    List<HookRun> runs();

    /**
     * The call returns.
     *
     * @param result  the raw result: a negative error number or the value
     * @param output  what is stored in the caller's memory
     * @param signals signals that the caller gets
     */
    record Returned(long result, Output output, Set<Signal> signals, State next, Set<Clause> clauses,
            List<HookRun> runs) implements Outcome {
        /** Whether the call fails. */
        public boolean isError() {
            return result < 0 && result >= -4095;
        }

        /** The error; null for a success. */
        public @Nullable Errno errno() {
            return isError() ? Errno.of((int) -result) : null;
        }

        /** Whether this is what was seen. What a failed call has stored is left open, as it is by POSIX. */
        public boolean explains(Observation.Returned seen) {
            return seen.result() == result
                    && (isError() || seen.output() instanceof Output.None || agrees(seen.output()));
        }

        private boolean agrees(Output seen) {
            if (output instanceof Output.Data(Rope mine) && seen instanceof Output.Data(Rope theirs)) {
                return mine.agreesWith(theirs);
            }
            if (output instanceof Output.Message(Rope mine, var descriptors)
                    && seen instanceof Output.Message(Rope theirs, var others)) {
                return mine.agreesWith(theirs) && descriptors.equals(others);
            }
            return output.equals(seen);
        }
    }

    /**
     * The call waits for another task.
     *
     * @param next    the state while it waits: some of its data may have been moved already
     * @param pending the rest of the call, to be asked again once the state has changed
     */
    record Blocked(State next, Call pending, Set<Clause> clauses, List<HookRun> runs) implements Outcome {}
}
