package org.bpfz.spec.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A system call with its arguments, one record each. Descriptors, flags and modes are the raw register values; a path is null
 * where its address cannot be read (for its bytes see {@link Names}). A call without {@code at} in its name that has a sister
 * with it (mkdir, stat, chmod and so on) is that sister with {@link Flags#AT_FDCWD}.
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

    /** fcntl(2). */
    record Fcntl(int task, int fd, int command, long argument) implements Call {}

    /** read(2). */
    record Read(int task, int fd, Destination destination) implements Call {}

    /** pread64(2). */
    record Pread64(int task, int fd, Destination destination, long offset) implements Call {}

    /** readv(2). */
    record Readv(int task, int fd, IoVector<Destination> vector) implements Call {}

    /** preadv(2). */
    record Preadv(int task, int fd, IoVector<Destination> vector, long offset) implements Call {}

    /** preadv2(2); an offset of -1 is the position. */
    record Preadv2(int task, int fd, IoVector<Destination> vector, long offset, int flags) implements Call {}

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

    /** lseek(2). */
    record Lseek(int task, int fd, long offset, int whence) implements Call {}

    /** ftruncate(2). */
    record Ftruncate(int task, int fd, long length) implements Call {}

    /** truncate(2). */
    record Truncate(int task, @Nullable String path, long length) implements Call {}

    /** fstat(2). */
    record Fstat(int task, int fd) implements Call {}

    /** newfstatat(2). */
    record Newfstatat(int task, int dirfd, @Nullable String path, int flags) implements Call {}

    /** mkdirat(2). */
    record Mkdirat(int task, int dirfd, @Nullable String path, int mode) implements Call {}

    /** mknodat(2) for regular files and FIFOs. */
    record Mknodat(int task, int dirfd, @Nullable String path, int mode) implements Call {}

    /** symlinkat(2). */
    record Symlinkat(int task, @Nullable String target, int dirfd, @Nullable String path) implements Call {}

    /** linkat(2). */
    record Linkat(int task, int oldDirfd, @Nullable String oldPath, int newDirfd, @Nullable String newPath,
            int flags) implements Call {}

    /** unlinkat(2); rmdir is the one with AT_REMOVEDIR. */
    record Unlinkat(int task, int dirfd, @Nullable String path, int flags) implements Call {}

    /** renameat(2). */
    record Renameat(int task, int oldDirfd, @Nullable String oldPath, int newDirfd,
            @Nullable String newPath) implements Call {}

    /** fchmod(2). */
    record Fchmod(int task, int fd, int mode) implements Call {}

    /** fchmodat(2). */
    record Fchmodat(int task, int dirfd, @Nullable String path, int mode) implements Call {}

    /** fchown(2); an id of -1 stays as it is. */
    record Fchown(int task, int fd, int uid, int gid) implements Call {}

    /** fchownat(2); an id of -1 stays as it is. */
    record Fchownat(int task, int dirfd, @Nullable String path, int uid, int gid, int flags) implements Call {}

    /** chdir(2). */
    record Chdir(int task, @Nullable String path) implements Call {}

    /** fchdir(2). */
    record Fchdir(int task, int fd) implements Call {}

    /** pipe2(2). */
    record Pipe2(int task, int flags) implements Call {}

    /** socketpair(2) with AF_UNIX and protocol 0. */
    record Socketpair(int task, int type) implements Call {}

    /** sendmsg(2) with one buffer and the descriptors of one SCM_RIGHTS message. */
    record Sendmsg(int task, int fd, Source source, List<Integer> descriptors) implements Call {
        public Sendmsg {
            descriptors = List.copyOf(descriptors);
        }
    }

    /**
     * recvmsg(2) with one buffer.
     *
     * @param room        how many descriptors the control buffer has room for
     * @param closeOnExec MSG_CMSG_CLOEXEC
     */
    record Recvmsg(int task, int fd, Destination destination, int room, boolean closeOnExec) implements Call {}

    /** sendfile(2); without an offset the input's position is used and moves. */
    record Sendfile(int task, int outFd, int inFd, @Nullable Long offset, long count) implements Call {}

    /** copy_file_range(2); a null offset is the file's position, which moves. */
    record CopyFileRange(int task, int inFd, @Nullable Long inOffset, int outFd, @Nullable Long outOffset, long count,
            int flags) implements Call {}

    /** splice(2); a null offset is the file's position, which moves. */
    record Splice(int task, int inFd, @Nullable Long inOffset, int outFd, @Nullable Long outOffset, long count,
            int flags) implements Call {}

    /** tee(2). */
    record Tee(int task, int inFd, int outFd, long count, int flags) implements Call {}

    /** vmsplice(2) into a pipe. */
    record Vmsplice(int task, int fd, IoVector<Source> vector, int flags) implements Call {}

    /** A store through a shared mapping: mmap(2), the store and munmap(2) in one. */
    record StoreMapped(int task, int fd, long offset, Rope data) implements Call {}

    /** clone(2), of which fork(2) is the one without flags. */
    record Clone(int task, long flags) implements Call {}

    /** exit(2): the thread ends; its result is never seen. */
    record Exit(int task) implements Call {}

    /** exit_group(2): the process ends; its result is never seen. */
    record ExitGroup(int task) implements Call {}

    /** execve(2), as far as descriptors go. */
    record Execve(int task) implements Call {}

    /** setuid(2). */
    record Setuid(int task, int uid) implements Call {}

    /** setgid(2). */
    record Setgid(int task, int gid) implements Call {}

    /** setfsuid(2). */
    record Setfsuid(int task, int uid) implements Call {}

    /** setfsgid(2). */
    record Setfsgid(int task, int gid) implements Call {}

    /** umask(2). */
    record Umask(int task, int mask) implements Call {}

    /** setrlimit(2); limits are unsigned. */
    record Setrlimit(int task, Resource resource, long soft, long hard) implements Call {}

    /** bpf(BPF_PROG_LOAD). */
    record ProgLoad(int task, HookProgram program) implements Call {}

    /** bpf(BPF_RAW_TRACEPOINT_OPEN) without a name: attaches the program behind a descriptor to its hook. */
    record RawTracepointOpen(int task, int programFd) implements Call {}

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
     * The rest of a write that waited for room in a pipe; only {@link Outcome.Blocked} hands it out.
     *
     * @param file   the open file, by id: its descriptor may have been closed meanwhile
     * @param data   all of the data
     * @param length the bytes asked for
     * @param done   the bytes already written
     * @param answer what verify said of them
     */
    record ResumedWrite(int task, int file, Rope data, long length, long done, VerifyAnswer answer) implements Call {}

    /**
     * The rest of an open that waited for the other end of a FIFO; only {@link Outcome.Blocked} hands it out.
     *
     * @param file     the open file to be
     * @param fd       the descriptor that it will get
     * @param partners how often the other end had been opened when the wait began
     */
    record ResumedOpen(int task, OpenFile file, int fd, boolean closeOnExec, int partners) implements Call {}

    /** What a pointer of get_compression_stats points to. */
    enum SumAddress {
        WRITABLE, NULL, UNWRITABLE
    }

    /** The resources that the model limits. */
    enum Resource {
        FSIZE, NOFILE
    }
}
