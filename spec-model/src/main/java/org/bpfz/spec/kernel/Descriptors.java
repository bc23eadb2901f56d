package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.InodeKind.BpfLink;
import org.bpfz.spec.kernel.InodeKind.Fifo;
import org.bpfz.spec.kernel.InodeKind.Regular;
import org.bpfz.spec.kernel.InodeKind.Socket;

/** Descriptors and the open files that they share (fs/file.c: alloc_fd, do_dup2, ksys_dup3, close_fd; clause SYS-4). */
final class Descriptors {
    private Descriptors() {
    }

    /** The lowest free descriptor from {@code from} on, below the caller's RLIMIT_NOFILE. */
    static int reserve(Evaluation call, int from) {
        int fd = call.table().lowestFree(from);
        if (!belowLimit(call, fd)) {
            throw new Failure(Errno.EMFILE);
        }
        return fd;
    }

    /** Whether RLIMIT_NOFILE allows the number; negative ones are large unsigned ones. */
    static boolean belowLimit(Evaluation call, int fd) {
        long limit = call.state.limits(call.task()).nofile();
        return Long.compareUnsigned(Integer.toUnsignedLong(fd), limit) < 0;
    }

    static Outcomes dup(Evaluation call, int fd) {
        int file = call.rawFile(fd);
        int free = reserve(call, 0);
        share(call, file, free, false);
        return call.ok(free);
    }

    /** dup2: equal descriptors are fine as long as they are open. */
    static Outcomes dup2(Evaluation call, int oldFd, int newFd) {
        if (newFd == oldFd) {
            call.rawFile(oldFd);
            return call.ok(oldFd);
        }
        return dup3(call, oldFd, newFd, 0);
    }

    /** dup3: what the new descriptor stood for is closed on the way. */
    static Outcomes dup3(Evaluation call, int oldFd, int newFd, int flags) {
        if ((flags & ~Flags.O_CLOEXEC) != 0 || oldFd == newFd) {
            return call.fail(Errno.EINVAL);
        }
        if (!belowLimit(call, newFd)) {
            return call.fail(Errno.EBADF);
        }
        int file = call.rawFile(oldFd);
        if (call.table().isReserved(newFd)) {
            return call.fail(Errno.EBUSY);
        }
        Descriptor replaced = call.table().get(newFd);
        share(call, file, newFd, (flags & Flags.O_CLOEXEC) != 0);
        if (replaced != null) {
            call.state = release(call.state, replaced.file());
        }
        return call.ok(newFd);
    }

    /** One more descriptor of an open file. */
    static void share(Evaluation call, int file, int fd, boolean closeOnExec) {
        call.state = retain(call.state, file);
        call.setTable(call.table().with(fd, new Descriptor(file, closeOnExec)));
    }

    static Outcomes close(Evaluation call, int fd) {
        int file = call.rawFile(fd);
        call.setTable(call.table().without(fd));
        call.state = release(call.state, file);
        return call.ok(0);
    }

    /** One reference to an open file more. */
    static State retain(State state, int id) {
        OpenFile file = state.file(id);
        return state.withFile(id, file.withReferences(file.references() + 1));
    }

    /** One reference to an open file less; with the last one the open file goes, and what it kept alive (fs/file_table.c, __fput). */
    static State release(State state, int id) {
        OpenFile file = state.file(id);
        if (file.references() > 1) {
            return state.withFile(id, file.withReferences(file.references() - 1));
        }
        Inode inode = state.inode(file.inode());
        State closed = state.withoutFile(id);
        closed = switch (inode.kind()) {
            case BpfLink(var hook) -> closed.with(closed.attachments().minus(hook, inode.id()));
            case Fifo(PipeBuffer pipe, _) when !file.isPathOnly() ->
                Pipes.withPipe(closed, inode.id(), pipe.closed(file.canRead(), file.canWrite()));
            default -> closed;
        };
        Inode released = closed.inode(inode.id());
        return evictIfUnused(closed.with(released.withOpens(released.opens() - 1)), inode.id());
    }

    /** Drops an inode that neither a name nor an open file keeps, and what only it kept (fs/inode.c, evict). */
    static State evictIfUnused(State state, int id) {
        Inode inode = state.inode(id);
        if (inode.links() > 0 || inode.opens() > 0) {
            return state;
        }
        State evicted = state.withoutInode(id);
        if (inode.kind() instanceof Regular(_, Pages pages)) {
            FileSystem fileSystem = state.fileSystem(inode);
            return evicted.with(fileSystem.withUsed(fileSystem.used() - pages.count()));
        }
        if (inode.kind() instanceof Socket(_, var received)) {
            for (Socket.Message message : received) {
                for (int file : message.files()) {
                    evicted = release(evicted, file);
                }
            }
        }
        return evicted;
    }
}
