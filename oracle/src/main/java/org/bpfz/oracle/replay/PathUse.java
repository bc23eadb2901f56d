package org.bpfz.oracle.replay;

import java.util.List;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Flags;
import org.jspecify.annotations.Nullable;

/**
 * A path that a call works on, and what the call's success says of it.
 *
 * @param path   null for an address that can not be read
 * @param follow whether a symbolic link at its end is followed
 * @param role   what must be there for the call to succeed
 */
record PathUse(int dirfd, @Nullable String path, boolean follow, Role role) {

    /** What must be at a path for a call to succeed. */
    enum Role {
        /** Something. */
        EXISTS,
        /** A directory. */
        FOLDER,
        /** Nothing, in a folder that is there. */
        FREE,
        /** A folder for it, at the least. */
        REACHABLE
    }

    /** The paths of a call. */
    static List<PathUse> of(Call call) {
        int cwd = Flags.AT_FDCWD;
        return switch (call) {
            case Call.Open c -> List.of(opened(cwd, c.path(), c.flags()));
            case Call.Openat c -> List.of(opened(c.dirfd(), c.path(), c.flags()));
            case Call.Openat2 c when c.how() != null -> List.of(opened(c.dirfd(), c.path(), (int) c.how().flags()));
            case Call.Creat c -> List.of(opened(cwd, c.path(), Flags.O_CREAT | Flags.O_WRONLY | Flags.O_TRUNC));
            case Call.Newfstatat c when !DescriptorUse.isFstat(c) -> List.of(new PathUse(c.dirfd(), c.path(),
                    (c.flags() & Flags.AT_SYMLINK_NOFOLLOW) == 0, Role.EXISTS));
            case Call.Truncate c -> List.of(new PathUse(cwd, c.path(), true, Role.EXISTS));
            case Call.Fchmodat c -> List.of(new PathUse(c.dirfd(), c.path(), true, Role.EXISTS));
            case Call.Fchownat c -> List.of(new PathUse(c.dirfd(), c.path(),
                    (c.flags() & Flags.AT_SYMLINK_NOFOLLOW) == 0, Role.EXISTS));
            case Call.Chdir c -> List.of(new PathUse(cwd, c.path(), true, Role.FOLDER));
            case Call.Mkdirat c -> List.of(new PathUse(c.dirfd(), c.path(), false, Role.FREE));
            case Call.Mknodat c -> List.of(new PathUse(c.dirfd(), c.path(), false, Role.FREE));
            case Call.Symlinkat c -> List.of(new PathUse(c.dirfd(), c.path(), false, Role.FREE));
            case Call.Linkat c -> List.of(
                    new PathUse(c.oldDirfd(), c.oldPath(), (c.flags() & 0x400) != 0, Role.EXISTS),
                    new PathUse(c.newDirfd(), c.newPath(), false, Role.FREE));
            case Call.Unlinkat c -> List.of(new PathUse(c.dirfd(), c.path(), false,
                    (c.flags() & Flags.AT_REMOVEDIR) != 0 ? Role.FOLDER : Role.EXISTS));
            case Call.Renameat c -> List.of(new PathUse(c.oldDirfd(), c.oldPath(), false, Role.EXISTS),
                    new PathUse(c.newDirfd(), c.newPath(), false, Role.REACHABLE));
            default -> List.of();
        };
    }

    private static PathUse opened(int dirfd, @Nullable String path, int flags) {
        boolean creates = (flags & Flags.O_CREAT) != 0;
        boolean exclusive = creates && (flags & Flags.O_EXCL) != 0;
        boolean folder = (flags & Flags.O_DIRECTORY) != 0;
        Role role = exclusive
                ? Role.FREE
                : creates ? Role.REACHABLE : folder ? Role.FOLDER : Role.EXISTS;
        return new PathUse(dirfd, path, (flags & Flags.O_NOFOLLOW) == 0 && !exclusive, role);
    }
}
