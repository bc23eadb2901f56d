package org.bpfz.spec.kernel;

import static org.bpfz.spec.kernel.Flags.O_APPEND;
import static org.bpfz.spec.kernel.Flags.O_DIRECT;
import static org.bpfz.spec.kernel.Flags.O_NOATIME;
import static org.bpfz.spec.kernel.Flags.O_NONBLOCK;

import org.bpfz.spec.Errno;

/** fcntl, the commands that touch what is modelled (fs/fcntl.c, do_fcntl and setfl; fs/pipe.c, pipe_fcntl). */
final class Fcntl {
    private static final int SETTABLE = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME;
    /** fs/pipe.c, pipe_max_size. */
    private static final long PIPE_MAX_SIZE = 1 << 20;

    private Fcntl() {
    }

    static Outcomes fcntl(Evaluation call, int fd, int command, long argument) {
        int id = call.rawFile(fd);
        OpenFile file = call.state.file(id);
        return switch (command) {
            case Flags.F_DUPFD -> duplicate(call, id, (int) argument, false);
            case Flags.F_DUPFD_CLOEXEC -> duplicate(call, id, (int) argument, true);
            case Flags.F_GETFD -> call.ok(descriptor(call, fd).closeOnExec() ? Flags.FD_CLOEXEC : 0);
            case Flags.F_SETFD -> {
                boolean closeOnExec = (argument & Flags.FD_CLOEXEC) != 0;
                call.setTable(call.table().with(fd, new Descriptor(id, closeOnExec)));
                yield call.ok(0);
            }
            case Flags.F_GETFL -> call.ok(file.flags());
            default -> file.isPathOnly() ? call.fail(Errno.EBADF) : ofFile(call, id, command, (int) argument);
        };
    }

    private static Descriptor descriptor(Evaluation call, int fd) {
        Descriptor descriptor = call.table().get(fd);
        if (descriptor == null) {
            throw new Failure(Errno.EBADF);
        }
        return descriptor;
    }

    private static Outcomes duplicate(Evaluation call, int id, int from, boolean closeOnExec) {
        if (!Descriptors.belowLimit(call, from)) {
            return call.fail(Errno.EINVAL);
        }
        int fd = Descriptors.reserve(call, from);
        Descriptors.share(call, id, fd, closeOnExec);
        return call.ok(fd);
    }

    private static Outcomes ofFile(Evaluation call, int id, int command, int argument) {
        return switch (command) {
            case Flags.F_SETFL -> setFlags(call, id, argument);
            case Flags.F_GETPIPE_SZ, Flags.F_SETPIPE_SZ -> {
                Inode inode = call.state.inode(call.state.file(id).inode());
                if (!(inode.kind() instanceof InodeKind.Fifo)) {
                    yield call.fail(Errno.EBADF);
                }
                yield command == Flags.F_GETPIPE_SZ
                        ? call.ok((long) Pipes.pipe(call.state, inode.id()).size() * Limits.PAGE_SIZE)
                        : setPipeSize(call, inode.id(), argument);
            }
            default -> call.fail(Errno.EINVAL);
        };
    }

    private static Outcomes setFlags(Evaluation call, int id, int argument) {
        OpenFile file = call.state.file(id);
        Inode inode = call.state.inode(file.inode());
        boolean newNoatime = (argument & O_NOATIME) != 0 && (file.flags() & O_NOATIME) == 0;
        if (newNoatime && !Permissions.ownerOrPrivileged(call.task().credentials(), inode)) {
            return call.fail(Errno.EPERM);
        }
        boolean mayBeDirect = inode.kind() instanceof InodeKind.Fifo || inode.isRegular();
        if ((argument & O_DIRECT) != 0 && !mayBeDirect) {
            return call.fail(Errno.EINVAL);
        }
        int flags = (argument & SETTABLE) | (file.flags() & ~SETTABLE);
        call.state = call.state.withFile(id, file.withFlags(flags));
        return call.ok(0);
    }

    /** The size is rounded up to a power of two of pages; slots in use are not given up. */
    private static Outcomes setPipeSize(Evaluation call, int inode, int bytes) {
        PipeBuffer pipe = Pipes.pipe(call.state, inode);
        long asked = Integer.toUnsignedLong(bytes);
        if (asked > 1L << 31) {
            return call.fail(Errno.EINVAL);
        }
        long size = Math.max(Limits.PAGE_SIZE, Long.highestOneBit(Math.max(asked * 2 - 1, 1)));
        int slots = (int) (size / Limits.PAGE_SIZE);
        if (slots > pipe.size() && size > PIPE_MAX_SIZE && !call.task().credentials().isPrivileged()) {
            return call.fail(Errno.EPERM);
        }
        if (pipe.slots().size() > slots) {
            return call.fail(Errno.EBUSY);
        }
        call.state = Pipes.withPipe(call.state, inode, pipe.withSize(slots));
        return call.ok(size);
    }
}
