package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.jspecify.annotations.Nullable;

/**
 * What a file of some kind did with data that was handed to it, before anyone decides whether it stands: since states are
 * values, a write can be tried, verified and dropped.
 *
 * @param next     the state afterwards
 * @param result   bytes moved, or a negative error number
 * @param position what the open file's position becomes
 * @param signal   a signal for the caller
 * @param waits    whether there is no room for the rest: the caller waits, or is told EAGAIN if it may not
 */
record Moved(State next, long result, long position, @Nullable Signal signal, boolean waits) {
    static Moved bytes(State next, long count, long position) {
        return new Moved(next, count, position, null, false);
    }

    static Moved waiting(State next, long count) {
        return new Moved(next, count, 0, null, true);
    }

    static Moved failed(State state, Errno errno) {
        return new Moved(state, errno.negative(), 0, null, false);
    }

    static Moved failed(State state, Errno errno, Signal signal) {
        return new Moved(state, errno.negative(), 0, signal, false);
    }

    /** For a caller that may not wait: what has been moved so far is all, and nothing at all is EAGAIN. */
    Moved withoutWaiting() {
        if (!waits) {
            return this;
        }
        return result > 0 ? bytes(next, result, position) : failed(next, Errno.EAGAIN);
    }

    boolean isError() {
        return result < 0;
    }
}
