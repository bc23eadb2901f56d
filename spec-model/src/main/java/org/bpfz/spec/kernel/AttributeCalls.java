package org.bpfz.spec.kernel;

import static org.bpfz.spec.kernel.Flags.AT_EMPTY_PATH;
import static org.bpfz.spec.kernel.Flags.AT_NO_AUTOMOUNT;
import static org.bpfz.spec.kernel.Flags.AT_STATX_SYNC_TYPE;
import static org.bpfz.spec.kernel.Flags.AT_SYMLINK_NOFOLLOW;
import static org.bpfz.spec.kernel.Flags.S_IALLUGO;
import static org.bpfz.spec.kernel.Flags.S_ISGID;
import static org.bpfz.spec.kernel.Flags.S_ISUID;

import org.bpfz.spec.Errno;
import org.jspecify.annotations.Nullable;

/** What a file is and whose: stat, chmod, chown, chdir (fs/stat.c; fs/open.c, chmod_common and chown_common; fs/attr.c). */
final class AttributeCalls {
    private static final int GROUP_EXEC = 010;
    private static final int KEEP = -1;
    /** What newfstatat takes; an empty path may be NULL since 6.11 (fs/stat.c, vfs_statx and vfs_empty_path). */
    private static final int STAT_FLAGS = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE;

    private AttributeCalls() {
    }

    static Outcomes fstat(Evaluation call, int fd) {
        return attributes(call, call.state.inode(call.state.file(call.rawFile(fd)).inode()));
    }

    static Outcomes stat(Evaluation call, int dirfd, @Nullable String path, int flags) {
        if ((flags & ~STAT_FLAGS) != 0) {
            return call.fail(Errno.EINVAL);
        }
        if ((flags & AT_EMPTY_PATH) != 0 && (path == null || path.isEmpty())) {
            return dirfd == Flags.AT_FDCWD
                    ? attributes(call, call.state.inode(call.state.context(call.task()).cwd()))
                    : fstat(call, dirfd);
        }
        return attributes(call, PathWalk.lookup(call, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) == 0));
    }

    private static Outcomes attributes(Evaluation call, Inode inode) {
        return call.ok(0,
                new Output.Attributes(inode.mode(), inode.shownLinks(), inode.uid(), inode.gid(), inode.size()));
    }

    static Outcomes fchmod(Evaluation call, int fd, int mode) {
        return chmod(call, call.state.inode(call.state.file(call.file(fd)).inode()), mode);
    }

    static Outcomes fchmodat(Evaluation call, int dirfd, @Nullable String path, int mode) {
        return chmod(call, PathWalk.lookup(call, dirfd, path, true), mode);
    }

    private static Outcomes chmod(Evaluation call, Inode inode, int mode) {
        requireWritable(call, inode);
        Credentials who = call.task().credentials();
        if (!Permissions.ownerOrPrivileged(who, inode)) {
            return call.fail(Errno.EPERM);
        }
        boolean keepsGroup = who.inGroup(inode.gid()) || who.overridesFilePermissions();
        int permissions = mode & S_IALLUGO & (keepsGroup ? -1 : ~S_ISGID);
        call.state = call.state.with(inode.withPermissions(permissions));
        return call.ok(0);
    }

    static Outcomes fchown(Evaluation call, int fd, int uid, int gid) {
        return chown(call, call.state.inode(call.state.file(call.file(fd)).inode()), uid, gid);
    }

    static Outcomes fchownat(Evaluation call, int dirfd, @Nullable String path, int uid, int gid, int flags) {
        if ((flags & ~AT_SYMLINK_NOFOLLOW) != 0) {
            return call.fail(Errno.EINVAL);
        }
        return chown(call, PathWalk.lookup(call, dirfd, path, flags == 0), uid, gid);
    }

    private static Outcomes chown(Evaluation call, Inode inode, int uid, int gid) {
        requireWritable(call, inode);
        Credentials who = call.task().credentials();
        boolean owner = inode.uid() == who.fsuid();
        boolean mayGiveUser = uid == KEEP || (owner && uid == inode.uid());
        boolean mayGiveGroup = gid == KEEP || (owner && who.inGroup(gid)) || (owner && gid == inode.gid());
        if (!(mayGiveUser && mayGiveGroup) && !who.overridesFilePermissions()) {
            return call.fail(Errno.EPERM);
        }
        int permissions = inode.permissions();
        if (!inode.isDirectory()) {
            permissions &= ~S_ISUID;
            boolean keepsGroupId = (permissions & GROUP_EXEC) == 0
                    && (who.inGroup(inode.gid()) || who.overridesFilePermissions());
            permissions &= keepsGroupId ? -1 : ~S_ISGID;
        }
        call.state = call.state.with(inode.withPermissions(permissions)
                .withOwner(uid == KEEP ? inode.uid() : uid, gid == KEEP ? inode.gid() : gid));
        return call.ok(0);
    }

    private static void requireWritable(Evaluation call, Inode inode) {
        if (call.state.fileSystem(inode).readOnly()) {
            throw new Failure(Errno.EROFS);
        }
    }

    static Outcomes chdir(Evaluation call, @Nullable String path) {
        return enter(call, PathWalk.toParent(call, Flags.AT_FDCWD, path, 0).finish(true, true));
    }

    static Outcomes fchdir(Evaluation call, int fd) {
        Inode inode = call.state.inode(call.state.file(call.rawFile(fd)).inode());
        return inode.isDirectory() ? enter(call, inode) : call.fail(Errno.ENOTDIR);
    }

    private static Outcomes enter(Evaluation call, Inode directory) {
        Permissions.require(call.state, call.task().credentials(), directory, Permissions.EXEC);
        FsContext context = call.state.context(call.task());
        call.state = call.state.withContext(call.task().fs(), context.withCwd(directory.id()));
        return call.ok(0);
    }
}
