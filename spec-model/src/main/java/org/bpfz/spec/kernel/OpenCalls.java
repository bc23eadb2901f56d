package org.bpfz.spec.kernel;

import static org.bpfz.spec.kernel.Flags.O_ACCMODE;
import static org.bpfz.spec.kernel.Flags.O_CLOEXEC;
import static org.bpfz.spec.kernel.Flags.O_CREAT;
import static org.bpfz.spec.kernel.Flags.O_DIRECT;
import static org.bpfz.spec.kernel.Flags.O_DIRECTORY;
import static org.bpfz.spec.kernel.Flags.O_DSYNC;
import static org.bpfz.spec.kernel.Flags.O_EXCL;
import static org.bpfz.spec.kernel.Flags.O_LARGEFILE;
import static org.bpfz.spec.kernel.Flags.O_NOATIME;
import static org.bpfz.spec.kernel.Flags.O_NOCTTY;
import static org.bpfz.spec.kernel.Flags.O_NOFOLLOW;
import static org.bpfz.spec.kernel.Flags.O_PATH;
import static org.bpfz.spec.kernel.Flags.O_TRUNC;
import static org.bpfz.spec.kernel.Flags.RESOLVE_BENEATH;
import static org.bpfz.spec.kernel.Flags.RESOLVE_CACHED;
import static org.bpfz.spec.kernel.Flags.RESOLVE_IN_ROOT;
import static org.bpfz.spec.kernel.Flags.S_IALLUGO;
import static org.bpfz.spec.kernel.Flags.UNDERSCORE_O_SYNC;
import static org.bpfz.spec.kernel.Flags.UNDERSCORE_O_TMPFILE;
import static org.bpfz.spec.kernel.Flags.VALID_OPEN_FLAGS;
import static org.bpfz.spec.kernel.Flags.VALID_RESOLVE_FLAGS;

import org.bpfz.spec.Errno;
import org.jspecify.annotations.Nullable;

/**
 * open, openat, openat2 and creat: one path through the kernel (fs/open.c: build_open_how, build_open_flags, do_sys_openat2;
 * fs/namei.c: path_openat, open_last_lookups, lookup_open, do_open, may_open). A successful one consults decide (clause HOOK-1).
 */
final class OpenCalls {
    private static final int O_PATH_FLAGS = O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC;
    private static final int WILL_CREATE = O_CREAT | UNDERSCORE_O_TMPFILE;
    /** What fs/open.c, do_dentry_open takes out of f_flags again. */
    private static final int NOT_KEPT = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC;

    private OpenCalls() {
    }

    /** The calls with a flags and a mode argument: unknown flags and superfluous modes are dropped silently. */
    static Outcomes open(Evaluation call, int dirfd, @Nullable String path, int flags, int mode) {
        int known = (flags | O_LARGEFILE) & VALID_OPEN_FLAGS;
        if ((known & O_PATH) != 0) {
            known &= O_PATH_FLAGS;
        }
        int kept = (known & WILL_CREATE) != 0 ? mode & S_IALLUGO : 0;
        return openHow(call, dirfd, path, new OpenHow(Integer.toUnsignedLong(known), kept, 0));
    }

    static Outcomes creat(Evaluation call, @Nullable String path, int mode) {
        return open(call, Flags.AT_FDCWD, path, O_CREAT | Flags.O_WRONLY | O_TRUNC, mode);
    }

    /**
     * openat2, which refuses what it does not know.
     *
     * @param how      null for an address that cannot be read
     * @param size     the size that the caller gave
     * @param zeroTail whether the bytes beyond the known structure, if any, are all zero
     */
    static Outcomes openat2(Evaluation call, int dirfd, @Nullable String path, @Nullable OpenHow how, long size,
            boolean zeroTail) {
        if (Long.compareUnsigned(size, OpenHow.SIZE) < 0) {
            return call.fail(Errno.EINVAL);
        }
        if (Long.compareUnsigned(size, Limits.PAGE_SIZE) > 0) {
            return call.fail(Errno.E2BIG);
        }
        if (how == null) {
            return call.fail(Errno.EFAULT);
        }
        if (!zeroTail) {
            return call.fail(Errno.E2BIG);
        }
        boolean pathOnly = (how.flags() & O_PATH) != 0;
        State before = call.state;
        Outcomes outcomes = openHow(call, dirfd, path,
                pathOnly ? how : new OpenHow(how.flags() | O_LARGEFILE, how.mode(), how.resolve()));
        if ((how.resolve() & RESOLVE_CACHED) == 0) {
            return outcomes;
        }
        // What is in the kernel's cache is not known here, so a lookup may always be sent back.
        call.state = before;
        return outcomes.or(call.fail(Errno.EAGAIN));
    }

    private static Outcomes openHow(Evaluation call, int dirfd, @Nullable String path, OpenHow how) {
        int flags = checkedFlags(how);
        PathWalk.checkName(path);
        int fd = Descriptors.reserve(call, 0);
        boolean created = false;
        Inode inode;
        if ((flags & UNDERSCORE_O_TMPFILE) != 0) {
            PathWalk walk = PathWalk.toParent(call, dirfd, path, how.resolve());
            inode = Creation.unnamed(call, walk.finish((flags & O_NOFOLLOW) == 0, true), (int) how.mode());
            created = true;
        } else if ((flags & O_PATH) != 0) {
            PathWalk walk = PathWalk.toParent(call, dirfd, path, how.resolve());
            inode = walk.finish((flags & O_NOFOLLOW) == 0, (flags & O_DIRECTORY) != 0);
        } else {
            PathWalk walk = PathWalk.toParent(call, dirfd, path, how.resolve());
            Found found = findOrCreate(call, walk, flags, (int) how.mode());
            inode = found.inode;
            created = found.created;
            checkFound(call, found, flags);
        }
        // fs/open.c, do_dentry_open: only regular files can be opened for direct transfers.
        if ((flags & O_DIRECT) != 0 && !inode.isRegular()) {
            return call.fail(Errno.EINVAL);
        }
        return Opening.finish(call, inode, fd, flags & ~NOT_KEPT, (how.flags() & O_CLOEXEC) != 0,
                (flags & O_TRUNC) != 0 && !created);
    }

    /** What build_open_flags refuses; returns the flags that go on. */
    private static int checkedFlags(OpenHow how) {
        long given = how.flags() & ~(long) O_CLOEXEC;
        if ((given & ~Integer.toUnsignedLong(VALID_OPEN_FLAGS)) != 0 || (how.resolve() & ~VALID_RESOLVE_FLAGS) != 0) {
            throw new Failure(Errno.EINVAL);
        }
        int flags = (int) given;
        boolean creates = (flags & WILL_CREATE) != 0;
        boolean bothScopes = (how.resolve() & RESOLVE_BENEATH) != 0 && (how.resolve() & RESOLVE_IN_ROOT) != 0;
        boolean badMode = (how.mode() & (creates ? ~(long) S_IALLUGO : -1L)) != 0;
        boolean directoryToCreate = (flags & O_DIRECTORY) != 0 && (flags & O_CREAT) != 0;
        boolean badTemporary = (flags & UNDERSCORE_O_TMPFILE) != 0
                && ((flags & O_DIRECTORY) == 0 || (flags & O_ACCMODE) == Flags.O_RDONLY);
        boolean badPath = (flags & O_PATH) != 0 && (flags & ~O_PATH_FLAGS) != 0;
        if (bothScopes || badMode || directoryToCreate || badTemporary || badPath) {
            throw new Failure(Errno.EINVAL);
        }
        if ((how.resolve() & RESOLVE_CACHED) != 0 && (flags & (O_TRUNC | WILL_CREATE)) != 0) {
            throw new Failure(Errno.EAGAIN);
        }
        return (flags & UNDERSCORE_O_SYNC) != 0 ? flags | O_DSYNC : flags;
    }

    /** What the walk ended at. */
    private record Found(Inode inode, boolean created, boolean mustBeDirectory) {}

    /** open_last_lookups and lookup_open, once for each link that the last component turns out to be. */
    private static Found findOrCreate(Evaluation call, PathWalk walk, int flags, int mode) {
        boolean creates = (flags & O_CREAT) != 0;
        boolean follow = (flags & O_NOFOLLOW) == 0 && !(creates && (flags & O_EXCL) != 0);
        boolean mustBeDirectory = (flags & O_DIRECTORY) != 0;
        while (true) {
            String last = walk.last();
            if (last == null) {
                return new Found(walk.directory(), false, mustBeDirectory);
            }
            if (walk.trailingSlash()) {
                if (creates) {
                    throw new Failure(Errno.EISDIR);
                }
                follow = true;
                mustBeDirectory = true;
            }
            Inode found = walk.target();
            if (found == null && creates) {
                return new Found(Creation.regular(call, walk.directory(), last, mode), true, mustBeDirectory);
            }
            if (found == null) {
                throw new Failure(Errno.ENOENT);
            }
            if (found.kind() instanceof InodeKind.Symlink link && follow) {
                walk.followLast(link);
            } else {
                return new Found(walk.into(found), false, mustBeDirectory);
            }
        }
    }

    /** do_open and may_open, up to the point where the file is opened. */
    private static void checkFound(Evaluation call, Found found, int flags) {
        if (found.created) {
            return;
        }
        Inode inode = found.inode;
        if ((flags & O_CREAT) != 0) {
            if ((flags & O_EXCL) != 0) {
                throw new Failure(Errno.EEXIST);
            }
            if (inode.isDirectory()) {
                throw new Failure(Errno.EISDIR);
            }
        }
        if (found.mustBeDirectory && !inode.isDirectory()) {
            throw new Failure(Errno.ENOTDIR);
        }
        boolean truncates = (flags & O_TRUNC) != 0;
        if (truncates && inode.isRegular() && call.state.fileSystem(inode).readOnly()) {
            throw new Failure(Errno.EROFS);
        }
        if (inode.kind() instanceof InodeKind.Symlink) {
            throw new Failure(Errno.ELOOP);
        }
        int rights = accessRights(flags) | (truncates ? Permissions.WRITE : 0);
        if (inode.isDirectory() && (rights & Permissions.WRITE) != 0) {
            throw new Failure(Errno.EISDIR);
        }
        Credentials who = call.task().credentials();
        Permissions.require(call.state, who, inode, rights);
        if ((flags & O_NOATIME) != 0 && !Permissions.ownerOrPrivileged(who, inode)) {
            throw new Failure(Errno.EPERM);
        }
    }

    /** ACC_MODE of include/linux/fs.h: the fourth access mode asks for both rights and gives neither. */
    private static int accessRights(int flags) {
        return switch (flags & O_ACCMODE) {
            case Flags.O_RDONLY -> Permissions.READ;
            case Flags.O_WRONLY -> Permissions.WRITE;
            default -> Permissions.READ | Permissions.WRITE;
        };
    }
}
