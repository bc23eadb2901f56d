package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.InodeKind.Fifo;

/**
 * The end of every successful open: the open file, its descriptor, and the question to decide (fs/open.c, do_dentry_open;
 * fs/pipe.c, fifo_open).
 */
final class Opening {
    private Opening() {
    }

    /**
     * Opens an inode that all checks allow.
     *
     * @param fd       a free descriptor
     * @param flags    f_flags of the open file
     * @param truncate whether a regular file loses its content
     */
    static Outcomes finish(Evaluation call, Inode inode, int fd, int flags, boolean closeOnExec, boolean truncate) {
        OpenFile file = OpenFile.of(inode.id(), flags);
        if (!file.isPathOnly() && inode.kind() instanceof Fifo fifo) {
            return fifo(call, inode, fifo, file, fd, closeOnExec);
        }
        // net/socket.c, sock_no_open: a socket in a directory is not opened by its name.
        if (!file.isPathOnly() && inode.kind() instanceof InodeKind.Socket) {
            return call.fail(Errno.ENXIO);
        }
        if (truncate && inode.isRegular()) {
            call.state = RegularFile.truncate(call.state, inode.id(), 0, call.task().credentials());
        }
        call.state = opened(call.state, inode.id());
        return decided(call, file, fd, closeOnExec);
    }

    /** One open file of an inode more. */
    static State opened(State state, int id) {
        Inode inode = state.inode(id);
        return state.with(inode.withOpens(inode.opens() + 1));
    }

    private static Outcomes fifo(Evaluation call, Inode inode, Fifo fifo, OpenFile file, int fd, boolean closeOnExec) {
        boolean reads = file.canRead();
        boolean writes = file.canWrite();
        PipeBuffer pipe = fifo.pipe();
        if (!reads && !writes) {
            return call.fail(Errno.EINVAL);
        }
        if (fifo.named() && !reads && file.nonBlocking() && pipe.readers() == 0) {
            return call.fail(Errno.ENXIO);
        }
        call.state = opened(Pipes.withPipe(call.state, inode.id(), pipe.opened(reads, writes)), inode.id());
        boolean alone = reads ? pipe.writers() == 0 : pipe.readers() == 0;
        boolean waits = fifo.named() && reads != writes && alone && !(reads && file.nonBlocking());
        if (!waits) {
            return decided(call, file, fd, closeOnExec);
        }
        // The descriptor is taken while the caller sleeps, and nothing is behind it (fs/file.c, get_unused_fd_flags).
        call.setTable(call.table().with(fd, Descriptor.RESERVED));
        int partners = reads ? pipe.writerOpens() : pipe.readerOpens();
        return Outcomes.one(call.blocked(new Call.ResumedOpen(call.task().pid(), file, fd, closeOnExec, partners)));
    }

    /** An open that waited for the other end of a FIFO (fs/pipe.c, wait_for_partner). */
    static Outcomes resume(Evaluation call, Call.ResumedOpen rest) {
        PipeBuffer pipe = Pipes.pipe(call.state, rest.file().inode());
        int partners = rest.file().canRead() ? pipe.writerOpens() : pipe.readerOpens();
        return partners == rest.partners()
                ? Outcomes.one(call.blocked(rest))
                : decided(call, rest.file(), rest.fd(), rest.closeOnExec());
    }

    private static Outcomes decided(Evaluation call, OpenFile file, int fd, boolean closeOnExec) {
        boolean verified = CompressionHooks.decide(call, call.state.inode(file.inode()), file.isPathOnly());
        install(call, verified ? file.underVerification() : file, fd, closeOnExec);
        return call.ok(fd);
    }

    /** Puts a new open file into the caller's table. */
    static void install(Evaluation call, OpenFile file, int fd, boolean closeOnExec) {
        int id = call.state.nextId();
        call.state = call.state.withIdTaken().withFile(id, file);
        call.setTable(call.table().with(fd, new Descriptor(id, closeOnExec)));
    }
}
