package org.bpfz.spec.kernel;

/**
 * The room that files live in: what a write can run out of (struct super_block).
 *
 * @param id           its number in the {@link State}
 * @param capacity     pages of data that it can hold, {@link Long#MAX_VALUE} without a limit
 * @param used         pages that hold data
 * @param maxFileSize  the longest file in bytes (s_maxbytes)
 * @param readOnly     whether it is mounted read-only
 * @param keepsContent whether contents are kept; if not, files have sizes and their bytes are unknown, so that any amount of
 *                     data can be written through the model in bounded memory
 * @param exact        whether space is used page by page as tmpfs does; if not, a write may be cut anywhere or fail with ENOSPC
 *                     as soon as there is a limit, and SEEK_HOLE may or may not see holes
 */
public record FileSystem(int id, long capacity, long used, long maxFileSize, boolean readOnly, boolean keepsContent,
        boolean exact) {
    /** s_maxbytes of tmpfs, MAX_LFS_FILESIZE on 64 bits. */
    public static final long MAX_LFS_FILESIZE = Long.MAX_VALUE;

    /** A tmpfs without a size limit. */
    public static FileSystem unlimited(int id) {
        return new FileSystem(id, Long.MAX_VALUE, 0, MAX_LFS_FILESIZE, false, true, true);
    }

    /** A tmpfs of a size in bytes, which tmpfs rounds up to whole pages. */
    public static FileSystem ofSize(int id, long bytes) {
        return new FileSystem(id, Pages.ceiling(bytes), 0, MAX_LFS_FILESIZE, false, true, true);
    }

    /** One that forgets what is written and remembers how much. */
    public static FileSystem discarding(int id) {
        return new FileSystem(id, Long.MAX_VALUE, 0, MAX_LFS_FILESIZE, false, false, true);
    }

    /** The same under another number. */
    public FileSystem withId(int changed) {
        return new FileSystem(changed, capacity, used, maxFileSize, readOnly, keepsContent, exact);
    }

    /** The same mounted read-only, or for writing too. */
    public FileSystem withReadOnly(boolean changed) {
        return new FileSystem(id, capacity, used, maxFileSize, changed, keepsContent, exact);
    }

    /** The same with space accounted for as tmpfs does, or with nothing known about it. */
    public FileSystem withExact(boolean changed) {
        return new FileSystem(id, capacity, used, maxFileSize, readOnly, keepsContent, changed);
    }

    /** The same with more pages used, or fewer. */
    FileSystem withUsed(long pages) {
        return new FileSystem(id, capacity, pages, maxFileSize, readOnly, keepsContent, exact);
    }

    /** Pages that are free. */
    long free() {
        return capacity - used;
    }

    /** Whether space may run out at any point. */
    boolean mayRunOut() {
        return !exact && capacity != Long.MAX_VALUE;
    }
}
