package org.bpfz.spec.kernel;

import static org.bpfz.spec.kernel.Flags.O_CLOEXEC;
import static org.bpfz.spec.kernel.Flags.O_DIRECT;
import static org.bpfz.spec.kernel.Flags.O_NONBLOCK;
import static org.bpfz.spec.kernel.Flags.O_RDONLY;
import static org.bpfz.spec.kernel.Flags.O_RDWR;
import static org.bpfz.spec.kernel.Flags.O_WRONLY;

import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.InodeKind.Fifo;
import org.bpfz.spec.kernel.InodeKind.Socket;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * Files that come into being without a name and without open, and so never under verification: pipes and pairs of sockets, with
 * the descriptors that travel through sockets (fs/pipe.c, do_pipe2; net/socket.c, __sys_socketpair; net/core/scm.c).
 */
final class Channels {
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_TYPE_MASK = 0xf;
    /** include/net/scm.h, SCM_MAX_FD. */
    private static final int SCM_MAX_FD = 253;

    private Channels() {
    }

    static Outcomes pipe2(Evaluation call, int flags) {
        if ((flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT)) != 0) {
            return call.fail(Errno.EINVAL);
        }
        PipeBuffer pipe = PipeBuffer.EMPTY.opened(true, false).opened(false, true);
        int inode = nameless(call, new Fifo(pipe, false), 0600, 2);
        int kept = flags & (O_NONBLOCK | O_DIRECT);
        boolean closeOnExec = (flags & O_CLOEXEC) != 0;
        // fs/pipe.c, create_pipe_files: packet mode is the writing end's affair.
        OpenFile reader = OpenFile.of(inode, O_RDONLY | (flags & O_NONBLOCK));
        return pair(call, reader, OpenFile.of(inode, O_WRONLY | kept), closeOnExec);
    }

    /**
     * socketpair(AF_UNIX, type, 0).
     *
     * @param type SOCK_STREAM with SOCK_CLOEXEC and SOCK_NONBLOCK, which have the values of the O flags
     */
    static Outcomes socketpair(Evaluation call, int type) {
        if ((type & ~(SOCK_TYPE_MASK | O_CLOEXEC | O_NONBLOCK)) != 0 || (type & SOCK_TYPE_MASK) != SOCK_STREAM) {
            return call.fail(Errno.EINVAL);
        }
        int first = nameless(call, Socket.connectedTo(0), 0777, 1);
        int second = nameless(call, Socket.connectedTo(first), 0777, 1);
        Inode end = call.state.inode(first);
        call.state = call.state.with(end.with(Socket.connectedTo(second)));
        int flags = O_RDWR | (type & O_NONBLOCK);
        return pair(call, OpenFile.of(first, flags), OpenFile.of(second, flags), (type & O_CLOEXEC) != 0);
    }

    private static int nameless(Evaluation call, InodeKind kind, int permissions, int opens) {
        Credentials who = call.task().credentials();
        int id = call.state.nextId();
        Inode inode = new Inode(id, State.ROOT_FILE_SYSTEM, who.fsuid(), who.fsgid(), permissions, 0, opens, Sums.ZERO,
                kind);
        call.state = call.state.withIdTaken().with(inode);
        return id;
    }

    private static Outcomes pair(Evaluation call, OpenFile first, OpenFile second, boolean closeOnExec) {
        State before = call.state;
        int low = Descriptors.reserve(call, 0);
        Opening.install(call, first, low, closeOnExec);
        int high = call.table().lowestFree(0);
        if (!Descriptors.belowLimit(call, high)) {
            call.state = before;
            return call.fail(Errno.EMFILE);
        }
        Opening.install(call, second, high, closeOnExec);
        return call.ok(0, new Output.Pair(low, high));
    }

    /** sendmsg with an SCM_RIGHTS message: the open files are shared, not copied (clause SYS-4). */
    static Outcomes sendmsg(Evaluation call, Call.Sendmsg c) {
        int id = call.file(c.fd());
        Inode inode = socket(call, id);
        if (c.descriptors().size() > SCM_MAX_FD) {
            return call.fail(Errno.EINVAL);
        }
        PVector<Integer> files = TreePVector.empty();
        for (int fd : c.descriptors()) {
            files = files.plus(call.rawFile(fd));
        }
        Source source = c.source();
        if (!source.inUserSpace()) {
            return call.fail(Errno.EFAULT);
        }
        Moved moved = Sockets.send(call.state, inode.id(), source.readable(), source.length(), files);
        if (moved.signal() != null) {
            call.raise(moved.signal());
        }
        if (moved.isError()) {
            return Outcomes.one(call.returned(moved.result()));
        }
        if (moved.waits() && moved.result() == 0) {
            return call.state.file(id).nonBlocking() ? call.fail(Errno.EAGAIN) : Outcomes.one(call.blocked(c));
        }
        call.state = moved.next();
        if (moved.result() > 0) {
            for (int file : files) {
                call.state = Descriptors.retain(call.state, file);
            }
        }
        return call.ok(moved.result());
    }

    /** recvmsg with room for descriptors: those that find no room are closed. */
    static Outcomes recvmsg(Evaluation call, Call.Recvmsg c) {
        int id = call.file(c.fd());
        Inode inode = socket(call, id);
        Destination destination = c.destination();
        Sockets.Received received = Sockets.receive(call.state, inode.id(), destination.length(),
                destination.writable());
        Taken taken = received.taken();
        if (taken.errno() != null) {
            return call.fail(taken.errno());
        }
        if (taken.waits()) {
            return call.state.file(id).nonBlocking() ? call.fail(Errno.EAGAIN) : Outcomes.one(call.blocked(c));
        }
        call.state = taken.next();
        PVector<Integer> descriptors = TreePVector.empty();
        for (int file : received.files()) {
            int fd = call.table().lowestFree(0);
            if (descriptors.size() < c.room() && Descriptors.belowLimit(call, fd)) {
                Descriptors.share(call, file, fd, c.closeOnExec());
                descriptors = descriptors.plus(fd);
            }
            call.state = Descriptors.release(call.state, file);
        }
        return call.ok(taken.data().length(), new Output.Message(taken.data(), descriptors));
    }

    private static Inode socket(Evaluation call, int id) {
        Inode inode = call.state.inode(call.state.file(id).inode());
        if (!(inode.kind() instanceof Socket)) {
            throw new Failure(Errno.ENOTSOCK);
        }
        return inode;
    }
}
