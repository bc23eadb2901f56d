package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.PipeBuffer.Slot;
import org.pcollections.PVector;

/** Writing to and reading from a pipe's ring of pages (fs/pipe.c, pipe_write and pipe_read). */
final class Pipes {
    private static final int PAGE = Limits.PAGE_SIZE;

    private Pipes() {
    }

    /**
     * Writes as much as there is room for.
     *
     * @param length bytes asked for, of which {@code data} are those before the first fault
     * @param packet O_DIRECT: each write is a packet of its own
     */
    static Moved write(State state, int id, Rope data, long length, boolean packet) {
        PipeBuffer pipe = pipe(state, id);
        if (length == 0) {
            return Moved.bytes(state, 0, 0);
        }
        if (pipe.readers() == 0) {
            return Moved.failed(state, Errno.EPIPE, Signal.SIGPIPE);
        }
        PVector<Slot> slots = pipe.slots();
        long done = 0;
        int small = (int) (length & (PAGE - 1));
        if (small != 0 && !slots.isEmpty()) {
            Slot last = slots.get(slots.size() - 1);
            if (last.mergeable() && last.end() + small <= PAGE) {
                if (data.length() < small) {
                    return Moved.failed(state, Errno.EFAULT);
                }
                slots = slots.with(slots.size() - 1, last.plus(data.prefix(small)));
                done = small;
            }
        }
        boolean faulted = false;
        while (done < length && slots.size() < pipe.size() && !faulted) {
            long count = Math.min(PAGE, length - done);
            // The slot is taken before its page is filled, and stays when that faults.
            faulted = data.length() < done + count;
            Rope page = faulted ? Rope.empty() : data.slice(done, done + count);
            slots = slots.plus(new Slot(page, (int) page.length(), !packet, packet));
            done += page.length();
        }
        State next = withPipe(state, id, pipe.withSlots(slots));
        if (faulted) {
            return done > 0 ? Moved.bytes(next, done, 0) : Moved.failed(next, Errno.EFAULT);
        }
        return done == length ? Moved.bytes(next, done, 0) : Moved.waiting(next, done);
    }

    /**
     * Reads what is there.
     *
     * @param writable how much of the length can be stored before the first fault
     */
    static Taken read(State state, int id, long length, long writable) {
        PipeBuffer pipe = pipe(state, id);
        PVector<Slot> slots = pipe.slots();
        Rope data = Rope.empty();
        boolean faulted = false;
        boolean packet = false;
        boolean more = length > 0;
        while (more && !slots.isEmpty()) {
            Slot slot = slots.get(0);
            long count = Math.min(slot.data().length(), length - data.length());
            faulted = writable < data.length() + count;
            if (faulted) {
                break;
            }
            data = data.concat(slot.data().prefix(count));
            packet = slot.packet();
            boolean used = packet || count == slot.data().length();
            slots = used ? slots.minus(0) : slots.with(0, slot.from(count));
            more = data.length() < length && !packet;
        }
        State next = withPipe(state, id, pipe.withSlots(slots));
        if (faulted && data.isEmpty()) {
            return Taken.failed(next, Errno.EFAULT);
        }
        boolean wait = data.isEmpty() && length > 0 && !packet && pipe.writers() > 0;
        return wait ? Taken.waiting(next) : Taken.bytes(next, data, 0);
    }

    /** The pipe of a FIFO's inode. */
    static PipeBuffer pipe(State state, int id) {
        return ((InodeKind.Fifo) state.inode(id).kind()).pipe();
    }

    /** The state with another content of a pipe. */
    static State withPipe(State state, int id, PipeBuffer pipe) {
        Inode inode = state.inode(id);
        return state.with(inode.with(new InodeKind.Fifo(pipe, ((InodeKind.Fifo) inode.kind()).named())));
    }
}
