package org.bpfz.oracle.calls;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.syntax.CallText;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.oracle.syntax.Value.Field;
import org.bpfz.oracle.syntax.Value.Flags;
import org.bpfz.oracle.syntax.Value.Int;
import org.bpfz.oracle.syntax.Value.Name;
import org.bpfz.oracle.syntax.Value.Sequence;
import org.bpfz.oracle.syntax.Value.Struct;
import org.bpfz.oracle.syntax.Value.Text;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.IoVector;
import org.bpfz.spec.kernel.OpenHow;
import org.bpfz.spec.kernel.Source;
import org.jspecify.annotations.Nullable;

/**
 * Turns a call as written into a call of the model. What memory holds is written differently in a scenario and in a recording: each
 * has its subclass.
 */
public abstract class CallReader {
    private static final int AT_FDCWD = org.bpfz.spec.kernel.Flags.AT_FDCWD;

    /** What a name stands for that is no constant; null if for nothing. */
    protected abstract @Nullable Long variable(String name);

    /** Memory that a call reads {@code count} bytes from; as many as there are if the count is null. */
    protected abstract Source source(Value buffer, @Nullable Long count) throws NotationException;

    /** Memory that a call stores {@code count} bytes into. */
    protected abstract Destination destination(Value buffer, long count) throws NotationException;

    /** Whether the value is an address at which nothing can be read or written, NULL included. */
    protected abstract boolean isFault(Value value);

    /**
     * The modelled call.
     *
     * @param pid the calling task
     * @return null if the model has no such call
     * @throws NotationException if the arguments are not those of the call
     */
    public final @Nullable Call read(int pid, CallText text) throws NotationException {
        Arguments a = new Arguments(text);
        Call call = files(pid, text.name(), a);
        if (call == null) {
            call = transfers(pid, text.name(), a);
        }
        if (call == null) {
            call = names(pid, text.name(), a);
        }
        return call == null ? tasks(pid, text.name(), a) : call;
    }

    /** Calls that open files and work on descriptors. */
    private @Nullable Call files(int pid, String name, Arguments a) throws NotationException {
        return switch (name) {
            case "open" -> new Call.Open(pid, a.path(0), a.integer(1), a.integer(2, 0));
            case "openat" -> new Call.Openat(pid, a.integer(0), a.path(1), a.integer(2), a.integer(3, 0));
            case "openat2" -> openat2(pid, a);
            case "creat" -> new Call.Creat(pid, a.path(0), a.integer(1));
            case "close" -> new Call.Close(pid, a.integer(0));
            case "dup" -> new Call.Dup(pid, a.integer(0));
            case "dup2" -> new Call.Dup2(pid, a.integer(0), a.integer(1));
            case "dup3" -> new Call.Dup3(pid, a.integer(0), a.integer(1), a.integer(2));
            case "fcntl" -> fcntl(pid, a);
            case "lseek" -> new Call.Lseek(pid, a.integer(0), a.number(1), a.integer(2));
            case "ftruncate" -> new Call.Ftruncate(pid, a.integer(0), a.number(1));
            case "truncate" -> new Call.Truncate(pid, a.path(0), a.number(1));
            case "fstat" -> new Call.Fstat(pid, a.integer(0));
            case "fchmod" -> new Call.Fchmod(pid, a.integer(0), a.integer(1));
            case "fchown" -> new Call.Fchown(pid, a.integer(0), a.integer(1), a.integer(2));
            case "fchdir" -> new Call.Fchdir(pid, a.integer(0));
            case "pipe" -> new Call.Pipe2(pid, 0);
            case "pipe2" -> new Call.Pipe2(pid, a.integer(1));
            case "socketpair" -> a.number(0) == Symbols.AF_UNIX && a.number(2, 0) == 0
                    ? new Call.Socketpair(pid, a.integer(1))
                    : null;
            case "get_compression_stats" -> new Call.GetCompressionStats(pid, a.integer(0), sum(a, 1), sum(a, 2));
            case "reset_compression_stats" -> new Call.ResetCompressionStats(pid, a.integer(0));
            default -> null;
        };
    }

    /** Calls that move data. */
    private @Nullable Call transfers(int pid, String name, Arguments a) throws NotationException {
        return switch (name) {
            case "read" -> new Call.Read(pid, a.integer(0), destination(a.value(1), a.number(2)));
            case "pread64" -> new Call.Pread64(pid, a.integer(0), destination(a.value(1), a.number(2)), a.number(3));
            case "readv" -> new Call.Readv(pid, a.integer(0), destinations(a, 1));
            case "preadv" -> new Call.Preadv(pid, a.integer(0), destinations(a, 1), a.number(3));
            case "preadv2" -> new Call.Preadv2(pid, a.integer(0), destinations(a, 1), a.number(3), a.integer(4));
            case "write" -> new Call.Write(pid, a.integer(0), source(a.value(1), a.count(2)));
            case "pwrite64" -> new Call.Pwrite64(pid, a.integer(0), source(a.value(1), a.count(2)), a.number(3));
            case "writev" -> new Call.Writev(pid, a.integer(0), sources(a, 1));
            case "pwritev" -> new Call.Pwritev(pid, a.integer(0), sources(a, 1), a.number(3));
            case "pwritev2" -> new Call.Pwritev2(pid, a.integer(0), sources(a, 1), a.number(3), a.integer(4));
            case "sendfile" -> new Call.Sendfile(pid, a.integer(0), a.integer(1), a.offset(2), a.number(3));
            case "copy_file_range" -> new Call.CopyFileRange(pid, a.integer(0), a.offset(1), a.integer(2), a.offset(3),
                    a.number(4), a.integer(5));
            case "splice" -> new Call.Splice(pid, a.integer(0), a.offset(1), a.integer(2), a.offset(3), a.number(4),
                    a.integer(5));
            case "tee" -> new Call.Tee(pid, a.integer(0), a.integer(1), a.number(2), a.integer(3));
            case "sendmsg" -> a.value(1) instanceof Struct
                    ? null
                    : new Call.Sendmsg(pid, a.integer(0), source(a.value(1), null), descriptors(a.optional(2)));
            case "recvmsg" -> a.value(1) instanceof Struct
                    ? null
                    : new Call.Recvmsg(pid, a.integer(0), destination(a.value(1), a.number(2)), a.integer(4, 0), false);
            case "store_mapped" ->
                new Call.StoreMapped(pid, a.integer(0), a.number(2), source(a.value(1), null).readable());
            case "vmsplice" -> new Call.Vmsplice(pid, a.integer(0), sources(a, 1), a.integer(3));
            default -> null;
        };
    }

    /** Calls that work on names. */
    private @Nullable Call names(int pid, String name, Arguments a) throws NotationException {
        return switch (name) {
            case "newfstatat" -> new Call.Newfstatat(pid, a.integer(0), a.path(1), a.integer(3));
            case "stat" -> new Call.Newfstatat(pid, AT_FDCWD, a.path(0), 0);
            case "lstat" ->
                new Call.Newfstatat(pid, AT_FDCWD, a.path(0), org.bpfz.spec.kernel.Flags.AT_SYMLINK_NOFOLLOW);
            case "mkdir" -> new Call.Mkdirat(pid, AT_FDCWD, a.path(0), a.integer(1));
            case "mkdirat" -> new Call.Mkdirat(pid, a.integer(0), a.path(1), a.integer(2));
            case "mknod" -> new Call.Mknodat(pid, AT_FDCWD, a.path(0), a.integer(1));
            case "mknodat" -> new Call.Mknodat(pid, a.integer(0), a.path(1), a.integer(2));
            case "symlink" -> new Call.Symlinkat(pid, a.path(0), AT_FDCWD, a.path(1));
            case "symlinkat" -> new Call.Symlinkat(pid, a.path(0), a.integer(1), a.path(2));
            case "link" -> new Call.Linkat(pid, AT_FDCWD, a.path(0), AT_FDCWD, a.path(1), 0);
            case "linkat" -> new Call.Linkat(pid, a.integer(0), a.path(1), a.integer(2), a.path(3), a.integer(4));
            case "unlink" -> new Call.Unlinkat(pid, AT_FDCWD, a.path(0), 0);
            case "rmdir" -> new Call.Unlinkat(pid, AT_FDCWD, a.path(0), org.bpfz.spec.kernel.Flags.AT_REMOVEDIR);
            case "unlinkat" -> new Call.Unlinkat(pid, a.integer(0), a.path(1), a.integer(2));
            case "rename" -> new Call.Renameat(pid, AT_FDCWD, a.path(0), AT_FDCWD, a.path(1));
            case "renameat" -> new Call.Renameat(pid, a.integer(0), a.path(1), a.integer(2), a.path(3));
            case "renameat2" -> a.number(4) == 0
                    ? new Call.Renameat(pid, a.integer(0), a.path(1), a.integer(2), a.path(3))
                    : null;
            case "chmod" -> new Call.Fchmodat(pid, AT_FDCWD, a.path(0), a.integer(1));
            case "fchmodat" -> new Call.Fchmodat(pid, a.integer(0), a.path(1), a.integer(2));
            case "chown" -> new Call.Fchownat(pid, AT_FDCWD, a.path(0), a.integer(1), a.integer(2), 0);
            case "lchown" -> new Call.Fchownat(pid, AT_FDCWD, a.path(0), a.integer(1), a.integer(2),
                    org.bpfz.spec.kernel.Flags.AT_SYMLINK_NOFOLLOW);
            case "fchownat" ->
                new Call.Fchownat(pid, a.integer(0), a.path(1), a.integer(2), a.integer(3), a.integer(4));
            case "chdir" -> new Call.Chdir(pid, a.path(0));
            default -> null;
        };
    }

    /** Calls that work on tasks. */
    private @Nullable Call tasks(int pid, String name, Arguments a) throws NotationException {
        return switch (name) {
            case "fork", "vfork" -> new Call.Clone(pid, 0);
            case "clone" -> new Call.Clone(pid, cloneFlags(a.named("flags", 0)));
            case "clone3" ->
                new Call.Clone(pid, cloneFlags(a.value(0) instanceof Struct how ? how.field("flags") : null));
            case "exit" -> new Call.Exit(pid);
            case "exit_group" -> new Call.ExitGroup(pid);
            case "execve", "execveat" -> new Call.Execve(pid);
            case "setuid" -> new Call.Setuid(pid, a.integer(0));
            case "setgid" -> new Call.Setgid(pid, a.integer(0));
            case "setfsuid" -> new Call.Setfsuid(pid, a.integer(0));
            case "setfsgid" -> new Call.Setfsgid(pid, a.integer(0));
            case "umask" -> new Call.Umask(pid, a.integer(0));
            case "setrlimit" -> limit(pid, a.value(0), a.value(1), a.optional(2));
            case "prlimit64" ->
                a.number(0) == 0 && !isFault(a.value(2)) ? limit(pid, a.value(1), a.value(2), null) : null;
            default -> null;
        };
    }

    private List<Integer> descriptors(@Nullable Value value) throws NotationException {
        List<Integer> descriptors = new ArrayList<>();
        if (value instanceof Sequence(List<Value> items, _, _)) {
            for (Value item : items) {
                descriptors.add((int) number(item));
            }
        } else if (value != null) {
            throw new NotationException(value.at(), "[descriptor, ...] expected");
        }
        return descriptors;
    }

    private Call openat2(int pid, Arguments a) throws NotationException {
        OpenHow how = null;
        if (a.value(2) instanceof Struct struct) {
            how = new OpenHow(member(struct, "flags"), member(struct, "mode"), member(struct, "resolve"));
        } else if (!isFault(a.value(2))) {
            throw new NotationException(a.value(2).at(), "{flags=..., mode=..., resolve=...} expected");
        }
        return new Call.Openat2(pid, a.integer(0), a.path(1), how, a.number(3, OpenHow.SIZE), true);
    }

    private long member(Struct struct, String name) throws NotationException {
        Value value = struct.field(name);
        return value == null ? 0 : number(value);
    }

    /** The commands that the model knows; locks, owners, leases and the like are not modelled. */
    private @Nullable Call fcntl(int pid, Arguments a) throws NotationException {
        if (a.value(1) instanceof Name name && Symbols.FCNTL.value(name.text()) == null) {
            return null;
        }
        return new Call.Fcntl(pid, a.integer(0), a.integer(1), a.number(2, 0));
    }

    private @Nullable Call limit(int pid, Value resource, Value soft, @Nullable Value hard) throws NotationException {
        if (!(resource instanceof Name(String name, _)) || Symbols.RESOURCE.value(name) == null) {
            return null;
        }
        Call.Resource limited = name.equals("RLIMIT_FSIZE") ? Call.Resource.FSIZE : Call.Resource.NOFILE;
        if (soft instanceof Struct struct) {
            return new Call.Setrlimit(pid, limited, member(struct, "rlim_cur"), member(struct, "rlim_max"));
        }
        return new Call.Setrlimit(pid, limited, number(soft), hard == null ? number(soft) : number(hard));
    }

    /** The flags that say what the tasks share; the signal and the rest are nothing to the model. */
    private long cloneFlags(@Nullable Value flags) throws NotationException {
        long shared = Symbols.CLONE.valueOf("CLONE_VM") | Symbols.CLONE.valueOf("CLONE_FS")
                | Symbols.CLONE.valueOf("CLONE_FILES") | Symbols.CLONE.valueOf("CLONE_SIGHAND")
                | Symbols.CLONE.valueOf("CLONE_THREAD");
        return flags == null ? 0 : number(flags) & shared;
    }

    private Call.SumAddress sum(Arguments a, int index) {
        Value value = a.optional(index);
        if (value instanceof Name(String name, _) && name.equals("NULL")) {
            return Call.SumAddress.NULL;
        }
        return value != null && isFault(value) ? Call.SumAddress.UNWRITABLE : Call.SumAddress.WRITABLE;
    }

    private IoVector<Source> sources(Arguments a, int index) throws NotationException {
        List<Source> segments = new ArrayList<>();
        if (a.value(index) instanceof Sequence vector) {
            for (Value item : vector.items()) {
                segments.add(item instanceof Struct segment
                        ? source(required(segment, "iov_base"), number(required(segment, "iov_len")))
                        : source(item, null));
            }
        } else if (!isFault(a.value(index))) {
            throw new NotationException(a.value(index).at(), "[{iov_base=..., iov_len=...}, ...] expected");
        }
        return new IoVector<>(segments, a.number(index + 1, segments.size()));
    }

    private IoVector<Destination> destinations(Arguments a, int index) throws NotationException {
        List<Destination> segments = new ArrayList<>();
        if (a.value(index) instanceof Sequence vector) {
            for (Value item : vector.items()) {
                if (!(item instanceof Struct segment)) {
                    throw new NotationException(item.at(), "{iov_base=..., iov_len=...} expected");
                }
                segments.add(destination(required(segment, "iov_base"), number(required(segment, "iov_len"))));
            }
        } else if (!isFault(a.value(index))) {
            throw new NotationException(a.value(index).at(), "[{iov_base=..., iov_len=...}, ...] expected");
        }
        return new IoVector<>(segments, a.number(index + 1, segments.size()));
    }

    private static Value required(Struct struct, String field) throws NotationException {
        Value value = struct.field(field);
        if (value == null) {
            throw new NotationException(struct.at(), field + " is missing");
        }
        return value;
    }

    /** The number that a value is: a literal, a constant, a variable, or several of them joined. */
    public final long number(Value value) throws NotationException {
        return switch (value) {
            case Int(long number, _) -> number;
            case Name(String name, int at) -> named(name, at);
            case Flags(List<Value> parts, _) -> {
                long number = 0;
                for (Value part : parts) {
                    number |= number(part);
                }
                yield number;
            }
            default -> throw new NotationException(value.at(), "a number expected");
        };
    }

    private long named(String name, int at) throws NotationException {
        Long value = variable(name);
        if (value == null) {
            value = Symbols.value(name);
        }
        if (value == null) {
            throw new NotationException(at, "nothing is called " + name);
        }
        return value;
    }

    private @Nullable String pathName(Value value) throws NotationException {
        if (value instanceof Text text) {
            return PathBytes.decode(text.bytes());
        }
        if (isFault(value)) {
            return null;
        }
        throw new NotationException(value.at(), "a path in quotes expected");
    }

    /** The arguments of one call by position. */
    private final class Arguments {
        private final CallText call;

        Arguments(CallText call) {
            this.call = call;
        }

        @Nullable
        Value optional(int index) {
            return call.argument(index);
        }

        Value value(int index) throws NotationException {
            Value value = call.argument(index);
            if (value == null) {
                throw new NotationException(call.at(), call.name() + " needs at least " + (index + 1) + " arguments");
            }
            return value;
        }

        /** The argument of that name, or the one at the position if none has it. */
        @Nullable
        Value named(String name, int index) {
            for (Field argument : call.arguments()) {
                if (name.equals(argument.name())) {
                    return argument.value();
                }
            }
            return call.argument(index);
        }

        long number(int index) throws NotationException {
            return CallReader.this.number(value(index));
        }

        long number(int index, long otherwise) throws NotationException {
            Value value = call.argument(index);
            return value == null ? otherwise : CallReader.this.number(value);
        }

        /** A register of which the kernel looks at the low half. */
        int integer(int index) throws NotationException {
            return (int) number(index);
        }

        int integer(int index, int otherwise) throws NotationException {
            return (int) number(index, otherwise);
        }

        @Nullable
        Long count(int index) throws NotationException {
            Value value = call.argument(index);
            return value == null ? null : CallReader.this.number(value);
        }

        @Nullable
        String path(int index) throws NotationException {
            return pathName(value(index));
        }

        /** {@code NULL}, {@code [4096]} or {@code [0] => [4096]}. */
        @Nullable
        Long offset(int index) throws NotationException {
            Value value = value(index) instanceof Value.Change change ? change.before() : value(index);
            if (value instanceof Sequence(List<Value> items, _, _) && items.size() == 1) {
                return CallReader.this.number(items.getFirst());
            }
            if (isFault(value)) {
                return null;
            }
            throw new NotationException(value.at(), "NULL or [offset] expected");
        }
    }
}
