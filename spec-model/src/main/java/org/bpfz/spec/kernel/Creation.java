package org.bpfz.spec.kernel;

import static org.bpfz.spec.kernel.Flags.S_ISGID;

import org.bpfz.spec.Errno;

/** New inodes and their names (fs/namei.c: may_o_create, may_create, vfs_prepare_mode; fs/inode.c, inode_init_owner). */
final class Creation {
    private static final int GROUP_EXEC = 010;

    private Creation() {
    }

    /** A new regular file for open with O_CREAT. */
    static Inode regular(Evaluation call, Inode directory, String name, int mode) {
        return named(call, directory, name, mode, new InodeKind.Regular(Rope.empty()));
    }

    /** A new file without a name for open with O_TMPFILE (fs/namei.c, vfs_tmpfile). */
    static Inode unnamed(Evaluation call, Inode directory, int mode) {
        requireWritable(call, directory);
        return make(call, directory, mode, new InodeKind.Regular(Rope.empty()), 0);
    }

    /** A new file of any kind under a name that is free. */
    static Inode named(Evaluation call, Inode directory, String name, int mode, InodeKind kind) {
        requireRoomIn(call, directory);
        boolean folder = kind instanceof InodeKind.Directory;
        InodeKind placed = kind instanceof InodeKind.Directory fresh ? fresh.in(directory.id()) : kind;
        Inode made = make(call, directory, mode, placed, folder ? 2 : 1);
        Inode listed = directory.with(((InodeKind.Directory) directory.kind()).plus(name, made.id()));
        call.state = call.state.with(folder ? listed.withLinks(listed.links() + 1) : listed);
        return made;
    }

    /** fs/namei.c, may_create: the directory has not been removed, and the caller may write to it. */
    static void requireRoomIn(Evaluation call, Inode directory) {
        if (directory.links() == 0) {
            throw new Failure(Errno.ENOENT);
        }
        requireWritable(call, directory);
    }

    private static void requireWritable(Evaluation call, Inode directory) {
        Permissions.require(call.state, call.task().credentials(), directory, Permissions.WRITE | Permissions.EXEC);
    }

    private static Inode make(Evaluation call, Inode directory, int mode, InodeKind kind, int links) {
        Credentials who = call.task().credentials();
        boolean folder = kind instanceof InodeKind.Directory;
        boolean inheritsGroup = (directory.permissions() & S_ISGID) != 0;
        int gid = inheritsGroup ? directory.gid() : who.fsgid();
        int permissions = kind instanceof InodeKind.Symlink ? 0777 : mode & ~call.state.context(call.task()).umask();
        if (inheritsGroup && folder) {
            permissions |= S_ISGID;
        } else if (inheritsGroup && (permissions & (S_ISGID | GROUP_EXEC)) == (S_ISGID | GROUP_EXEC)
                && !who.inGroup(gid) && !who.overridesFilePermissions()) {
            permissions &= ~S_ISGID;
        }
        int id = call.state.nextId();
        Inode made = new Inode(id, directory.fileSystem(), who.fsuid(), gid, permissions, links, 0, Sums.ZERO, kind);
        call.state = call.state.withIdTaken().with(made);
        return made;
    }
}
