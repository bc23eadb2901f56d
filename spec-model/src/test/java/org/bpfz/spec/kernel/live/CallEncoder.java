package org.bpfz.spec.kernel.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.IoVector;
import org.bpfz.spec.kernel.OpenHow;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Source;
import org.bpfz.spec.kernel.Sums;
import org.bpfz.spec.kernel.live.RawCall.Arg;
import org.bpfz.spec.kernel.live.RawCall.Entry;
import org.jspecify.annotations.Nullable;

/** Between the model's calls and the machine's: numbers and structures of x86-64. */
final class CallEncoder {
    /** An address in user space that is never mapped. */
    private static final long UNMAPPED = 8;
    /** An address of the kernel's half. */
    private static final long KERNEL = 0xffff_8000_0000_0000L;
    private static final int STAT_SIZE = 144;

    private CallEncoder() {
    }

    /** The call for the machine; null for one that it has no single call for. */
    static @Nullable RawCall encode(Call call) {
        return switch (call) {
            case Call.Open c -> RawCall.of(2, path(c.path()), value(c.flags()), value(c.mode()));
            case Call.Openat c -> RawCall.of(257, value(c.dirfd()), path(c.path()), value(c.flags()), value(c.mode()));
            case Call.Openat2 c -> RawCall.of(437, value(c.dirfd()), path(c.path()), how(c), value(c.size()));
            case Call.Creat c -> RawCall.of(85, path(c.path()), value(c.mode()));
            case Call.Close c -> RawCall.of(3, value(c.fd()));
            case Call.Dup c -> RawCall.of(32, value(c.fd()));
            case Call.Dup2 c -> RawCall.of(33, value(c.oldFd()), value(c.newFd()));
            case Call.Dup3 c -> RawCall.of(292, value(c.oldFd()), value(c.newFd()), value(c.flags()));
            case Call.Fcntl c -> RawCall.of(72, value(c.fd()), value(c.command()), value(c.argument()));
            case Call.Read c -> RawCall.of(0, value(c.fd()), room(c.destination()), value(c.destination().length()));
            case Call.Pread64 c -> RawCall.of(17, value(c.fd()), room(c.destination()), value(c.destination().length()),
                    value(c.offset()));
            case Call.Readv c -> RawCall.of(19, value(c.fd()), rooms(c.vector()), value(c.vector().count()));
            case Call.Preadv c -> RawCall.of(295, value(c.fd()), rooms(c.vector()), value(c.vector().count()),
                    value(c.offset()), value(0));
            case Call.Preadv2 c -> RawCall.of(327, value(c.fd()), rooms(c.vector()), value(c.vector().count()),
                    value(c.offset()), value(0), value(c.flags()));
            case Call.Write c -> RawCall.of(1, value(c.fd()), data(c.source()), value(c.source().length()));
            case Call.Pwrite64 c -> RawCall.of(18, value(c.fd()), data(c.source()), value(c.source().length()),
                    value(c.offset()));
            case Call.Writev c -> RawCall.of(20, value(c.fd()), datas(c.vector()), value(c.vector().count()));
            case Call.Pwritev c -> RawCall.of(296, value(c.fd()), datas(c.vector()), value(c.vector().count()),
                    value(c.offset()), value(0));
            case Call.Pwritev2 c -> RawCall.of(328, value(c.fd()), datas(c.vector()), value(c.vector().count()),
                    value(c.offset()), value(0), value(c.flags()));
            case Call.Lseek c -> RawCall.of(8, value(c.fd()), value(c.offset()), value(c.whence()));
            case Call.Ftruncate c -> RawCall.of(77, value(c.fd()), value(c.length()));
            case Call.Truncate c -> RawCall.of(76, path(c.path()), value(c.length()));
            case Call.Fstat c -> RawCall.of(5, value(c.fd()), RawCall.room(STAT_SIZE));
            case Call.Newfstatat c -> RawCall.of(262, value(c.dirfd()), path(c.path()), RawCall.room(STAT_SIZE),
                    value(c.flags()));
            case Call.Fchmod c -> RawCall.of(91, value(c.fd()), value(c.mode()));
            case Call.Fchmodat c -> RawCall.of(268, value(c.dirfd()), path(c.path()), value(c.mode()));
            case Call.Fchown c -> RawCall.of(93, value(c.fd()), value(c.uid()), value(c.gid()));
            case Call.Fchownat c -> RawCall.of(260, value(c.dirfd()), path(c.path()), value(c.uid()), value(c.gid()),
                    value(c.flags()));
            case Call.Chdir c -> RawCall.of(80, path(c.path()));
            case Call.Fchdir c -> RawCall.of(81, value(c.fd()));
            case Call.Mkdirat c -> RawCall.of(258, value(c.dirfd()), path(c.path()), value(c.mode()));
            case Call.Mknodat c -> RawCall.of(259, value(c.dirfd()), path(c.path()), value(c.mode()), value(0));
            case Call.Symlinkat c -> RawCall.of(266, path(c.target()), value(c.dirfd()), path(c.path()));
            case Call.Linkat c -> RawCall.of(265, value(c.oldDirfd()), path(c.oldPath()), value(c.newDirfd()),
                    path(c.newPath()), value(c.flags()));
            case Call.Unlinkat c -> RawCall.of(263, value(c.dirfd()), path(c.path()), value(c.flags()));
            case Call.Renameat c -> RawCall.of(264, value(c.oldDirfd()), path(c.oldPath()), value(c.newDirfd()),
                    path(c.newPath()));
            case Call.Pipe2 c -> RawCall.of(293, RawCall.room(8), value(c.flags()));
            case Call.Socketpair c -> RawCall.of(53, value(1), value(c.type()), value(0), RawCall.room(8));
            case Call.Sendfile c -> RawCall.of(40, value(c.outFd()), value(c.inFd()), offset(c.offset()),
                    value(c.count()));
            case Call.CopyFileRange c -> RawCall.of(326, value(c.inFd()), offset(c.inOffset()), value(c.outFd()),
                    offset(c.outOffset()), value(c.count()), value(c.flags()));
            case Call.Splice c -> RawCall.of(275, value(c.inFd()), offset(c.inOffset()), value(c.outFd()),
                    offset(c.outOffset()), value(c.count()), value(c.flags()));
            case Call.Tee c -> RawCall.of(276, value(c.inFd()), value(c.outFd()), value(c.count()), value(c.flags()));
            case Call.Setuid c -> RawCall.of(105, value(c.uid()));
            case Call.Setgid c -> RawCall.of(106, value(c.gid()));
            case Call.Setfsuid c -> RawCall.of(122, value(c.uid()));
            case Call.Setfsgid c -> RawCall.of(123, value(c.gid()));
            case Call.Umask c -> RawCall.of(95, value(c.mask()));
            case Call.Setrlimit c -> RawCall.of(302, value(0), value(c.resource() == Call.Resource.FSIZE ? 1 : 7),
                    new Arg.In(words(c.soft(), c.hard())), value(0));
            case Call.Vmsplice _,Call.Sendmsg _,Call.Recvmsg _,Call.StoreMapped _,Call.Clone _,Call.Exit _,Call.ExitGroup _,Call.Execve _,Call.ProgLoad _,Call.RawTracepointOpen _,Call.GetCompressionStats _,Call.ResetCompressionStats _,Call.ResumedWrite _,Call.ResumedOpen _ ->
                null;
        };
    }

    /** What a call that succeeded has stored, in the model's terms. */
    static Output output(Call call, LinuxProcess.Answer answer) {
        byte[] bytes = answer.answer();
        return switch (call) {
            case Call.Read _,Call.Pread64 _,Call.Readv _,Call.Preadv _,Call.Preadv2 _ ->
                new Output.Data(Rope.of(Arrays.copyOf(bytes, (int) answer.result())));
            case Call.Pipe2 _,Call.Socketpair _ -> new Output.Pair(buffer(bytes).getInt(0), buffer(bytes).getInt(4));
            case Call.Fstat _,Call.Newfstatat _ -> attributes(buffer(bytes));
            case Call.Sendfile c -> c.offset() == null
                    ? Output.None.NONE
                    : new Output.Offsets(buffer(bytes).getLong(0), null);
            case Call.CopyFileRange c -> offsets(c.inOffset(), c.outOffset(), buffer(bytes));
            case Call.Splice c -> c.count() == 0
                    ? Output.None.NONE
                    : offsets(c.inOffset(), c.outOffset(), buffer(bytes));
            default -> Output.None.NONE;
        };
    }

    private static Output offsets(@Nullable Long in, @Nullable Long out, ByteBuffer answer) {
        if (in == null && out == null) {
            return Output.None.NONE;
        }
        Long newIn = in == null ? null : answer.getLong();
        Long newOut = out == null ? null : answer.getLong();
        return new Output.Offsets(newIn, newOut);
    }

    private static Output attributes(ByteBuffer stat) {
        int mode = stat.getInt(24);
        long size = (mode & 0170000) == 0040000 ? 0 : stat.getLong(48);
        return new Output.Attributes(mode, (int) stat.getLong(16), stat.getInt(28), stat.getInt(32), size);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] words(long... words) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            buffer.putLong(word);
        }
        return buffer.array();
    }

    private static Arg value(long value) {
        return new Arg.Value(value);
    }

    private static Arg path(@Nullable String path) {
        return path == null ? value(UNMAPPED) : new Arg.In((path + '\0').getBytes(StandardCharsets.UTF_8));
    }

    private static Arg how(Call.Openat2 call) {
        OpenHow how = call.how();
        if (how == null) {
            return value(UNMAPPED);
        }
        int size = Math.clamp(call.size(), OpenHow.SIZE, 8192);
        byte[] bytes = Arrays.copyOf(words(how.flags(), how.mode(), how.resolve()), size);
        if (!call.zeroTail()) {
            bytes[size - 1] = 1;
        }
        return new Arg.In(bytes);
    }

    private static Arg offset(@Nullable Long offset) {
        return offset == null ? value(0) : new Arg.InOut(words(offset));
    }

    private static Arg data(Source source) {
        if (!source.userAddress()) {
            return value(KERNEL);
        }
        return source.readable().isEmpty() ? value(UNMAPPED) : new Arg.In(source.readable().toByteArray());
    }

    private static Arg room(Destination destination) {
        if (!destination.userAddress()) {
            return value(KERNEL);
        }
        return destination.writable() == 0 ? value(UNMAPPED) : RawCall.room((int) destination.writable());
    }

    private static Arg datas(IoVector<Source> vector) {
        List<Entry> entries = new ArrayList<>();
        vector.segments().forEach(source -> entries.add(new Entry(data(source), source.length())));
        return entries.isEmpty() ? value(UNMAPPED) : new Arg.Vector(entries);
    }

    private static Arg rooms(IoVector<Destination> vector) {
        List<Entry> entries = new ArrayList<>();
        vector.segments().forEach(room -> entries.add(new Entry(room(room), room.length())));
        return entries.isEmpty() ? value(UNMAPPED) : new Arg.Vector(entries);
    }

    /** For messages: the calls whose stats are sums have no encoding here. */
    static String show(Output output) {
        return output instanceof Output.Stats(Sums sums) ? sums.toString() : output.toString();
    }
}
