package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.InodeKind.Regular;

/** Writes to and truncation of regular files (mm/filemap.c, generic_perform_write; mm/shmem.c; fs/read_write.c, generic_write_checks). */
final class RegularFile {
    private static final int SET_ID = Flags.S_ISUID | Flags.S_ISGID;
    private static final int GROUP_EXEC = 010;

    private RegularFile() {
    }

    /**
     * Writes data.
     *
     * @param id     the inode
     * @param append whether it goes to the end
     * @param who    the caller, whose privilege keeps the set-id bits
     * @param limit  RLIMIT_FSIZE of the caller
     */
    static Moved write(State state, int id, WriteRequest request, boolean append, Credentials who, long limit) {
        long length = request.length();
        if (length == 0) {
            return Moved.bytes(state, 0, request.offset());
        }
        Inode inode = state.inode(id);
        FileSystem fileSystem = state.fileSystem(inode);
        Regular file = (Regular) inode.kind();
        long position = append ? file.content().length() : request.offset();
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
        Rope data = request.readable();
        Inode unprivileged = withoutSetId(inode, who);
        long count = Math.min(Math.min(length, room), data.length());
        if (count == 0) {
            return Moved.failed(state.with(unprivileged), Errno.EFAULT);
        }
        Pages pages = file.pages();
        long first = Pages.of(position);
        long affordable = affordable(pages, first, Pages.ceiling(position + count), fileSystem.free());
        if (affordable == first) {
            return Moved.failed(state.with(unprivileged), Errno.ENOSPC);
        }
        if (affordable < Pages.ceiling(position + count)) {
            count = affordable * Limits.PAGE_SIZE - position;
        }
        Pages taken = pages.plus(first, Pages.ceiling(position + count));
        Rope written = fileSystem.keepsContent() ? data.prefix(count) : Rope.unknown(count);
        Inode changed = unprivileged.with(new Regular(file.content().overwrite(position, written), taken));
        State next = state.with(changed).with(fileSystem.withUsed(fileSystem.used() + taken.count() - pages.count()));
        return Moved.bytes(next, count, position + count);
    }

    /** The end of the pages from {@code first} on that are there already or can be paid for with so many free pages. */
    private static long affordable(Pages pages, long first, long end, long free) {
        long at = first;
        long left = free;
        while (at < end) {
            long data = pages.dataEnd(at);
            if (data > at) {
                at = Math.min(data, end);
            } else {
                long hole = Math.min(pages.nextData(at), end) - at;
                if (hole > left) {
                    return at + left;
                }
                left -= hole;
                at += hole;
            }
        }
        return end;
    }

    /** A write takes the set-id bits away unless root writes (fs/inode.c, file_remove_privs; setattr_should_drop_suidgid). */
    private static Inode withoutSetId(Inode inode, Credentials who) {
        int kept = inode.permissions();
        if ((kept & SET_ID) == 0 || who.overridesFilePermissions()) {
            return inode;
        }
        kept &= ~Flags.S_ISUID;
        if ((kept & GROUP_EXEC) != 0 || !who.inGroup(inode.gid())) {
            kept &= ~Flags.S_ISGID;
        }
        return inode.withPermissions(kept);
    }

    /** Gives a file another length; whoever calls has checked that it may. */
    static State truncate(State state, int id, long length, Credentials who) {
        Inode inode = withoutSetId(state.inode(id), who);
        Regular file = (Regular) inode.kind();
        Pages pages = file.pages().before(Pages.ceiling(length));
        FileSystem fileSystem = state.fileSystem(inode);
        return state.with(inode.with(new Regular(file.content().resize(length), pages)))
                .with(fileSystem.withUsed(fileSystem.used() + pages.count() - file.pages().count()));
    }
}
