package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;

/** Descriptors and the open files that they share (fs/file.c: alloc_fd, do_dup2, ksys_dup3, close_fd; clause SYS-4). */
final class Descriptors {
    private Descriptors() {
    }

    /** The lowest free descriptor from {@code from} on, below the caller's RLIMIT_NOFILE. */
    static int reserve(Evaluation call, int from) {
        long limit = call.state.limits(call.task()).nofile();
        int fd = call.table().lowestFree(from);
        if (Long.compareUnsigned(fd, limit) >= 0) {
            throw new Failure(Errno.EMFILE);
        }
        return fd;
    }

    static Outcomes dup(Evaluation call, int fd) {
        return share(call, call.rawFile(fd), reserve(call, 0), false);
    }

    /** dup2: equal descriptors are fine as long as they are open. */
    static Outcomes dup2(Evaluation call, int oldFd, int newFd) {
        if (newFd == oldFd) {
            call.rawFile(oldFd);
            return call.ok(oldFd);
        }
        return dup3(call, oldFd, newFd, 0);
    }

    /** dup3: the new descriptor is closed first if it is open. */
    static Outcomes dup3(Evaluation call, int oldFd, int newFd, int flags) {
        if ((flags & ~Flags.O_CLOEXEC) != 0 || oldFd == newFd) {
            return call.fail(Errno.EINVAL);
        }
        long limit = call.state.limits(call.task()).nofile();
        if (Long.compareUnsigned(Integer.toUnsignedLong(newFd), limit) >= 0) {
            return call.fail(Errno.EBADF);
        }
        int file = call.rawFile(oldFd);
        Descriptor replaced = call.table().get(newFd);
        Outcomes outcome = share(call, file, newFd, (flags & Flags.O_CLOEXEC) != 0);
        if (replaced == null) {
            return outcome;
        }
        call.state = release(call.state, replaced.file());
        return call.ok(newFd);
    }

    /** One more descriptor of an open file. */
    static Outcomes share(Evaluation call, int file, int fd, boolean closeOnExec) {
        OpenFile shared = call.state.file(file);
        DescriptorTable table = call.table().with(fd, new Descriptor(file, closeOnExec));
        call.state = call.state.withFile(file, shared.withReferences(shared.references() + 1))
                .withTable(call.task().files(), table);
        return call.ok(fd);
    }

    static Outcomes close(Evaluation call, int fd) {
        int file = call.rawFile(fd);
        call.state = release(call.state.withTable(call.task().files(), call.table().without(fd)), file);
        return call.ok(0);
    }

    /** One reference to an open file less; with the last one the open file goes, and what it kept alive (fs/file_table.c, __fput). */
    static State release(State state, int id) {
        OpenFile file = state.file(id);
        if (file.references() > 1) {
            return state.withFile(id, file.withReferences(file.references() - 1));
        }
        Inode inode = state.inode(file.inode());
        State closed = state.withoutFile(id);
        if (inode.kind() instanceof InodeKind.BpfLink) {
            closed = closed.with(closed.attachments().minusLink(inode.id()));
        }
        Inode released = inode.withOpens(inode.opens() - 1);
        return evictIfUnused(closed.with(released), released);
    }

    /** Drops an inode that neither a name nor an open file keeps. */
    static State evictIfUnused(State state, Inode inode) {
        return inode.links() == 0 && inode.opens() == 0 ? state.withoutInode(inode.id()) : state;
    }
}
