package org.bpfz.spec.kernel;

import static org.bpfz.spec.kernel.Flags.O_ACCMODE;
import static org.bpfz.spec.kernel.Flags.O_APPEND;
import static org.bpfz.spec.kernel.Flags.O_NONBLOCK;
import static org.bpfz.spec.kernel.Flags.O_PATH;
import static org.bpfz.spec.kernel.Flags.O_RDONLY;
import static org.bpfz.spec.kernel.Flags.O_RDWR;
import static org.bpfz.spec.kernel.Flags.O_WRONLY;

/**
 * What one successful open made and all its duplicates share (struct file; clause SYS-4).
 *
 * @param inode      the id of the inode
 * @param flags      f_flags: access mode and status flags
 * @param position   f_pos in bytes
 * @param verified   whether decide turned verification on (clause HOOK-1)
 * @param sums       what was counted; stays zero while not verified (clause SYS-3)
 * @param references descriptors and messages in flight that stand for it
 */
public record OpenFile(int inode, int flags, long position, boolean verified, Sums sums, int references) {
    /** A file that has just been opened, not under verification, with one reference. */
    public static OpenFile of(int inode, int flags) {
        return new OpenFile(inode, flags, 0, false, Sums.ZERO, 1);
    }

    /** The same under verification. */
    public OpenFile underVerification() {
        return new OpenFile(inode, flags, position, true, sums, references);
    }

    /** FMODE_READ. */
    public boolean canRead() {
        int access = flags & O_ACCMODE;
        return !isPathOnly() && (access == O_RDONLY || access == O_RDWR);
    }

    /** FMODE_WRITE. */
    public boolean canWrite() {
        int access = flags & O_ACCMODE;
        return !isPathOnly() && (access == O_WRONLY || access == O_RDWR);
    }

    /** Opened with O_PATH: a name and nothing else; most calls see no descriptor at all (fs/file.c, fget_raw and fget). */
    public boolean isPathOnly() {
        return (flags & O_PATH) != 0;
    }

    /** O_APPEND. */
    public boolean appends() {
        return (flags & O_APPEND) != 0;
    }

    /** O_NONBLOCK. */
    public boolean nonBlocking() {
        return (flags & O_NONBLOCK) != 0;
    }

    /** The same with another position. */
    public OpenFile withPosition(long changed) {
        return changed == position ? this : new OpenFile(inode, flags, changed, verified, sums, references);
    }

    /** The same with other flags. */
    public OpenFile withFlags(int changed) {
        return new OpenFile(inode, changed, position, verified, sums, references);
    }

    /** The same with other sums. */
    public OpenFile withSums(Sums changed) {
        return new OpenFile(inode, flags, position, verified, changed, references);
    }

    /** The same with another number of references. */
    public OpenFile withReferences(int count) {
        return new OpenFile(inode, flags, position, verified, sums, count);
    }
}
