package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.jspecify.annotations.Nullable;

/**
 * What a file of some kind gave to a read.
 *
 * @param next     the state afterwards
 * @param data     the bytes; empty at the end of the file
 * @param position what the open file's position becomes
 * @param errno    why there are none; null if it did not fail
 * @param waits    whether the caller has to wait, or is told EAGAIN if it may not
 */
record Taken(State next, Rope data, long position, @Nullable Errno errno, boolean waits) {
    static Taken bytes(State next, Rope data, long position) {
        return new Taken(next, data, position, null, false);
    }

    static Taken failed(State next, Errno errno) {
        return new Taken(next, Rope.empty(), 0, errno, false);
    }

    static Taken waiting(State next) {
        return new Taken(next, Rope.empty(), 0, null, true);
    }
}
