package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.InodeKind.Directory;
import org.jspecify.annotations.Nullable;

/** renameat (fs/namei.c, do_renameat2 and vfs_rename, without flags). */
final class Renaming {
    private Renaming() {
    }

    static Outcomes renameat(Evaluation call, Call.Renameat c) {
        PathWalk from = PathWalk.toParent(call, c.oldDirfd(), c.oldPath(), 0);
        PathWalk to = PathWalk.toParent(call, c.newDirfd(), c.newPath(), 0);
        if (from.directory().fileSystem() != to.directory().fileSystem()) {
            return call.fail(Errno.EXDEV);
        }
        if (from.last() == null || to.last() == null) {
            return call.fail(Errno.EBUSY);
        }
        NameCalls.requireWritableMount(call, from);
        Inode source = NameCalls.present(from);
        Inode target = to.target();
        boolean folder = source.isDirectory();
        if (!folder && (from.trailingSlash() || to.trailingSlash())) {
            return call.fail(Errno.ENOTDIR);
        }
        if (folder && isWithin(call.state, to.directory(), source)) {
            return call.fail(Errno.EINVAL);
        }
        if (target != null && target.isDirectory() && isWithin(call.state, from.directory(), target)) {
            return call.fail(Errno.ENOTEMPTY);
        }
        if (target != null && target.id() == source.id()) {
            return call.ok(0);
        }
        check(call, from, to, source, target);
        move(call, from, to, source, target);
        return call.ok(0);
    }

    private static void check(Evaluation call, PathWalk from, PathWalk to, Inode source, @Nullable Inode target) {
        boolean folder = source.isDirectory();
        NameCalls.requireRemovable(call, from.directory(), source, folder);
        if (target == null) {
            Creation.requireRoomIn(call, to.directory());
        } else {
            NameCalls.requireRemovable(call, to.directory(), target, folder);
        }
        if (folder && from.directory().id() != to.directory().id()) {
            Permissions.require(call.state, call.task().credentials(), source, Permissions.WRITE);
        }
        if (source.fileSystem() != from.directory().fileSystem()
                || (target != null && target.fileSystem() != to.directory().fileSystem())) {
            throw new Failure(Errno.EBUSY);
        }
        if (target != null && target.kind() instanceof Directory replaced && !replaced.entries().isEmpty()) {
            throw new Failure(Errno.ENOTEMPTY);
        }
    }

    private static void move(Evaluation call, PathWalk from, PathWalk to, Inode source, @Nullable Inode target) {
        String oldName = NameCalls.name(from);
        String newName = NameCalls.name(to);
        if (target != null) {
            NameCalls.remove(call, call.state.inode(to.directory().id()), newName, target);
        }
        Inode left = call.state.inode(from.directory().id());
        left = left.with(((Directory) left.kind()).minus(oldName));
        boolean folder = source.isDirectory();
        call.state = call.state.with(folder ? left.withLinks(left.links() - 1) : left);
        Inode entered = call.state.inode(to.directory().id());
        entered = entered.with(((Directory) entered.kind()).plus(newName, source.id()));
        call.state = call.state.with(folder ? entered.withLinks(entered.links() + 1) : entered);
        if (source.kind() instanceof Directory moved) {
            call.state = call.state.with(source.with(moved.in(to.directory().id())));
        }
    }

    /** Whether a directory is another one or lies below it. */
    private static boolean isWithin(State state, Inode directory, Inode ancestor) {
        Inode at = directory;
        while (at.id() != ancestor.id()) {
            int parent = ((Directory) at.kind()).parent();
            if (parent == at.id()) {
                return false;
            }
            at = state.inode(parent);
        }
        return true;
    }
}
