package org.bpfz.spec.kernel;

import static org.bpfz.spec.kernel.Flags.S_IALLUGO;
import static org.bpfz.spec.kernel.Flags.S_IFMT;
import static org.bpfz.spec.kernel.Flags.S_ISVTX;

import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.InodeKind.Directory;
import org.bpfz.spec.kernel.InodeKind.Symlink;
import org.jspecify.annotations.Nullable;

/** Calls that make and remove names: mkdirat, mknodat, symlinkat, linkat, unlinkat (fs/namei.c). */
final class NameCalls {
    private static final int AT_SYMLINK_FOLLOW = 0x400;

    private NameCalls() {
    }

    static Outcomes mkdirat(Evaluation call, int dirfd, @Nullable String path, int mode) {
        PathWalk walk = toFreeName(call, dirfd, path, true);
        Creation.named(call, walk.directory(), name(walk), mode & (0777 | S_ISVTX), Directory.empty());
        return call.ok(0);
    }

    /** mknodat for regular files and FIFOs; device nodes are there from the start. */
    static Outcomes mknodat(Evaluation call, int dirfd, @Nullable String path, int mode) {
        InodeKind kind = switch (mode & S_IFMT) {
            case 0, Flags.S_IFREG -> new InodeKind.Regular(Rope.empty());
            case Flags.S_IFIFO -> InodeKind.Fifo.unopened();
            case Flags.S_IFDIR -> throw new Failure(Errno.EPERM);
            default -> throw new Failure(Errno.EINVAL);
        };
        PathWalk walk = toFreeName(call, dirfd, path, false);
        Creation.named(call, walk.directory(), name(walk), mode & S_IALLUGO, kind);
        return call.ok(0);
    }

    static Outcomes symlinkat(Evaluation call, @Nullable String target, int dirfd, @Nullable String path) {
        PathWalk.checkName(target);
        PathWalk walk = toFreeName(call, dirfd, path, false);
        Creation.named(call, walk.directory(), name(walk), 0777, new Symlink(target));
        return call.ok(0);
    }

    static Outcomes linkat(Evaluation call, Call.Linkat c) {
        if ((c.flags() & ~AT_SYMLINK_FOLLOW) != 0) {
            return call.fail(Errno.EINVAL);
        }
        Inode inode = PathWalk.lookup(call, c.oldDirfd(), c.oldPath(), (c.flags() & AT_SYMLINK_FOLLOW) != 0);
        PathWalk walk = toFreeName(call, c.newDirfd(), c.newPath(), false);
        Inode directory = walk.directory();
        if (directory.fileSystem() != inode.fileSystem()) {
            return call.fail(Errno.EXDEV);
        }
        Creation.requireRoomIn(call, directory);
        if (inode.isDirectory()) {
            return call.fail(Errno.EPERM);
        }
        if (inode.links() == 0) {
            return call.fail(Errno.ENOENT);
        }
        call.state = call.state.with(inode.withLinks(inode.links() + 1))
                .with(directory.with(((Directory) directory.kind()).plus(name(walk), inode.id())));
        return call.ok(0);
    }

    static Outcomes unlinkat(Evaluation call, int dirfd, @Nullable String path, int flags) {
        if ((flags & ~Flags.AT_REMOVEDIR) != 0) {
            return call.fail(Errno.EINVAL);
        }
        return flags == 0 ? unlink(call, dirfd, path) : rmdir(call, dirfd, path);
    }

    private static Outcomes unlink(Evaluation call, int dirfd, @Nullable String path) {
        PathWalk walk = PathWalk.toParent(call, dirfd, path, 0);
        if (walk.last() == null) {
            return call.fail(Errno.EISDIR);
        }
        requireWritableMount(call, walk);
        Inode victim = present(walk);
        if (walk.trailingSlash()) {
            return call.fail(victim.isDirectory() ? Errno.EISDIR : Errno.ENOTDIR);
        }
        requireRemovable(call, walk.directory(), victim, false);
        remove(call, walk.directory(), name(walk), victim);
        return call.ok(0);
    }

    private static Outcomes rmdir(Evaluation call, int dirfd, @Nullable String path) {
        PathWalk walk = PathWalk.toParent(call, dirfd, path, 0);
        if (walk.last() == null) {
            return call.fail(switch (walk.dots()) {
                case "." -> Errno.EINVAL;
                case ".." -> Errno.ENOTEMPTY;
                default -> Errno.EBUSY;
            });
        }
        requireWritableMount(call, walk);
        Inode victim = present(walk);
        requireRemovable(call, walk.directory(), victim, true);
        if (victim.fileSystem() != walk.directory().fileSystem()) {
            return call.fail(Errno.EBUSY);
        }
        if (!((Directory) victim.kind()).entries().isEmpty()) {
            return call.fail(Errno.ENOTEMPTY);
        }
        remove(call, walk.directory(), name(walk), victim);
        return call.ok(0);
    }

    /** fs/namei.c, filename_create: walks to a name that is not taken. */
    private static PathWalk toFreeName(Evaluation call, int dirfd, @Nullable String path, boolean forDirectory) {
        PathWalk walk = PathWalk.toParent(call, dirfd, path, 0);
        if (walk.target() != null) {
            throw new Failure(Errno.EEXIST);
        }
        if (walk.trailingSlash() && !forDirectory) {
            throw new Failure(Errno.ENOENT);
        }
        requireWritableMount(call, walk);
        return walk;
    }

    static void requireWritableMount(Evaluation call, PathWalk walk) {
        if (call.state.fileSystem(walk.directory()).readOnly()) {
            throw new Failure(Errno.EROFS);
        }
    }

    static Inode present(PathWalk walk) {
        Inode inode = walk.target();
        if (inode == null) {
            throw new Failure(Errno.ENOENT);
        }
        return inode;
    }

    /** The last component of a walk that has one. */
    static String name(PathWalk walk) {
        String last = walk.last();
        if (last == null) {
            throw new IllegalStateException("the path has no last component");
        }
        return last;
    }

    /** fs/namei.c, may_delete. */
    static void requireRemovable(Evaluation call, Inode directory, Inode victim, boolean asDirectory) {
        Credentials who = call.task().credentials();
        Permissions.require(call.state, who, directory, Permissions.WRITE | Permissions.EXEC);
        boolean sticky = (directory.permissions() & S_ISVTX) != 0 && victim.uid() != who.fsuid()
                && directory.uid() != who.fsuid();
        if (sticky && !who.overridesFilePermissions()) {
            throw new Failure(Errno.EPERM);
        }
        if (asDirectory && !victim.isDirectory()) {
            throw new Failure(Errno.ENOTDIR);
        }
        if (!asDirectory && victim.isDirectory()) {
            throw new Failure(Errno.EISDIR);
        }
    }

    /** Takes a name away; the inode stays as long as something else keeps it. */
    static void remove(Evaluation call, Inode directory, String name, Inode victim) {
        Inode without = directory.with(((Directory) directory.kind()).minus(name));
        boolean folder = victim.isDirectory();
        call.state = call.state.with(folder ? without.withLinks(without.links() - 1) : without)
                .with(victim.withLinks(folder ? 0 : victim.links() - 1));
        call.state = Descriptors.evictIfUnused(call.state, victim.id());
    }
}
