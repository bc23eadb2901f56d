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
            "AT_REMOVEDIR", Flags.AT_REMOVEDIR));

    static final SymbolTable MODE = SymbolTable.of(Flags.S_IFMT,
            numbers("S_IFSOCK", Flags.S_IFSOCK, "S_IFLNK", Flags.S_IFLNK, "S_IFREG", Flags.S_IFREG, "S_IFBLK",
                    Flags.S_IFBLK, "S_IFDIR", Flags.S_IFDIR, "S_IFCHR", Flags.S_IFCHR, "S_IFIFO", Flags.S_IFIFO),
            numbers("S_ISUID", Flags.S_ISUID, "S_ISGID", Flags.S_ISGID, "S_ISVTX", Flags.S_ISVTX));

    private static final SymbolTable OTHERS = SymbolTable.ofValues(
            numbers("NULL", 0, "AT_FDCWD", Flags.AT_FDCWD, "RLIM_INFINITY", -1L, "RLIM64_INFINITY", -1L));

    private static final ImmutableList<SymbolTable> ALL = ImmutableList.of(OPEN, RESOLVE, RWF, WHENCE, FCNTL, FD, AT,
            MODE,
            OTHERS);

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
