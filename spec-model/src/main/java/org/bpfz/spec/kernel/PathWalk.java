package org.bpfz.spec.kernel;

import static org.bpfz.spec.kernel.Flags.AT_FDCWD;
import static org.bpfz.spec.kernel.Flags.RESOLVE_BENEATH;
import static org.bpfz.spec.kernel.Flags.RESOLVE_IN_ROOT;
import static org.bpfz.spec.kernel.Flags.RESOLVE_NO_SYMLINKS;
import static org.bpfz.spec.kernel.Flags.RESOLVE_NO_XDEV;

import org.bpfz.spec.Errno;
import org.jspecify.annotations.Nullable;

/**
 * From a path to an inode (fs/namei.c: path_init, link_path_walk, step_into, pick_link, handle_dots). The walk stops in front
 * of the last component, which the callers treat differently: open may create it, unlink removes it, a lookup steps into it.
 */
final class PathWalk {
    private final State state;
    private final Credentials who;
    private final long resolve;
    private int root;
    private Inode at;
    private int linksFollowed;
    /** The last component; null once the path ended in "/", "." or "..", which have been walked. */
    private @Nullable String last;
    /** The dots that the path ended in, or nothing. */
    private String dots = "";
    private boolean trailingSlash;

    private PathWalk(State state, Task task, long resolve) {
        this.state = state;
        this.who = task.credentials();
        this.resolve = resolve;
        FsContext context = state.context(task);
        this.root = context.root();
        this.at = state.inode(context.cwd());
    }

    /**
     * Walks up to the last component.
     *
     * @param path    null for an address that cannot be read
     * @param resolve RESOLVE_* of openat2; 0 for every other call
     */
    static PathWalk toParent(Evaluation call, int dirfd, @Nullable String path, long resolve) {
        checkName(path);
        PathWalk walk = new PathWalk(call.state, call.task(), resolve);
        walk.start(call, dirfd, path);
        walk.parents(path);
        return walk;
    }

    /** Walks the whole path (path_lookupat). */
    static Inode lookup(Evaluation call, int dirfd, @Nullable String path, boolean follow) {
        return toParent(call, dirfd, path, 0).finish(follow, false);
    }

    /** What getname refuses before anything is looked up: null stands for an unreadable address. */
    static void checkName(@Nullable String path) {
        if (path == null) {
            throw new Failure(Errno.EFAULT);
        }
        if (Names.length(path) >= Limits.PATH_MAX) {
            throw new Failure(Errno.ENAMETOOLONG);
        }
        if (path.isEmpty()) {
            throw new Failure(Errno.ENOENT);
        }
    }

    private void start(Evaluation call, int dirfd, String path) {
        boolean scoped = (resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) != 0;
        if (path.startsWith("/") && (resolve & RESOLVE_IN_ROOT) == 0) {
            jumpToRoot();
            return;
        }
        if (dirfd != AT_FDCWD) {
            at = state.inode(state.file(call.rawFile(dirfd)).inode());
            if (!at.isDirectory()) {
                throw new Failure(Errno.ENOTDIR);
            }
        }
        if (scoped) {
            root = at.id();
        }
    }

    private void jumpToRoot() {
        if ((resolve & RESOLVE_BENEATH) != 0) {
            throw new Failure(Errno.EXDEV);
        }
        enter(state.inode(root));
    }

    /** Moves to another inode, which may be on another mount. */
    private void enter(Inode inode) {
        if ((resolve & RESOLVE_NO_XDEV) != 0 && inode.fileSystem() != at.fileSystem()) {
            throw new Failure(Errno.EXDEV);
        }
        at = inode;
    }

    /** Walks all components but the last one, and the last one too if it is a dot, a double dot or missing. */
    private void parents(String path) {
        last = null;
        dots = "";
        trailingSlash = false;
        int from = skipSlashes(path, 0);
        while (from < path.length()) {
            Permissions.require(state, who, at, Permissions.EXEC);
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            String name = path.substring(from, end);
            from = skipSlashes(path, end);
            if (from == path.length()) {
                trailingSlash = end < path.length();
                last(name);
                return;
            }
            step(name);
            if (!at.isDirectory()) {
                throw new Failure(Errno.ENOTDIR);
            }
        }
    }

    private void last(String name) {
        if (isDots(name)) {
            dots = name;
            dots(name);
        } else {
            last = name;
        }
    }

    private static int skipSlashes(String path, int from) {
        int at = from;
        while (at < path.length() && path.charAt(at) == '/') {
            at++;
        }
        return at;
    }

    private static boolean isDots(String name) {
        return name.equals(".") || name.equals("..");
    }

    private void dots(String name) {
        if (name.equals(".")) {
            return;
        }
        if (at.id() == root) {
            if ((resolve & RESOLVE_BENEATH) != 0) {
                throw new Failure(Errno.EXDEV);
            }
            return;
        }
        enter(state.inode(((InodeKind.Directory) at.kind()).parent()));
    }

    /** One component on the way: a symbolic link is followed to its end. */
    private void step(String name) {
        if (isDots(name)) {
            dots(name);
            return;
        }
        Inode found = child(name);
        if (found == null) {
            throw new Failure(Errno.ENOENT);
        }
        if (found.kind() instanceof InodeKind.Symlink(String target)) {
            parents(follow(target));
            String rest = last;
            if (rest != null) {
                step(rest);
            }
        } else {
            enter(found);
        }
    }

    /** What is under a name in the current directory; null if nothing is. */
    private @Nullable Inode child(String name) {
        if (Names.length(name) > Limits.NAME_MAX) {
            throw new Failure(Errno.ENAMETOOLONG);
        }
        Integer id = ((InodeKind.Directory) at.kind()).entries().get(name);
        return id == null ? null : state.inode(id);
    }

    /** Starts to follow a link: the path to go on with. */
    private String follow(String target) {
        if (linksFollowed++ >= Limits.MAXSYMLINKS || (resolve & RESOLVE_NO_SYMLINKS) != 0) {
            throw new Failure(Errno.ELOOP);
        }
        if (target.startsWith("/")) {
            jumpToRoot();
        }
        return target;
    }

    /** The directory that holds the last component, or where the path ended if there is no last component. */
    Inode directory() {
        return at;
    }

    /** The last component; null if the path ended in "/", "." or ".." and {@link #directory} is what it named. */
    @Nullable
    String last() {
        return last;
    }

    /** "." or ".." if the path ended in it; otherwise empty, as for "/". */
    String dots() {
        return dots;
    }

    /** Whether a slash follows the last component, which must then be a directory. */
    boolean trailingSlash() {
        return trailingSlash;
    }

    /** What is under the last component now; null if nothing is. */
    @Nullable
    Inode target() {
        return last == null ? at : child(last);
    }

    /** Goes on through a link that the last component turned out to be, up to the last component of the link's own path. */
    void followLast(InodeKind.Symlink link) {
        parents(follow(link.target()));
    }

    /** Steps into the last component, which is there. */
    Inode into(Inode found) {
        enter(found);
        return found;
    }

    /**
     * Walks the last component too.
     *
     * @param follow        whether a link there is followed; it is in any case if a slash follows
     * @param mustDirectory whether anything but a directory is refused
     */
    Inode finish(boolean follow, boolean mustDirectory) {
        boolean directory = mustDirectory;
        boolean through = follow;
        while (true) {
            if (trailingSlash && last != null) {
                directory = true;
                through = true;
            }
            Inode found = target();
            if (found == null) {
                throw new Failure(Errno.ENOENT);
            }
            if (found.kind() instanceof InodeKind.Symlink link && through) {
                followLast(link);
                continue;
            }
            enter(found);
            if (directory && !found.isDirectory()) {
                throw new Failure(Errno.ENOTDIR);
            }
            return found;
        }
    }
}
