package org.bpfz.spec.kernel;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.InodeKind.Fifo;
import org.bpfz.spec.kernel.PipeBuffer.Slot;
import org.bpfz.spec.program.Clause;
import org.pcollections.PVector;

/**
 * splice, tee and vmsplice: pages that move into and out of pipes, neither verified nor counted (clause HOOK-7; fs/splice.c).
 */
final class Splices {
    private static final int SPLICE_F_NONBLOCK = 2;
    private static final int SPLICE_F_ALL = 0xf;

    private Splices() {
    }

    static Outcomes splice(Evaluation call, Call.Splice c) {
        call.restsOn(Clause.HOOK_7);
        if (c.count() == 0) {
            return call.ok(0);
        }
        if ((c.flags() & ~SPLICE_F_ALL) != 0) {
            return call.fail(Errno.EINVAL);
        }
        int inId = call.file(c.inFd());
        int outId = call.file(c.outFd());
        boolean fromPipe = isPipe(call, inId);
        boolean toPipe = isPipe(call, outId);
        if ((fromPipe && c.inOffset() != null) || (toPipe && c.outOffset() != null)) {
            return call.fail(Errno.ESPIPE);
        }
        OpenFile in = call.state.file(inId);
        OpenFile out = call.state.file(outId);
        if (!in.canRead() || !out.canWrite()) {
            return call.fail(Errno.EBADF);
        }
        boolean nonBlocking = (c.flags() & SPLICE_F_NONBLOCK) != 0 || (fromPipe && in.nonBlocking())
                || (toPipe && out.nonBlocking());
        if (fromPipe && toPipe) {
            return betweenPipes(call, in.inode(), out.inode(), c.count(), nonBlocking, c, true);
        }
        if (fromPipe) {
            return fromPipe(call, c, in, outId, nonBlocking);
        }
        if (!toPipe) {
            return call.fail(Errno.EINVAL);
        }
        if (c.inOffset() != null && !FileTraits.of(call.state, inId).hasOffsets()) {
            return call.fail(Errno.EINVAL);
        }
        long position = c.inOffset() == null ? in.position() : c.inOffset();
        TransferChecks.area(position, c.count());
        Outcomes outcomes = toPipe(call, inId, position, outId, c.count(), nonBlocking, c);
        return c.inOffset() == null ? outcomes : withoutMovingInput(outcomes, inId, in.position(), position);
    }

    private static boolean isPipe(Evaluation call, int id) {
        return call.state.inode(call.state.file(id).inode()).kind() instanceof Fifo;
    }

    /** splice_file_to_pipe: a page at a time, as long as there are slots. */
    static Outcomes toPipe(Evaluation call, int inId, long position, int outId, long count, boolean nonBlocking,
            Call original) {
        int pipeId = call.state.file(outId).inode();
        PipeBuffer pipe = Pipes.pipe(call.state, pipeId);
        if (pipe.readers() == 0) {
            call.raise(Signal.SIGPIPE);
            return call.fail(Errno.EPIPE);
        }
        if (pipe.isFull()) {
            return nonBlocking ? call.fail(Errno.EAGAIN) : Outcomes.one(call.blocked(original));
        }
        OpenFile in = call.state.file(inId);
        if (!KernelTransfers.isSource(call, in)) {
            return call.fail(Errno.EINVAL);
        }
        long free = (long) pipe.size() - pipe.slots().size();
        // A page of the file fills a slot, however little of it is asked for.
        long room = (Pages.of(position) + free) * Limits.PAGE_SIZE - position;
        boolean regular = call.state.inode(in.inode()).isRegular();
        long most = Math.min(count, regular ? room : free * Limits.PAGE_SIZE);
        ReadRequest request = ReadRequest.atOffset(List.of(Destination.of(most)), position, false, 0);
        Rope data = FileOps.read(call.state, in, request).data();
        PVector<Slot> slots = pipe.slots();
        long at = regular ? position % Limits.PAGE_SIZE : 0;
        for (long done = 0; done < data.length();) {
            long next = Math.min(data.length(), done + Limits.PAGE_SIZE - (at + done) % Limits.PAGE_SIZE);
            slots = slots.plus(pageOf(data.slice(done, next)));
            done = next;
        }
        call.state = Pipes.withPipe(call.state, pipeId, pipe.withSlots(slots));
        if (regular) {
            call.state = call.state.withFile(inId, in.withPosition(position + data.length()));
        }
        return call.ok(data.length());
    }

    /** A page that belongs to someone else: nothing may be appended to it. */
    private static Slot pageOf(Rope data) {
        return new Slot(data, Limits.PAGE_SIZE, false, false);
    }

    /** The same outcome with the input's own position where it was, and the offset argument moved instead. */
    static Outcomes withoutMovingInput(Outcomes outcomes, int inId, long position, long offset) {
        if (!(outcomes.first() instanceof Outcome.Returned done) || done.isError()) {
            return outcomes;
        }
        OpenFile in = done.next().file(inId);
        long moved = done.next().inode(in.inode()).isRegular() ? done.result() : 0;
        return Outcomes
                .one(new Outcome.Returned(done.result(), new Output.Offsets(offset + moved, null), done.signals(),
                        done.next().withFile(inId, in.withPosition(position)), done.clauses(), done.runs()));
    }

    /** do_splice_from: what is in the pipe goes to a file. */
    private static Outcomes fromPipe(Evaluation call, Call.Splice c, OpenFile in, int outId, boolean nonBlocking) {
        OpenFile out = call.state.file(outId);
        FileTraits traits = FileTraits.of(call.state, outId);
        if (c.outOffset() != null && !traits.hasOffsets()) {
            return call.fail(Errno.EINVAL);
        }
        if (out.appends()) {
            return call.fail(Errno.EINVAL);
        }
        long position = c.outOffset() == null ? out.position() : c.outOffset();
        TransferChecks.area(position, c.count());
        if (!KernelTransfers.isSink(call, out)) {
            return call.fail(Errno.EINVAL);
        }
        Taken taken = Pipes.read(call.state, in.inode(), c.count(), c.count());
        if (taken.waits()) {
            return nonBlocking ? call.fail(Errno.EAGAIN) : Outcomes.one(call.blocked(c));
        }
        if (taken.data().isEmpty()) {
            return call.ok(0);
        }
        WriteRequest write = WriteRequest.atOffset(List.of(Source.of(taken.data())), position, false, 0);
        long limit = call.state.limits(call.task()).fsize();
        Moved moved = FileOps.write(call.state, out, write, call.task().credentials(), limit);
        if (moved.signal() != null) {
            call.raise(moved.signal());
        }
        if (moved.isError()) {
            return Outcomes.one(call.returned(moved.result()));
        }
        call.state = Pipes.read(moved.next(), in.inode(), moved.result(), moved.result()).next();
        if (c.outOffset() == null) {
            call.state = call.state.withFile(outId, call.state.file(outId).withPosition(moved.position()));
            return call.ok(moved.result());
        }
        return call.ok(moved.result(), new Output.Offsets(null, moved.position()));
    }

    static Outcomes tee(Evaluation call, Call.Tee c) {
        call.restsOn(Clause.HOOK_7);
        if ((c.flags() & ~SPLICE_F_ALL) != 0) {
            return call.fail(Errno.EINVAL);
        }
        if (c.count() == 0) {
            return call.ok(0);
        }
        int inId = call.file(c.inFd());
        int outId = call.file(c.outFd());
        OpenFile in = call.state.file(inId);
        OpenFile out = call.state.file(outId);
        if (!in.canRead() || !out.canWrite()) {
            return call.fail(Errno.EBADF);
        }
        if (!isPipe(call, inId) || !isPipe(call, outId)) {
            return call.fail(Errno.EINVAL);
        }
        boolean nonBlocking = (c.flags() & SPLICE_F_NONBLOCK) != 0 || in.nonBlocking() || out.nonBlocking();
        return betweenPipes(call, in.inode(), out.inode(), c.count(), nonBlocking, c, false);
    }

    /** splice_pipe_to_pipe and link_pipe: slots go from pipe to pipe, or into both. */
    private static Outcomes betweenPipes(Evaluation call, int from, int to, long count, boolean nonBlocking,
            Call original,
            boolean takes) {
        if (from == to) {
            return call.fail(Errno.EINVAL);
        }
        PipeBuffer source = Pipes.pipe(call.state, from);
        PipeBuffer target = Pipes.pipe(call.state, to);
        boolean empty = source.slots().isEmpty();
        boolean brokenAndFull = target.isFull() && target.readers() == 0;
        if ((empty && source.writers() > 0) || (target.isFull() && !brokenAndFull)) {
            return nonBlocking ? call.fail(Errno.EAGAIN) : Outcomes.one(call.blocked(original));
        }
        if (target.readers() == 0) {
            call.raise(Signal.SIGPIPE);
            return call.fail(Errno.EPIPE);
        }
        if (empty) {
            return call.ok(0);
        }
        PVector<Slot> left = source.slots();
        PVector<Slot> added = target.slots();
        long moved = 0;
        for (Slot slot : source.slots()) {
            long part = Math.min(slot.data().length(), count - moved);
            if (moved >= count || added.size() >= target.size()) {
                break;
            }
            added = added.plus(pageOf(slot.data().prefix(part)));
            left = part == slot.data().length() ? left.minus(0) : left.with(0, slot.from(part));
            moved += part;
        }
        State filled = Pipes.withPipe(call.state, to, target.withSlots(added));
        call.state = takes ? Pipes.withPipe(filled, from, source.withSlots(left)) : filled;
        return call.ok(moved);
    }

    /** vmsplice into a pipe: the caller's pages become slots. */
    static Outcomes vmsplice(Evaluation call, Call.Vmsplice c) {
        call.restsOn(Clause.HOOK_7);
        if ((c.flags() & ~SPLICE_F_ALL) != 0) {
            return call.fail(Errno.EINVAL);
        }
        int id = call.file(c.fd());
        OpenFile file = call.state.file(id);
        if (!file.canWrite()) {
            return call.fail(Errno.EBADF);
        }
        TransferChecks.vector(c.vector(), Source::length, Source::userAddress, Source::inUserSpace);
        WriteRequest request = WriteRequest.atOffset(c.vector().segments(), 0, true, 0).cut();
        if (request.length() == 0) {
            return call.ok(0);
        }
        if (!isPipe(call, id)) {
            return call.fail(Errno.EBADF);
        }
        PipeBuffer pipe = Pipes.pipe(call.state, file.inode());
        if (pipe.readers() == 0) {
            call.raise(Signal.SIGPIPE);
            return call.fail(Errno.EPIPE);
        }
        if (pipe.isFull()) {
            boolean mayWait = (c.flags() & SPLICE_F_NONBLOCK) == 0 && !file.nonBlocking();
            return mayWait ? Outcomes.one(call.blocked(c)) : call.fail(Errno.EAGAIN);
        }
        Rope data = request.readable();
        if (data.isEmpty()) {
            return call.fail(Errno.EFAULT);
        }
        PVector<Slot> slots = pipe.slots();
        long done = 0;
        while (done < data.length() && slots.size() < pipe.size()) {
            long next = Math.min(done + Limits.PAGE_SIZE, data.length());
            slots = slots.plus(pageOf(data.slice(done, next)));
            done = next;
        }
        call.state = Pipes.withPipe(call.state, file.inode(), pipe.withSlots(slots));
        return call.ok(done);
    }
}
