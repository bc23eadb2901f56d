package org.bpfz.oracle.qemu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfz.oracle.calls.PathBytes;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.IoVector;
import org.bpfz.spec.kernel.OpenHow;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Source;
import org.bpfz.spec.kernel.Sums;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePVector;

/** Lays a modelled call out in the agent's memory: the number, the arguments and the structures of x86-64 behind them. */
final class CallLayout {
    /** An address in user space that is never mapped. */
    private static final long UNMAPPED = 8;
    /** An address of the kernel's half. */
    private static final long KERNEL = 0xffff_8000_0000_0000L;
    private static final int PAGE = 4096;
    private static final int STAT_SIZE = 144;
    private static final int UNIX = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int CONTROL_HEADER = 16;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private final Request request;
    private final KernelFacts facts;
    private final List<Long> guards = new ArrayList<>();
    private final List<Stored> stored = new ArrayList<>();

    /** Memory whose content after the call is part of what came of it. */
    record Stored(long address, int length) {}

    /**
     * A call ready to be posted.
     *
     * @param guards addresses of pages that must not be accessible while it runs
     * @param stored what to look at when it has returned
     */
    record Laid(int number, List<Long> arguments, List<Long> guards, List<Stored> stored) {}

    private CallLayout(Request request, KernelFacts facts) {
        this.request = request;
        this.facts = facts;
    }

    /** Lays it out; null for a call that is not one system call. */
    static @Nullable Laid lay(Request request, KernelFacts facts, Call call) {
        CallLayout layout = new CallLayout(request, facts);
        List<Long> words = layout.words(call);
        return words == null
                ? null
                : new Laid(words.getFirst().intValue(), List.copyOf(words.subList(1, words.size())),
                        List.copyOf(layout.guards), List.copyOf(layout.stored));
    }

    /** The number, then the arguments. */
    private @Nullable List<Long> words(Call call) {
        return switch (call) {
            case Call.Open c -> call(2, path(c.path()), c.flags(), c.mode());
            case Call.Openat c -> call(257, c.dirfd(), path(c.path()), c.flags(), c.mode());
            case Call.Openat2 c -> call(437, c.dirfd(), path(c.path()), how(c), c.size());
            case Call.Creat c -> call(85, path(c.path()), c.mode());
            case Call.Close c -> call(3, c.fd());
            case Call.Dup c -> call(32, c.fd());
            case Call.Dup2 c -> call(33, c.oldFd(), c.newFd());
            case Call.Dup3 c -> call(292, c.oldFd(), c.newFd(), c.flags());
            case Call.Fcntl c -> call(72, c.fd(), c.command(), c.argument());
            case Call.Read c -> call(0, c.fd(), room(c.destination()), c.destination().length());
            case Call.Pread64 c ->
                call(17, c.fd(), room(c.destination()), c.destination().length(), c.offset());
            case Call.Readv c -> call(19, c.fd(), rooms(c.vector()), c.vector().count());
            case Call.Preadv c -> call(295, c.fd(), rooms(c.vector()), c.vector().count(), c.offset(), 0);
            case Call.Preadv2 c ->
                call(327, c.fd(), rooms(c.vector()), c.vector().count(), c.offset(), 0, c.flags());
            case Call.Write c -> call(1, c.fd(), data(c.source()), c.source().length());
            case Call.Pwrite64 c -> call(18, c.fd(), data(c.source()), c.source().length(), c.offset());
            case Call.Writev c -> call(20, c.fd(), datas(c.vector()), c.vector().count());
            case Call.Pwritev c -> call(296, c.fd(), datas(c.vector()), c.vector().count(), c.offset(), 0);
            case Call.Pwritev2 c ->
                call(328, c.fd(), datas(c.vector()), c.vector().count(), c.offset(), 0, c.flags());
            case Call.Lseek c -> call(8, c.fd(), c.offset(), c.whence());
            case Call.Ftruncate c -> call(77, c.fd(), c.length());
            case Call.Truncate c -> call(76, path(c.path()), c.length());
            case Call.Fstat c -> call(5, c.fd(), stored(STAT_SIZE));
            case Call.Newfstatat c -> call(262, c.dirfd(), path(c.path()), stored(STAT_SIZE), c.flags());
            case Call.Setrlimit c ->
                call(302, 0, c.resource() == Call.Resource.FSIZE ? 1 : 7, block(c.soft(), c.hard()), 0);
            case Call.Sendfile c -> call(40, c.outFd(), c.inFd(), offset(c.offset()), c.count());
            case Call.CopyFileRange c ->
                call(326, c.inFd(), offset(c.inOffset()), c.outFd(), offset(c.outOffset()), c.count(), c.flags());
            case Call.Splice c ->
                call(275, c.inFd(), offset(c.inOffset()), c.outFd(), offset(c.outOffset()), c.count(), c.flags());
            case Call.Tee c -> call(276, c.inFd(), c.outFd(), c.count(), c.flags());
            case Call.Vmsplice c -> call(278, c.fd(), datas(c.vector()), c.vector().count(), c.flags());
            case Call.Sendmsg c -> call(46, c.fd(), message(c), 0);
            case Call.Recvmsg c ->
                call(47, c.fd(), message(c), c.closeOnExec() ? MSG_CMSG_CLOEXEC : 0);
            case Call.GetCompressionStats c ->
                call(facts.getStats(), c.fd(), sum(c.written()), sum(c.after()));
            case Call.ResetCompressionStats c -> call(facts.resetStats(), c.fd());
            case Call.StoreMapped _,Call.Clone _,Call.Exit _,Call.ExitGroup _,Call.Execve _,Call.ProgLoad _,Call.RawTracepointOpen _,Call.ResumedWrite _,Call.ResumedOpen _ ->
                null;
            default -> names(call);
        };
    }

    /** Calls that work on names, attributes and identities. */
    private @Nullable List<Long> names(Call call) {
        return switch (call) {
            case Call.Fchmod c -> call(91, c.fd(), c.mode());
            case Call.Fchmodat c -> call(268, c.dirfd(), path(c.path()), c.mode());
            case Call.Fchown c -> call(93, c.fd(), c.uid(), c.gid());
            case Call.Fchownat c -> call(260, c.dirfd(), path(c.path()), c.uid(), c.gid(), c.flags());
            case Call.Chdir c -> call(80, path(c.path()));
            case Call.Fchdir c -> call(81, c.fd());
            case Call.Mkdirat c -> call(258, c.dirfd(), path(c.path()), c.mode());
            case Call.Mknodat c -> call(259, c.dirfd(), path(c.path()), c.mode(), 0);
            case Call.Symlinkat c -> call(266, path(c.target()), c.dirfd(), path(c.path()));
            case Call.Linkat c ->
                call(265, c.oldDirfd(), path(c.oldPath()), c.newDirfd(), path(c.newPath()), c.flags());
            case Call.Unlinkat c -> call(263, c.dirfd(), path(c.path()), c.flags());
            case Call.Renameat c -> call(264, c.oldDirfd(), path(c.oldPath()), c.newDirfd(), path(c.newPath()));
            case Call.Pipe2 c -> call(293, stored(2 * Integer.BYTES), c.flags());
            case Call.Socketpair c -> call(53, UNIX, c.type(), 0, stored(2 * Integer.BYTES));
            case Call.Setuid c -> call(105, c.uid());
            case Call.Setgid c -> call(106, c.gid());
            case Call.Setfsuid c -> call(122, c.uid());
            case Call.Setfsgid c -> call(123, c.gid());
            case Call.Umask c -> call(95, c.mask());
            default -> null;
        };
    }

    /**
     * What a call that succeeded has stored, in the model's terms.
     *
     * @param memory what the stored memory holds, in the order of {@link Laid#stored}
     */
    static Output output(Call call, long result, List<byte[]> memory) {
        if (result < 0 && result >= -4095) {
            return Output.None.NONE;
        }
        return switch (call) {
            case Call.Read _,Call.Pread64 _,Call.Readv _,Call.Preadv _,Call.Preadv2 _ ->
                new Output.Data(Rope.of(Arrays.copyOf(joined(memory), (int) result)));
            case Call.Pipe2 _,Call.Socketpair _ ->
                new Output.Pair(buffer(memory.getFirst()).getInt(0), buffer(memory.getFirst()).getInt(4));
            case Call.Fstat _,Call.Newfstatat _ -> attributes(buffer(memory.getFirst()));
            case Call.Sendfile c ->
                c.offset() == null ? Output.None.NONE : new Output.Offsets(number(memory, 0), null);
            case Call.CopyFileRange c -> offsets(c.inOffset(), c.outOffset(), memory);
            case Call.Splice c ->
                c.count() == 0 ? Output.None.NONE : offsets(c.inOffset(), c.outOffset(), memory);
            case Call.GetCompressionStats _ -> memory.size() == 2
                    ? new Output.Stats(new Sums(number(memory, 0), number(memory, 1)))
                    : Output.None.NONE;
            case Call.Recvmsg _ -> received(memory, (int) result);
            default -> Output.None.NONE;
        };
    }

    private static Output offsets(@Nullable Long in, @Nullable Long out, List<byte[]> memory) {
        if (in == null && out == null) {
            return Output.None.NONE;
        }
        Long newOut = out == null ? null : number(memory, memory.size() - 1);
        return new Output.Offsets(in == null ? null : number(memory, 0), newOut);
    }

    private static Output attributes(ByteBuffer stat) {
        int mode = stat.getInt(24);
        long size = (mode & 0170000) == 0040000 ? 0 : stat.getLong(48);
        return new Output.Attributes(mode, (int) stat.getLong(16), stat.getInt(28), stat.getInt(32), size);
    }

    /** The message's bytes, if there is room for any, then its header, then its control data. */
    private static Output received(List<byte[]> memory, int length) {
        byte[] bytes = memory.size() == 3 ? Arrays.copyOf(memory.getFirst(), length) : new byte[0];
        ByteBuffer header = buffer(memory.get(memory.size() - 2));
        ByteBuffer control = buffer(memory.getLast());
        TreePVector<Integer> descriptors = TreePVector.empty();
        if (header.getLong(40) >= CONTROL_HEADER) {
            int end = (int) control.getLong(0);
            for (int at = CONTROL_HEADER; at + Integer.BYTES <= end; at += Integer.BYTES) {
                descriptors = descriptors.plus(control.getInt(at));
            }
        }
        return new Output.Message(Rope.of(bytes), descriptors);
    }

    private static long number(List<byte[]> memory, int index) {
        return buffer(memory.get(index)).getLong(0);
    }

    private static ByteBuffer buffer(byte... bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteBuffer all = ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(all::put);
        return all.array();
    }

    private static List<Long> call(int number, long... arguments) {
        List<Long> words = new ArrayList<>();
        words.add((long) number);
        for (long argument : arguments) {
            words.add(argument);
        }
        return words;
    }

    private long block(long... words) {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            buffer.putLong(word);
        }
        return request.put(buffer.array());
    }

    private long path(@Nullable String path) {
        if (path == null) {
            return UNMAPPED;
        }
        byte[] bytes = PathBytes.encode(path);
        return request.put(Arrays.copyOf(bytes, bytes.length + 1));
    }

    private long how(Call.Openat2 call) {
        OpenHow how = call.how();
        if (how == null) {
            return UNMAPPED;
        }
        int size = Math.clamp(call.size(), OpenHow.SIZE, 2 * PAGE);
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(how.flags()).putLong(how.mode()).putLong(how.resolve());
        if (!call.zeroTail()) {
            bytes.put(size - 1, (byte) 1);
        }
        return request.put(bytes.array());
    }

    private long offset(@Nullable Long offset) {
        if (offset == null) {
            return 0;
        }
        long address = block(offset);
        stored.add(new Stored(address, Long.BYTES));
        return address;
    }

    private long sum(Call.SumAddress address) {
        return switch (address) {
            case WRITABLE -> untouchedSum();
            case NULL -> 0;
            case UNWRITABLE -> UNMAPPED;
        };
    }

    /** Room for a sum, which a kernel that does not store it leaves with a content that no sum has. */
    private long untouchedSum() {
        long address = stored(Long.BYTES);
        request.fill(address, Long.BYTES, 0xa5);
        return address;
    }

    private long stored(int length) {
        long address = request.zeroed(length);
        stored.add(new Stored(address, length));
        return address;
    }

    private long data(Source source) {
        if (!source.userAddress()) {
            return KERNEL;
        }
        byte[] bytes = source.readable().toByteArray();
        if (bytes.length == 0) {
            return source.length() == 0 ? request.zeroed(Long.BYTES) : UNMAPPED;
        }
        if (!source.faults()) {
            return request.put(bytes);
        }
        long address = beforeGuard(bytes.length);
        request.poke(address, bytes);
        return address;
    }

    private long room(Destination destination) {
        if (!destination.userAddress()) {
            return KERNEL;
        }
        int length = Math.toIntExact(destination.writable());
        if (length == 0) {
            return destination.length() == 0 ? request.zeroed(Long.BYTES) : UNMAPPED;
        }
        if (destination.writable() == destination.length()) {
            return stored(length);
        }
        long address = beforeGuard(length);
        stored.add(new Stored(address, length));
        return address;
    }

    /** Memory that ends where a page begins that can not be accessed. */
    private long beforeGuard(int length) {
        long start = request.reserve(length + 3 * PAGE);
        long guard = (start + length + PAGE - 1) / PAGE * PAGE;
        guards.add(guard);
        return guard - length;
    }

    private long datas(IoVector<Source> vector) {
        return vector(vector.segments().stream().map(source -> List.of(data(source), source.length())).toList());
    }

    private long rooms(IoVector<Destination> vector) {
        return vector(vector.segments().stream().map(room -> List.of(room(room), room.length())).toList());
    }

    /** The struct iovec array, behind which memory ends. */
    private long vector(List<List<Long>> entries) {
        if (entries.isEmpty()) {
            return UNMAPPED;
        }
        long address = beforeGuard(2 * Long.BYTES * entries.size());
        ByteBuffer words = ByteBuffer.allocate(2 * Long.BYTES * entries.size()).order(ByteOrder.LITTLE_ENDIAN);
        entries.forEach(entry -> words.putLong(entry.get(0)).putLong(entry.get(1)));
        request.poke(address, words.array());
        return address;
    }

    private long message(Call.Sendmsg call) {
        long vector = block(data(call.source()), call.source().length());
        int length = CONTROL_HEADER + Integer.BYTES * call.descriptors().size();
        ByteBuffer control = ByteBuffer.allocate((length + 7) / 8 * 8).order(ByteOrder.LITTLE_ENDIAN);
        control.putLong(length).putInt(SOL_SOCKET).putInt(SCM_RIGHTS);
        call.descriptors().forEach(control::putInt);
        return call.descriptors().isEmpty()
                ? block(0, 0, vector, 1, 0, 0, 0)
                : block(0, 0, vector, 1, request.put(control.array()), control.capacity(), 0);
    }

    private long message(Call.Recvmsg call) {
        long vector = block(room(call.destination()), call.destination().length());
        int room = call.room() == 0 ? 0 : (CONTROL_HEADER + Integer.BYTES * call.room() + 7) / 8 * 8;
        long control = request.zeroed(Math.max(room, Long.BYTES));
        long header = block(0, 0, vector, 1, room == 0 ? 0 : control, room, 0);
        stored.add(new Stored(header, 7 * Long.BYTES));
        stored.add(new Stored(control, Math.max(room, Long.BYTES)));
        return header;
    }
}
