package org.bpfz.spec.kernel;

/**
 * The room that files live in: what a write can run out of (struct super_block; mm/shmem.c for the accounting).
 *
 * @param id           its number in the {@link State}
 * @param capacity     bytes that it can hold in whole pages, {@link Long#MAX_VALUE} without a limit
 * @param maxFileSize  the longest file in bytes (s_maxbytes)
 * @param readOnly     whether it is mounted read-only
 * @param keepsContent whether contents are kept; if not, files have sizes and their bytes are unknown, so that any amount of
 *                     data can be written through the model in bounded memory
 */
public record FileSystem(int id, long capacity, long maxFileSize, boolean readOnly, boolean keepsContent) {
    /** MAX_LFS_FILESIZE on 64 bits, which is tmpfs' s_maxbytes. */
    public static final long MAX_LFS_FILESIZE = Long.MAX_VALUE;

    /** A tmpfs without a size limit. */
    public static FileSystem unlimited(int id) {
        return new FileSystem(id, Long.MAX_VALUE, MAX_LFS_FILESIZE, false, true);
    }

    /** A tmpfs of a size in bytes. */
    public static FileSystem ofSize(int id, long capacity) {
        return new FileSystem(id, capacity, MAX_LFS_FILESIZE, false, true);
    }

    /** One that forgets what is written and remembers how much. */
    public static FileSystem discarding(int id) {
        return new FileSystem(id, Long.MAX_VALUE, MAX_LFS_FILESIZE, false, false);
    }

    /** The same under another number. */
    public FileSystem withId(int changed) {
        return new FileSystem(changed, capacity, maxFileSize, readOnly, keepsContent);
    }
}
