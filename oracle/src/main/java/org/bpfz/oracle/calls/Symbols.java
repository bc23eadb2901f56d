package org.bpfz.oracle.calls;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.bpfz.spec.kernel.Flags;
import org.jspecify.annotations.Nullable;

/** The names of constants that strace prints in the calls that are modelled. */
final class Symbols {
    static final SymbolTable OPEN = SymbolTable.of(Flags.O_ACCMODE,
            numbers("O_RDONLY", Flags.O_RDONLY, "O_WRONLY", Flags.O_WRONLY, "O_RDWR", Flags.O_RDWR, "O_ACCMODE",
                    Flags.O_ACCMODE),
            numbers("O_TMPFILE", Flags.O_TMPFILE, "O_SYNC", Flags.O_SYNC, "O_CREAT", Flags.O_CREAT, "O_EXCL",
                    Flags.O_EXCL,
                    "O_NOCTTY", Flags.O_NOCTTY, "O_TRUNC", Flags.O_TRUNC, "O_APPEND", Flags.O_APPEND, "O_NONBLOCK",
                    Flags.O_NONBLOCK, "O_DSYNC", Flags.O_DSYNC, "FASYNC", Flags.FASYNC, "O_DIRECT", Flags.O_DIRECT,
                    "O_LARGEFILE", Flags.O_LARGEFILE, "O_DIRECTORY", Flags.O_DIRECTORY, "O_NOFOLLOW", Flags.O_NOFOLLOW,
                    "O_NOATIME", Flags.O_NOATIME, "O_CLOEXEC", Flags.O_CLOEXEC, "O_PATH", Flags.O_PATH, "__O_SYNC",
                    Flags.UNDERSCORE_O_SYNC, "__O_TMPFILE", Flags.UNDERSCORE_O_TMPFILE));

    /** Flags of calls that make descriptors without a choice of access. */
    static final SymbolTable DESCRIPTOR = SymbolTable.ofFlags(numbers("O_NONBLOCK", Flags.O_NONBLOCK, "O_DIRECT",
            Flags.O_DIRECT, "O_CLOEXEC", Flags.O_CLOEXEC));

    static final SymbolTable RESOLVE = SymbolTable.ofFlags(numbers("RESOLVE_NO_XDEV", Flags.RESOLVE_NO_XDEV,
            "RESOLVE_NO_MAGICLINKS", Flags.RESOLVE_NO_MAGICLINKS, "RESOLVE_NO_SYMLINKS", Flags.RESOLVE_NO_SYMLINKS,
            "RESOLVE_BENEATH", Flags.RESOLVE_BENEATH, "RESOLVE_IN_ROOT", Flags.RESOLVE_IN_ROOT, "RESOLVE_CACHED",
            Flags.RESOLVE_CACHED));

    static final SymbolTable RWF = SymbolTable.ofFlags(numbers("RWF_HIPRI", Flags.RWF_HIPRI, "RWF_DSYNC",
            Flags.RWF_DSYNC,
            "RWF_SYNC", Flags.RWF_SYNC, "RWF_NOWAIT", Flags.RWF_NOWAIT, "RWF_APPEND", Flags.RWF_APPEND, "RWF_NOAPPEND",
            Flags.RWF_NOAPPEND, "RWF_ATOMIC", Flags.RWF_ATOMIC));

    static final SymbolTable WHENCE = SymbolTable
            .ofValues(numbers("SEEK_SET", Flags.SEEK_SET, "SEEK_CUR", Flags.SEEK_CUR,
                    "SEEK_END", Flags.SEEK_END, "SEEK_DATA", Flags.SEEK_DATA, "SEEK_HOLE", Flags.SEEK_HOLE));

    static final SymbolTable FCNTL = SymbolTable.ofValues(numbers("F_DUPFD", Flags.F_DUPFD, "F_GETFD", Flags.F_GETFD,
            "F_SETFD", Flags.F_SETFD, "F_GETFL", Flags.F_GETFL, "F_SETFL", Flags.F_SETFL, "F_SETPIPE_SZ",
            Flags.F_SETPIPE_SZ, "F_GETPIPE_SZ", Flags.F_GETPIPE_SZ, "F_DUPFD_CLOEXEC", Flags.F_DUPFD_CLOEXEC));

    static final SymbolTable FD = SymbolTable.ofFlags(numbers("FD_CLOEXEC", Flags.FD_CLOEXEC));

    static final SymbolTable AT = SymbolTable.ofFlags(numbers("AT_SYMLINK_NOFOLLOW", Flags.AT_SYMLINK_NOFOLLOW,
            "AT_REMOVEDIR", Flags.AT_REMOVEDIR, "AT_SYMLINK_FOLLOW", 0x400, "AT_NO_AUTOMOUNT", Flags.AT_NO_AUTOMOUNT,
            "AT_EMPTY_PATH", Flags.AT_EMPTY_PATH, "AT_STATX_FORCE_SYNC", 0x2000, "AT_STATX_DONT_SYNC", 0x4000));

    static final SymbolTable MODE = SymbolTable.of(Flags.S_IFMT,
            numbers("S_IFSOCK", Flags.S_IFSOCK, "S_IFLNK", Flags.S_IFLNK, "S_IFREG", Flags.S_IFREG, "S_IFBLK",
                    Flags.S_IFBLK, "S_IFDIR", Flags.S_IFDIR, "S_IFCHR", Flags.S_IFCHR, "S_IFIFO", Flags.S_IFIFO),
            numbers("S_ISUID", Flags.S_ISUID, "S_ISGID", Flags.S_ISGID, "S_ISVTX", Flags.S_ISVTX));

    static final long AF_UNIX = 1;

    static final SymbolTable FAMILY = SymbolTable.ofValues(numbers("AF_UNIX", AF_UNIX));

    static final SymbolTable SOCKET = SymbolTable.of(0xf,
            numbers("SOCK_STREAM", 1, "SOCK_DGRAM", 2, "SOCK_SEQPACKET", 5),
            numbers("SOCK_CLOEXEC", Flags.O_CLOEXEC, "SOCK_NONBLOCK", Flags.O_NONBLOCK));

    static final SymbolTable SPLICE = SymbolTable.ofFlags(
            numbers("SPLICE_F_MOVE", 1, "SPLICE_F_NONBLOCK", 2, "SPLICE_F_MORE", 4, "SPLICE_F_GIFT", 8));

    /** clone's flags as far as they say what is shared; the low byte is the signal to the parent. */
    static final SymbolTable CLONE = SymbolTable.of(0xff, numbers("SIGCHLD", 17),
            numbers("CLONE_VM", 0x100, "CLONE_FS", 0x200, "CLONE_FILES", 0x400, "CLONE_SIGHAND", 0x800, "CLONE_PIDFD",
                    0x1000, "CLONE_PTRACE", 0x2000, "CLONE_VFORK", 0x4000, "CLONE_PARENT", 0x8000, "CLONE_THREAD",
                    0x10000, "CLONE_NEWNS", 0x20000, "CLONE_SYSVSEM", 0x40000, "CLONE_SETTLS", 0x80000,
                    "CLONE_PARENT_SETTID", 0x100000, "CLONE_CHILD_CLEARTID", 0x200000, "CLONE_DETACHED", 0x400000,
                    "CLONE_UNTRACED", 0x800000, "CLONE_CHILD_SETTID", 0x1000000, "CLONE_NEWCGROUP",
                    0x2000000, "CLONE_NEWUTS", 0x4000000, "CLONE_NEWIPC", 0x8000000, "CLONE_NEWUSER", 0x10000000,
                    "CLONE_NEWPID", 0x20000000, "CLONE_NEWNET", 0x40000000, "CLONE_IO", 0x80000000L,
                    "CLONE_CLEAR_SIGHAND",
                    0x100000000L, "CLONE_INTO_CGROUP", 0x200000000L));

    static final long RLIMIT_FSIZE = 1;
    static final long RLIMIT_NOFILE = 7;

    static final SymbolTable RESOURCE = SymbolTable
            .ofValues(numbers("RLIMIT_FSIZE", RLIMIT_FSIZE, "RLIMIT_NOFILE", RLIMIT_NOFILE));

    private static final SymbolTable OTHERS = SymbolTable.ofValues(
            numbers("NULL", 0, "AT_FDCWD", Flags.AT_FDCWD, "RLIM_INFINITY", -1L, "RLIM64_INFINITY", -1L));

    private static final ImmutableList<SymbolTable> ALL = ImmutableList.of(OPEN, RESOLVE, RWF, WHENCE, FCNTL, FD, AT,
            MODE,
            FAMILY, SOCKET, SPLICE, CLONE, RESOURCE, OTHERS);

    private Symbols() {
    }

    /** The number of a constant of any kind; null if the name is not known. */
    static @Nullable Long value(String name) {
        for (SymbolTable table : ALL) {
            Long value = table.value(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static ImmutableMap<String, Long> numbers(Object... namesAndNumbers) {
        ImmutableMap.Builder<String, Long> numbers = ImmutableMap.builder();
        for (int i = 0; i < namesAndNumbers.length; i += 2) {
            numbers.put((String) namesAndNumbers[i], ((Number) namesAndNumbers[i + 1]).longValue());
        }
        return numbers.buildOrThrow();
    }
}
