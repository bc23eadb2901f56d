package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;

/** Reads, writes and truncation of regular files (mm/filemap.c, generic_perform_write; mm/shmem.c; fs/read_write.c, generic_write_checks). */
final class RegularFile {
    private RegularFile() {
    }

    /**
     * Writes data.
     *
     * @param id    the inode
     * @param limit RLIMIT_FSIZE of the caller
     */
    static Moved write(State state, int id, WriteRequest request, boolean append, long limit) {
        long length = request.length();
        if (length == 0) {
            return Moved.bytes(state, 0, request.offset());
        }
        Rope data = request.readable();
        Inode inode = state.inode(id);
        FileSystem fileSystem = state.fileSystem(inode);
        Rope content = ((InodeKind.Regular) inode.kind()).content();
        long position = append ? content.length() : request.offset();
        if (limit != Limits.RLIM_INFINITY && position >= limit) {
            return Moved.failed(state, Errno.EFBIG, Signal.SIGXFSZ);
        }
        if (position >= fileSystem.maxFileSize()) {
            return Moved.failed(state, Errno.EFBIG);
        }
        long room = fileSystem.maxFileSize() - position;
        if (limit != Limits.RLIM_INFINITY) {
            room = Math.min(room, limit - position);
        }
        long count = Math.min(Math.min(length, room), data.length());
        if (count == 0) {
            return Moved.failed(state, Errno.EFAULT);
        }
        Rope written = fileSystem.keepsContent() ? data.prefix(count) : Rope.unknown(count);
        Inode changed = inode.with(new InodeKind.Regular(content.overwrite(position, written)));
        return Moved.bytes(state.with(changed), count, position + count);
    }

    /** Gives a file another length; the caller has checked that it may. */
    static void truncate(Evaluation call, int id, long length) {
        Inode inode = call.state.inode(id);
        Rope content = ((InodeKind.Regular) inode.kind()).content();
        call.state = call.state.with(inode.with(new InodeKind.Regular(content.resize(length))));
    }
}
