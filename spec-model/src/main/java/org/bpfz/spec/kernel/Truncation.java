package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.jspecify.annotations.Nullable;

/** truncate and ftruncate (fs/open.c, vfs_truncate and do_ftruncate; fs/attr.c, inode_newsize_ok). */
final class Truncation {
    private Truncation() {
    }

    static Outcomes ftruncate(Evaluation call, int fd, long length) {
        if (length < 0) {
            return call.fail(Errno.EINVAL);
        }
        OpenFile file = call.state.file(call.file(fd));
        Inode inode = call.state.inode(file.inode());
        return inode.isRegular() && file.canWrite() ? resize(call, inode, length) : call.fail(Errno.EINVAL);
    }

    static Outcomes truncate(Evaluation call, @Nullable String path, long length) {
        if (length < 0) {
            return call.fail(Errno.EINVAL);
        }
        Inode inode = PathWalk.lookup(call, Flags.AT_FDCWD, path, true);
        if (inode.isDirectory()) {
            return call.fail(Errno.EISDIR);
        }
        if (!inode.isRegular()) {
            return call.fail(Errno.EINVAL);
        }
        Permissions.require(call.state, call.task().credentials(), inode, Permissions.WRITE);
        return resize(call, inode, length);
    }

    private static Outcomes resize(Evaluation call, Inode inode, long length) {
        long limit = call.state.limits(call.task()).fsize();
        boolean grows = inode.size() < length;
        if (grows && limit != Limits.RLIM_INFINITY && Long.compareUnsigned(length, limit) > 0) {
            call.raise(Signal.SIGXFSZ);
            return call.fail(Errno.EFBIG);
        }
        if (grows && length > call.state.fileSystem(inode).maxFileSize()) {
            return call.fail(Errno.EFBIG);
        }
        call.state = RegularFile.truncate(call.state, inode.id(), length, call.task().credentials());
        return call.ok(0);
    }
}
