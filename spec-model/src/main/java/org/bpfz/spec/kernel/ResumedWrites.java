package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;

/** A write that waits for room in a pipe, and goes on once there is some (fs/pipe.c, pipe_write). */
final class ResumedWrites {
    private ResumedWrites() {
    }

    /** Puts the caller to sleep; the open file stays alive meanwhile. */
    static Outcomes block(Evaluation call, int id, Rope data, long length, long done, VerifyAnswer answer) {
        OpenFile file = call.state.file(id);
        call.state = call.state.withFile(id, file.withReferences(file.references() + 1));
        return Outcomes.one(call.blocked(new Call.ResumedWrite(call.task().pid(), id, data, length, done, answer)));
    }

    static Outcomes resume(Evaluation call, Call.ResumedWrite rest) {
        int id = rest.file();
        OpenFile file = call.state.file(id);
        long left = rest.length() - rest.done();
        Rope data = rest.data().slice(Math.min(rest.done(), rest.data().length()), rest.data().length());
        Moved moved = Pipes.write(call.state, file.inode(), data, left, (file.flags() & Flags.O_DIRECT) != 0);
        long done = rest.done() + Math.max(moved.result(), 0);
        call.state = Descriptors.release(moved.next(), id);
        if (moved.waits()) {
            return block(call, id, rest.data(), rest.length(), done, rest.answer());
        }
        if (moved.signal() != null) {
            call.raise(moved.signal());
        }
        if (done == 0) {
            return Outcomes.one(call.returned(moved.result()));
        }
        if (rest.answer().refuses()) {
            return call.fail(Errno.EINVAL);
        }
        CompressionHooks.count(call, id, rest.answer().count(Sums.ZERO, done));
        return call.ok(done);
    }
}
