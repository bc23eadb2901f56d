package org.bpfz.oracle.calls;

import java.util.Arrays;
import java.util.List;
import org.bpfz.oracle.calls.Shown.Address;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.Flags;
import org.bpfz.spec.kernel.IoVector;
import org.bpfz.spec.kernel.Source;
import org.jspecify.annotations.Nullable;

/**
 * A modelled call in the form in which it is written down: its name, and its arguments in the order of the system call.
 *
 * @param name {@code pwrite64}
 */
public record CallShape(String name, List<Argument> arguments) {
    public CallShape {
        arguments = List.copyOf(arguments);
    }

    /**
     * An argument.
     *
     * @param name as the manual page calls it
     */
    public record Argument(String name, Shown shown) {}

    /** The form of a call. */
    public static CallShape of(Call call) {
        return switch (call) {
            case Call.Open c -> creates(c.flags())
                    ? shape("open", path(c.path()), openFlags(c.flags()), mode(c.mode()))
                    : shape("open", path(c.path()), openFlags(c.flags()));
            case Call.Openat c -> creates(c.flags())
                    ? shape("openat", folder("dirfd", c.dirfd()), path(c.path()), openFlags(c.flags()), mode(c.mode()))
                    : shape("openat", folder("dirfd", c.dirfd()), path(c.path()), openFlags(c.flags()));
            case Call.Openat2 c -> shape("openat2", folder("dirfd", c.dirfd()), path(c.path()),
                    new Argument("how", new Shown.How(c.how())), number("size", c.size()));
            case Call.Creat c -> shape("creat", path(c.path()), mode(c.mode()));
            case Call.Close c -> shape("close", fd(c.fd()));
            case Call.Dup c -> shape("dup", number("oldfd", c.fd()));
            case Call.Dup2 c -> shape("dup2", number("oldfd", c.oldFd()), number("newfd", c.newFd()));
            case Call.Dup3 c -> shape("dup3", number("oldfd", c.oldFd()), number("newfd", c.newFd()),
                    symbol("flags", Symbols.DESCRIPTOR, c.flags()));
            case Call.Fcntl c -> fcntl(c);
            case Call.Read c -> shape("read", fd(c.fd()), room(c.destination()), count(c.destination().length()));
            case Call.Pread64 c -> shape("pread64", fd(c.fd()), room(c.destination()), count(c.destination().length()),
                    number("offset", c.offset()));
            case Call.Readv c -> shape("readv", fd(c.fd()), rooms(c.vector()), number("iovcnt", c.vector().count()));
            case Call.Preadv c -> shape("preadv", fd(c.fd()), rooms(c.vector()), number("iovcnt", c.vector().count()),
                    number("offset", c.offset()));
            case Call.Preadv2 c -> shape("preadv2", fd(c.fd()), rooms(c.vector()), number("iovcnt", c.vector().count()),
                    number("offset", c.offset()), symbol("flags", Symbols.RWF, c.flags()));
            case Call.Write c -> shape("write", fd(c.fd()), data(c.source()), count(c.source().length()));
            case Call.Pwrite64 c -> shape("pwrite64", fd(c.fd()), data(c.source()), count(c.source().length()),
                    number("offset", c.offset()));
            case Call.Writev c -> shape("writev", fd(c.fd()), vector(c.vector()), number("iovcnt", c.vector().count()));
            case Call.Pwritev c ->
                shape("pwritev", fd(c.fd()), vector(c.vector()), number("iovcnt", c.vector().count()),
                        number("offset", c.offset()));
            case Call.Pwritev2 c ->
                shape("pwritev2", fd(c.fd()), vector(c.vector()), number("iovcnt", c.vector().count()),
                        number("offset", c.offset()), symbol("flags", Symbols.RWF, c.flags()));
            case Call.Lseek c -> shape("lseek", fd(c.fd()), number("offset", c.offset()),
                    symbol("whence", Symbols.WHENCE, c.whence()));
            case Call.Ftruncate c -> shape("ftruncate", fd(c.fd()), number("length", c.length()));
            case Call.Truncate c -> shape("truncate", path(c.path()), number("length", c.length()));
            case Call.Fstat c -> shape("fstat", fd(c.fd()), stored("statbuf"));
            case Call.Newfstatat c -> shape("newfstatat", folder("dirfd", c.dirfd()), path(c.path()), stored("statbuf"),
                    symbol("flags", Symbols.AT, c.flags()));
            case Call.Mkdirat c -> shape("mkdirat", folder("dirfd", c.dirfd()), path(c.path()), mode(c.mode()));
            case Call.Mknodat c -> shape("mknodat", folder("dirfd", c.dirfd()), path(c.path()),
                    symbol("mode", Symbols.MODE, c.mode()));
            case Call.Symlinkat c -> shape("symlinkat", path("target", c.target()), folder("newdirfd", c.dirfd()),
                    path("linkpath", c.path()));
            case Call.Linkat c -> shape("linkat", folder("olddirfd", c.oldDirfd()), path("oldpath", c.oldPath()),
                    folder("newdirfd", c.newDirfd()), path("newpath", c.newPath()),
                    symbol("flags", Symbols.AT, c.flags()));
            case Call.Unlinkat c -> shape("unlinkat", folder("dirfd", c.dirfd()), path(c.path()),
                    symbol("flags", Symbols.AT, c.flags()));
            case Call.Renameat c -> shape("renameat", folder("olddirfd", c.oldDirfd()), path("oldpath", c.oldPath()),
                    folder("newdirfd", c.newDirfd()), path("newpath", c.newPath()));
            case Call.Fchmod c -> shape("fchmod", fd(c.fd()), mode(c.mode()));
            case Call.Fchmodat c -> shape("fchmodat", folder("dirfd", c.dirfd()), path(c.path()), mode(c.mode()));
            case Call.Fchown c -> shape("fchown", fd(c.fd()), number("owner", c.uid()), number("group", c.gid()));
            case Call.Fchownat c ->
                shape("fchownat", folder("dirfd", c.dirfd()), path(c.path()), number("owner", c.uid()),
                        number("group", c.gid()), symbol("flags", Symbols.AT, c.flags()));
            case Call.Chdir c -> shape("chdir", path(c.path()));
            case Call.Fchdir c -> shape("fchdir", fd(c.fd()));
            case Call.Pipe2 c -> shape("pipe2", stored("pipefd"), symbol("flags", Symbols.DESCRIPTOR, c.flags()));
            case Call.Socketpair c -> shape("socketpair", symbol("domain", Symbols.FAMILY, Symbols.AF_UNIX),
                    symbol("type", Symbols.SOCKET, c.type()), number("protocol", 0), stored("sv"));
            case Call.Sendmsg c -> shape("sendmsg", fd(c.fd()), data(c.source()),
                    new Argument("rights", new Shown.Rights(c.descriptors())));
            case Call.Recvmsg c -> shape("recvmsg", fd(c.fd()), room(c.destination()), count(c.destination().length()),
                    stored("rights"), number("room", c.room()));
            case Call.Sendfile c -> shape("sendfile", number("out_fd", c.outFd()), number("in_fd", c.inFd()),
                    offset("offset", c.offset(), 0), count(c.count()));
            case Call.CopyFileRange c ->
                shape("copy_file_range", number("fd_in", c.inFd()), offset("off_in", c.inOffset(), 0),
                        number("fd_out", c.outFd()), offset("off_out", c.outOffset(), 1), number("len", c.count()),
                        number("flags", c.flags()));
            case Call.Splice c -> shape("splice", number("fd_in", c.inFd()), offset("off_in", c.inOffset(), 0),
                    number("fd_out", c.outFd()), offset("off_out", c.outOffset(), 1), number("len", c.count()),
                    symbol("flags", Symbols.SPLICE, c.flags()));
            case Call.Tee c ->
                shape("tee", number("fd_in", c.inFd()), number("fd_out", c.outFd()), number("len", c.count()),
                        symbol("flags", Symbols.SPLICE, c.flags()));
            case Call.Vmsplice c ->
                shape("vmsplice", fd(c.fd()), vector(c.vector()), number("nr_segs", c.vector().count()),
                        symbol("flags", Symbols.SPLICE, c.flags()));
            case Call.StoreMapped c -> shape("store_mapped", fd(c.fd()), data(Source.of(c.data())),
                    number("offset", c.offset()));
            case Call.Clone c ->
                c.flags() == 0 ? shape("fork") : shape("clone", symbol("flags", Symbols.CLONE, c.flags()));
            case Call.Exit _ -> shape("exit");
            case Call.ExitGroup _ -> shape("exit_group");
            case Call.Execve _ -> shape("execve");
            case Call.Setuid c -> shape("setuid", number("uid", c.uid()));
            case Call.Setgid c -> shape("setgid", number("gid", c.gid()));
            case Call.Setfsuid c -> shape("setfsuid", number("fsuid", c.uid()));
            case Call.Setfsgid c -> shape("setfsgid", number("fsgid", c.gid()));
            case Call.Umask c -> shape("umask", mode(c.mask()));
            case Call.Setrlimit c -> shape("setrlimit", symbol("resource", Symbols.RESOURCE, switch (c.resource()) {
                case FSIZE -> Symbols.RLIMIT_FSIZE;
                case NOFILE -> Symbols.RLIMIT_NOFILE;
            }),
                    number("rlim_cur", c.soft()), number("rlim_max", c.hard()));
            case Call.ProgLoad c -> shape("bpf_prog_load", number("program", c.program().id()));
            case Call.RawTracepointOpen c -> shape("bpf_raw_tracepoint_open", number("prog_fd", c.programFd()));
            case Call.GetCompressionStats c ->
                shape("get_compression_stats", fd(c.fd()), sum("written", c.written(), 0),
                        sum("after", c.after(), 1));
            case Call.ResetCompressionStats c -> shape("reset_compression_stats", fd(c.fd()));
            case Call.ResumedWrite c -> shape("restart_write", count(c.length()));
            case Call.ResumedOpen c -> shape("restart_open", number("fd", c.fd()));
        };
    }

    /** Whether the mode argument means something. */
    private static boolean creates(int flags) {
        return (flags & (Flags.O_CREAT | Flags.UNDERSCORE_O_TMPFILE)) != 0;
    }

    private static CallShape fcntl(Call.Fcntl c) {
        Argument command = symbol("op", Symbols.FCNTL, c.command());
        return switch (c.command()) {
            case Flags.F_GETFD, Flags.F_GETFL, Flags.F_GETPIPE_SZ -> shape("fcntl", fd(c.fd()), command);
            case Flags.F_SETFD -> shape("fcntl", fd(c.fd()), command, symbol("arg", Symbols.FD, c.argument()));
            case Flags.F_SETFL -> shape("fcntl", fd(c.fd()), command, symbol("arg", Symbols.OPEN, c.argument()));
            default -> shape("fcntl", fd(c.fd()), command, number("arg", c.argument()));
        };
    }

    private static CallShape shape(String name, Argument... arguments) {
        return new CallShape(name, Arrays.asList(arguments));
    }

    private static Argument number(String name, long value) {
        return new Argument(name, new Shown.Decimal(value));
    }

    private static Argument fd(int fd) {
        return number("fd", fd);
    }

    private static Argument count(long count) {
        return number("count", count);
    }

    private static Argument folder(String name, int fd) {
        return new Argument(name, new Shown.Folder(fd));
    }

    private static Argument path(@Nullable String path) {
        return path("pathname", path);
    }

    private static Argument path(String name, @Nullable String path) {
        return new Argument(name, new Shown.PathName(path));
    }

    private static Argument mode(int mode) {
        return new Argument("mode", new Shown.Octal(mode));
    }

    private static Argument symbol(String name, SymbolTable table, long value) {
        return new Argument(name, new Shown.Symbol(table, value));
    }

    private static Argument openFlags(int flags) {
        return symbol("flags", Symbols.OPEN, Integer.toUnsignedLong(flags));
    }

    private static Argument data(Source source) {
        return new Argument("buf", new Shown.Data(source));
    }

    private static Argument vector(IoVector<Source> vector) {
        return new Argument("iov", new Shown.DataVector(vector));
    }

    private static Argument room(Destination destination) {
        return new Argument("buf", new Shown.Room(destination));
    }

    private static Argument rooms(IoVector<Destination> vector) {
        return new Argument("iov", new Shown.RoomVector(vector));
    }

    private static Argument stored(String name) {
        return new Argument(name, new Shown.Stored(Address.USABLE, 0));
    }

    private static Argument sum(String name, Call.SumAddress address, int index) {
        return new Argument(name, new Shown.Stored(switch (address) {
            case WRITABLE -> Address.USABLE;
            case NULL -> Address.NULL;
            case UNWRITABLE -> Address.FAULT;
        }, index));
    }

    private static Argument offset(String name, @Nullable Long offset, int index) {
        return offset == null
                ? new Argument(name, new Shown.Stored(Address.NULL, index))
                : new Argument(name, new Shown.Offset(offset, index));
    }
}
