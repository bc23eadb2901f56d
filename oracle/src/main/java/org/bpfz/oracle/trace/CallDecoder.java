package org.bpfz.oracle.trace;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.calls.PathBytes;
import org.bpfz.oracle.trace.Fields.BadEventException;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Call.SumAddress;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.IoVector;
import org.bpfz.spec.kernel.OpenHow;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Source;
import org.bpfz.spec.kernel.Sums;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePVector;

/** Reads a call of a trace, its arguments by name, and what it stored. The opposite of {@link org.bpfz.oracle.calls.CallShape}. */
final class CallDecoder {
    private static final long RLIMIT_FSIZE = 1;
    private static final long RLIMIT_NOFILE = 7;

    private final BlobReader blobs;

    CallDecoder(BlobReader blobs) {
        this.blobs = blobs;
    }

    /** The call of that name. */
    Call call(int pid, String name, Fields a) {
        return switch (name) {
            case "open" -> new Call.Open(pid, path(a, "pathname"), a.integer("flags"), a.integer("mode", 0));
            case "openat" -> new Call.Openat(pid, a.integer("dirfd"), path(a, "pathname"), a.integer("flags"),
                    a.integer("mode", 0));
            case "openat2" -> new Call.Openat2(pid, a.integer("dirfd"), path(a, "pathname"), how(a), a.number("size"),
                    true);
            case "creat" -> new Call.Creat(pid, path(a, "pathname"), a.integer("mode"));
            case "close" -> new Call.Close(pid, fd(a));
            case "dup" -> new Call.Dup(pid, a.integer("oldfd"));
            case "dup2" -> new Call.Dup2(pid, a.integer("oldfd"), a.integer("newfd"));
            case "dup3" -> new Call.Dup3(pid, a.integer("oldfd"), a.integer("newfd"), a.integer("flags"));
            case "fcntl" -> new Call.Fcntl(pid, fd(a), a.integer("op"), a.number("arg", 0));
            case "read" -> new Call.Read(pid, fd(a), room(a.object("buf")));
            case "pread64" -> new Call.Pread64(pid, fd(a), room(a.object("buf")), a.number("offset"));
            case "readv" -> new Call.Readv(pid, fd(a), rooms(a));
            case "preadv" -> new Call.Preadv(pid, fd(a), rooms(a), a.number("offset"));
            case "preadv2" -> new Call.Preadv2(pid, fd(a), rooms(a), a.number("offset"), a.integer("flags"));
            case "write" -> new Call.Write(pid, fd(a), source(a.object("buf")));
            case "pwrite64" -> new Call.Pwrite64(pid, fd(a), source(a.object("buf")), a.number("offset"));
            case "writev" -> new Call.Writev(pid, fd(a), sources(a, "iovcnt"));
            case "pwritev" -> new Call.Pwritev(pid, fd(a), sources(a, "iovcnt"), a.number("offset"));
            case "pwritev2" -> new Call.Pwritev2(pid, fd(a), sources(a, "iovcnt"), a.number("offset"),
                    a.integer("flags"));
            case "lseek" -> new Call.Lseek(pid, fd(a), a.number("offset"), a.integer("whence"));
            case "ftruncate" -> new Call.Ftruncate(pid, fd(a), a.number("length"));
            case "truncate" -> new Call.Truncate(pid, path(a, "pathname"), a.number("length"));
            case "get_compression_stats" ->
                new Call.GetCompressionStats(pid, fd(a), address(a, "written"), address(a, "after"));
            case "reset_compression_stats" -> new Call.ResetCompressionStats(pid, fd(a));
            default -> other(pid, name, a);
        };
    }

    private Call other(int pid, String name, Fields a) {
        return switch (name) {
            case "fstat" -> new Call.Fstat(pid, fd(a));
            case "newfstatat" -> new Call.Newfstatat(pid, a.integer("dirfd"), path(a, "pathname"), a.integer("flags"));
            case "fchmod" -> new Call.Fchmod(pid, fd(a), a.integer("mode"));
            case "fchmodat" -> new Call.Fchmodat(pid, a.integer("dirfd"), path(a, "pathname"), a.integer("mode"));
            case "fchown" -> new Call.Fchown(pid, fd(a), a.integer("owner"), a.integer("group"));
            case "fchownat" -> new Call.Fchownat(pid, a.integer("dirfd"), path(a, "pathname"), a.integer("owner"),
                    a.integer("group"), a.integer("flags"));
            case "mkdirat" -> new Call.Mkdirat(pid, a.integer("dirfd"), path(a, "pathname"), a.integer("mode"));
            case "mknodat" -> new Call.Mknodat(pid, a.integer("dirfd"), path(a, "pathname"), a.integer("mode"));
            case "symlinkat" ->
                new Call.Symlinkat(pid, path(a, "target"), a.integer("newdirfd"), path(a, "linkpath"));
            case "linkat" -> new Call.Linkat(pid, a.integer("olddirfd"), path(a, "oldpath"), a.integer("newdirfd"),
                    path(a, "newpath"), a.integer("flags"));
            case "unlinkat" -> new Call.Unlinkat(pid, a.integer("dirfd"), path(a, "pathname"), a.integer("flags"));
            case "renameat" -> new Call.Renameat(pid, a.integer("olddirfd"), path(a, "oldpath"), a.integer("newdirfd"),
                    path(a, "newpath"));
            case "chdir" -> new Call.Chdir(pid, path(a, "pathname"));
            case "fchdir" -> new Call.Fchdir(pid, fd(a));
            case "pipe2" -> new Call.Pipe2(pid, a.integer("flags"));
            case "socketpair" -> new Call.Socketpair(pid, a.integer("type"));
            case "sendmsg" -> new Call.Sendmsg(pid, fd(a), source(a.object("buf")), a.integers("rights"));
            case "recvmsg" -> new Call.Recvmsg(pid, fd(a), room(a.object("buf")), a.integer("room"), false);
            case "sendfile" -> new Call.Sendfile(pid, a.integer("out_fd"), a.integer("in_fd"), offset(a, "offset"),
                    a.number("count"));
            case "copy_file_range" -> new Call.CopyFileRange(pid, a.integer("fd_in"), offset(a, "off_in"),
                    a.integer("fd_out"), offset(a, "off_out"), a.number("len"), a.integer("flags"));
            case "splice" -> new Call.Splice(pid, a.integer("fd_in"), offset(a, "off_in"), a.integer("fd_out"),
                    offset(a, "off_out"), a.number("len"), a.integer("flags"));
            case "tee" -> new Call.Tee(pid, a.integer("fd_in"), a.integer("fd_out"), a.number("len"),
                    a.integer("flags"));
            case "vmsplice" -> new Call.Vmsplice(pid, fd(a), sources(a, "nr_segs"), a.integer("flags"));
            case "store_mapped" ->
                new Call.StoreMapped(pid, fd(a), a.number("offset"), source(a.object("buf")).readable());
            case "fork" -> new Call.Clone(pid, 0);
            case "clone" -> new Call.Clone(pid, a.number("flags"));
            case "exit" -> new Call.Exit(pid);
            case "exit_group" -> new Call.ExitGroup(pid);
            case "execve" -> new Call.Execve(pid);
            case "setuid" -> new Call.Setuid(pid, a.integer("uid"));
            case "setgid" -> new Call.Setgid(pid, a.integer("gid"));
            case "setfsuid" -> new Call.Setfsuid(pid, a.integer("fsuid"));
            case "setfsgid" -> new Call.Setfsgid(pid, a.integer("fsgid"));
            case "umask" -> new Call.Umask(pid, a.integer("mode"));
            case "setrlimit" ->
                new Call.Setrlimit(pid, resource(a), a.number("rlim_cur"), a.number("rlim_max"));
            default -> throw new BadEventException("the model has no call " + name);
        };
    }

    private static int fd(Fields a) {
        return a.integer("fd");
    }

    private static Call.Resource resource(Fields a) {
        long number = a.number("resource");
        if (number == RLIMIT_FSIZE) {
            return Call.Resource.FSIZE;
        }
        if (number == RLIMIT_NOFILE) {
            return Call.Resource.NOFILE;
        }
        throw new BadEventException("the model has no resource " + number);
    }

    private static SumAddress address(Fields a, String name) {
        String text = a.text(name, "usable");
        return switch (text) {
            case "usable" -> SumAddress.WRITABLE;
            case "null" -> SumAddress.NULL;
            case "fault" -> SumAddress.UNWRITABLE;
            default -> throw new BadEventException("\"" + name + "\": usable, null or fault expected, not " + text);
        };
    }

    private static @Nullable Long offset(Fields a, String name) {
        return a.element(name) instanceof JsonPrimitive primitive && primitive.isNumber() ? a.number(name) : null;
    }

    private static @Nullable OpenHow how(Fields a) {
        if (!a.has("how")) {
            return null;
        }
        Fields how = a.object("how");
        return new OpenHow(how.number("flags"), how.number("mode", 0), how.number("resolve", 0));
    }

    /** A path; null for an address that can not be read. */
    static @Nullable String path(Fields a, String name) {
        JsonElement value = a.element(name);
        if (value == null) {
            throw Fields.problem(name, "a path", value);
        }
        if (value.isJsonNull()) {
            return null;
        }
        return value.isJsonObject() ? PathBytes.decode(BlobReader.hex(a.object(name).text("hex"))) : a.text(name);
    }

    /** Memory that the call reads. */
    private Source source(Fields a) {
        long length = a.number("length");
        if (a.flag("kernel_address")) {
            return Source.outsideUserSpace(length);
        }
        long readable = a.number("readable", Math.max(length, 0));
        if (length >= 0 && readable > length) {
            throw new BadEventException(readable + " readable bytes of " + length);
        }
        return new Source(blobs.bytes(a, readable), length, true);
    }

    private IoVector<Source> sources(Fields a, String count) {
        List<Source> segments = new ArrayList<>();
        for (Fields segment : a.objects("iov")) {
            segments.add(source(segment));
        }
        return new IoVector<>(segments, a.number(count));
    }

    /** Memory that the call stores into. */
    private static Destination room(Fields a) {
        long length = a.number("length");
        if (a.flag("kernel_address")) {
            return Destination.outsideUserSpace(length);
        }
        long writable = a.number("writable", Math.max(length, 0));
        if (writable < 0 || (length >= 0 && writable > length)) {
            throw new BadEventException(writable + " writable bytes of " + length);
        }
        return new Destination(writable, length, true);
    }

    private static IoVector<Destination> rooms(Fields a) {
        List<Destination> segments = new ArrayList<>();
        for (Fields segment : a.objects("iov")) {
            segments.add(room(segment));
        }
        return new IoVector<>(segments, a.number("iovcnt"));
    }

    /** What the call stored; {@link Output.None} where that was not recorded. */
    Output output(Call call, Fields event) {
        if (!event.has("out")) {
            return Output.NONE;
        }
        return switch (call) {
            case Call.Pipe2 _,Call.Socketpair _ -> {
                List<Integer> pair = event.integers("out");
                if (pair.size() != 2) {
                    throw new BadEventException("\"out\": two descriptors expected");
                }
                yield new Output.Pair(pair.get(0), pair.get(1));
            }
            case Call.GetCompressionStats _ -> {
                Fields sums = event.object("out");
                yield new Output.Stats(new Sums(sums.number("written"), sums.number("after")));
            }
            case Call.Fstat _,Call.Newfstatat _ -> {
                Fields stat = event.object("out");
                yield new Output.Attributes(stat.integer("st_mode"), stat.integer("st_nlink"), stat.integer("st_uid"),
                        stat.integer("st_gid"), stat.number("st_size"));
            }
            case Call.Sendfile _,Call.CopyFileRange _,Call.Splice _ -> {
                Fields moved = event.object("out");
                yield new Output.Offsets(offset(moved, "in"), offset(moved, "out"));
            }
            case Call.Recvmsg _ -> {
                Fields message = event.object("out");
                yield new Output.Message(data(message), TreePVector.from(message.integers("rights")));
            }
            case Call.Read _,Call.Pread64 _,Call.Readv _,Call.Preadv _,Call.Preadv2 _ ->
                new Output.Data(data(event.object("out")));
            default -> Output.NONE;
        };
    }

    private Rope data(Fields holder) {
        return blobs.bytes(holder, holder.number("length"));
    }
}
