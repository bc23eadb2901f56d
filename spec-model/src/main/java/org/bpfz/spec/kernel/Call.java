package org.bpfz.spec.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A system call with its arguments, one record each. Descriptors, flags and modes are the raw register values; a path is null
 * where its address cannot be read (for its bytes see {@link Names}).
 */
public sealed interface Call {
    /** The pid of the calling thread. */
    int task();

    /** open(2). */
    record Open(int task, @Nullable String path, int flags, int mode) implements Call {}

    /** openat(2). */
    record Openat(int task, int dirfd, @Nullable String path, int flags, int mode) implements Call {}

    /**
     * openat2(2).
     *
     * @param how      null for an address that cannot be read
     * @param size     the size argument
     * @param zeroTail whether all bytes beyond the structure of 6.12 are zero
     */
    record Openat2(int task, int dirfd, @Nullable String path, @Nullable OpenHow how, long size,
            boolean zeroTail) implements Call {}

    /** creat(2). */
    record Creat(int task, @Nullable String path, int mode) implements Call {}

    /** close(2). */
    record Close(int task, int fd) implements Call {}

    /** dup(2). */
    record Dup(int task, int fd) implements Call {}

    /** dup2(2). */
    record Dup2(int task, int oldFd, int newFd) implements Call {}

    /** dup3(2). */
    record Dup3(int task, int oldFd, int newFd, int flags) implements Call {}

    /** write(2). */
    record Write(int task, int fd, Source source) implements Call {}

    /** pwrite64(2). */
    record Pwrite64(int task, int fd, Source source, long offset) implements Call {}

    /** writev(2). */
    record Writev(int task, int fd, IoVector<Source> vector) implements Call {}

    /** pwritev(2). */
    record Pwritev(int task, int fd, IoVector<Source> vector, long offset) implements Call {}

    /** pwritev2(2); an offset of -1 is the position. */
    record Pwritev2(int task, int fd, IoVector<Source> vector, long offset, int flags) implements Call {}

    /** get_compression_stats: where the two sums are to be stored. */
    record GetCompressionStats(int task, int fd, SumAddress written, SumAddress after) implements Call {
        /** With two addresses that can be written to. */
        public GetCompressionStats(int task, int fd) {
            this(task, fd, SumAddress.WRITABLE, SumAddress.WRITABLE);
        }
    }

    /** reset_compression_stats. */
    record ResetCompressionStats(int task, int fd) implements Call {}

    /**
     * The rest of a write that waited for room in a pipe; what {@link Outcome.Blocked} hands out.
     *
     * @param file   the open file, by id: its descriptor may have been closed meanwhile
     * @param data   all of the data
     * @param length the bytes asked for
     * @param done   the bytes already written
     * @param answer what verify said of them
     */
    record ResumedWrite(int task, int file, Rope data, long length, long done, VerifyAnswer answer) implements Call {}

    /** What a pointer of get_compression_stats points to. */
    enum SumAddress {
        WRITABLE, NULL, UNWRITABLE
    }
}
