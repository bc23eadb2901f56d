package org.bpfz.spec.kernel;

/** Constants of 6.12 that bound a call, with 4 KiB pages. */
public final class Limits {
    /** The unit of page cache and pipe buffers, in bytes. */
    public static final int PAGE_SIZE = 4096;
    /** More bytes than these are never moved by one read or write (include/linux/fs.h). */
    public static final long MAX_RW_COUNT = Integer.MAX_VALUE & ~(PAGE_SIZE - 1);
    /** The end of user space with four-level page tables (arch/x86/include/asm/page_64_types.h, TASK_SIZE_MAX). */
    public static final long USER_SPACE = 1L << 47;
    /** Most entries of an iovec array (include/uapi/linux/uio.h, UIO_MAXIOV). */
    public static final int IOV_MAX = 1024;
    /** Longest path in bytes, its terminating NUL included. */
    public static final int PATH_MAX = 4096;
    /** Longest file name in bytes. */
    public static final int NAME_MAX = 255;
    /** Most symbolic links that one path resolution follows (include/linux/namei.h). */
    public static final int MAXSYMLINKS = 40;
    /** A write of at most so many bytes to a pipe is atomic. */
    public static final int PIPE_BUF = 4096;
    /** Buffers of a pipe, one page each (include/linux/pipe_fs_i.h, PIPE_DEF_BUFFERS). */
    public static final int PIPE_BUFFERS = 16;
    /** No limit: RLIM_INFINITY. */
    public static final long RLIM_INFINITY = -1;

    private Limits() {
    }
}
