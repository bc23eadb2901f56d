package org.bpfz.spec.kernel;

/**
 * A file as such, whatever its names and whoever has it open (struct inode).
 *
 * @param id          its number in the {@link State}
 * @param fileSystem  the id of the {@link FileSystem} that it lives in
 * @param uid         its owner
 * @param gid         its group
 * @param permissions the 12 low bits of the mode
 * @param links       names that it has; for a directory also its "." and the ".." of those in it
 * @param opens       open files of it
 * @param sums        what was counted where the sums belong to the inode ({@link Variant.SumsOwner#INODE}, clause SYS-4)
 * @param kind        what it is
 */
public record Inode(int id, int fileSystem, int uid, int gid, int permissions, int links, int opens, Sums sums,
        InodeKind kind) {
    /** st_mode. */
    public int mode() {
        return kind.typeBits() | permissions;
    }

    /** st_size in bytes. */
    public long size() {
        return switch (kind) {
            case InodeKind.Regular(Rope content, _) -> content.length();
            case InodeKind.Symlink(String target) -> Names.length(target);
            default -> 0;
        };
    }

    /** st_nlink: what never had a name shows one all the same (fs/inode.c, inode_init_always). */
    public int shownLinks() {
        return switch (kind) {
            case InodeKind.Fifo(_, boolean named) -> named ? links : 1;
            case InodeKind.Socket _,InodeKind.BpfLink _,InodeKind.BpfProgram _ -> 1;
            default -> links;
        };
    }

    /** Whether it is a directory. */
    public boolean isDirectory() {
        return kind instanceof InodeKind.Directory;
    }

    /** Whether it is a regular file. */
    public boolean isRegular() {
        return kind instanceof InodeKind.Regular;
    }

    /** The same with another content or other entries. */
    public Inode with(InodeKind changed) {
        return new Inode(id, fileSystem, uid, gid, permissions, links, opens, sums, changed);
    }

    /** The same with other permissions. */
    public Inode withPermissions(int changed) {
        return new Inode(id, fileSystem, uid, gid, changed, links, opens, sums, kind);
    }

    /** The same with another owner. */
    public Inode withOwner(int user, int group) {
        return new Inode(id, fileSystem, user, group, permissions, links, opens, sums, kind);
    }

    /** The same with another number of names. */
    public Inode withLinks(int count) {
        return new Inode(id, fileSystem, uid, gid, permissions, count, opens, sums, kind);
    }

    /** The same with another number of open files. */
    public Inode withOpens(int count) {
        return new Inode(id, fileSystem, uid, gid, permissions, links, count, sums, kind);
    }

    /** The same with other sums. */
    public Inode withSums(Sums changed) {
        return new Inode(id, fileSystem, uid, gid, permissions, links, opens, changed, kind);
    }
}
