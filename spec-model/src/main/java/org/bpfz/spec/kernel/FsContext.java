package org.bpfz.spec.kernel;

/**
 * Where paths start and which permissions new files lack (struct fs_struct).
 *
 * @param root  the inode of "/"
 * @param cwd   the inode of the current directory
 * @param umask permission bits that new files do not get
 * @param users how many tasks share it
 */
public record FsContext(int root, int cwd, int umask, int users) {
    /** The same with another current directory. */
    public FsContext withCwd(int inode) {
        return new FsContext(root, inode, umask, users);
    }

    /** The same with another mask. */
    public FsContext withUmask(int mask) {
        return new FsContext(root, cwd, mask, users);
    }

    /** The same with another number of users. */
    public FsContext withUsers(int count) {
        return new FsContext(root, cwd, umask, count);
    }
}
