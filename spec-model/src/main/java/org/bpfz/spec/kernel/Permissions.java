package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;

/** Who may do what with an inode (fs/namei.c, inode_permission and generic_permission; no ACLs, no LSM). */
final class Permissions {
    static final int EXEC = 1;
    static final int WRITE = 2;
    static final int READ = 4;

    private static final int ANY_EXEC = 0111;

    private Permissions() {
    }

    /** Fails unless all rights of the mask are granted; a mask of 0 is always granted. */
    static void require(State state, Credentials who, Inode inode, int mask) {
        if ((mask & WRITE) != 0 && state.fileSystem(inode).readOnly() && !isDeviceOrPipe(inode)) {
            throw new Failure(Errno.EROFS);
        }
        if (!granted(who, inode, mask)) {
            throw new Failure(Errno.EACCES);
        }
    }

    /** Whether the permission bits or root's privilege grant the mask. */
    static boolean granted(Credentials who, Inode inode, int mask) {
        if (who.overridesFilePermissions()) {
            return (mask & EXEC) == 0 || inode.isDirectory() || (inode.permissions() & ANY_EXEC) != 0;
        }
        int bits = inode.permissions();
        if (inode.uid() == who.fsuid()) {
            bits >>= 6;
        } else if (who.inGroup(inode.gid())) {
            bits >>= 3;
        }
        return (mask & ~bits) == 0;
    }

    /** Whether the caller may change the inode's mode and times (fs/inode.c, inode_owner_or_capable). */
    static boolean ownerOrPrivileged(Credentials who, Inode inode) {
        return inode.uid() == who.fsuid() || who.overridesFilePermissions();
    }

    private static boolean isDeviceOrPipe(Inode inode) {
        return inode.kind() instanceof InodeKind.CharDevice || inode.kind() instanceof InodeKind.Fifo;
    }
}
