package org.bpfz.spec.kernel;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.InodeKind.CharDevice;
import org.bpfz.spec.kernel.InodeKind.Device;
import org.bpfz.spec.kernel.InodeKind.Directory;
import org.bpfz.spec.kernel.InodeKind.Fifo;
import org.bpfz.spec.kernel.InodeKind.Regular;
import org.bpfz.spec.kernel.InodeKind.Socket;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/**
 * sendfile and copy_file_range: data that goes from file to file inside the kernel, neither verified nor counted (clause
 * HOOK-7; fs/read_write.c, do_sendfile and vfs_copy_file_range; fs/splice.c, splice_direct_to_actor).
 */
final class KernelTransfers {
    private KernelTransfers() {
    }

    /** sendfile; without an offset of its own the input's position is used and moves. */
    static Outcomes sendfile(Evaluation call, int outFd, int inFd, @Nullable Long offset, long count) {
        call.restsOn(Clause.HOOK_7);
        int inId = call.file(inFd);
        OpenFile in = call.state.file(inId);
        if (!in.canRead()) {
            return call.fail(Errno.EBADF);
        }
        FileTraits traits = FileTraits.of(call.state, inId);
        if (offset != null && !traits.hasOffsets()) {
            return call.fail(Errno.ESPIPE);
        }
        long position = offset == null ? in.position() : offset;
        TransferChecks.area(position, count);
        int outId = call.file(outFd);
        OpenFile out = call.state.file(outId);
        if (!out.canWrite()) {
            return call.fail(Errno.EBADF);
        }
        long wanted = Math.min(count, Limits.MAX_RW_COUNT);
        if (call.state.inode(out.inode()).kind() instanceof Fifo) {
            Outcomes outcomes = Splices.toPipe(call, inId, position, outId, wanted, out.nonBlocking(),
                    new Call.Sendfile(call.task().pid(), outFd, inFd, offset, count));
            return offset == null ? outcomes : Splices.withoutMovingInput(outcomes, inId, in.position(), position);
        }
        TransferChecks.area(out.position(), wanted);
        if (out.appends() || !traits.hasOffsets() || (wanted > 0 && !isSource(call, in))) {
            return call.fail(Errno.EINVAL);
        }
        Moved moved = copy(call, in, position, outId, out.position(), wanted);
        if (moved.signal() != null) {
            call.raise(moved.signal());
        }
        if (moved.isError()) {
            return Outcomes.one(call.returned(moved.result()));
        }
        call.state = moved.next();
        move(call, outId, moved.position());
        // drivers/char/mem.c, read_iter_zero: a device has no position to move.
        long end = call.state.inode(in.inode()).isRegular() ? position + moved.result() : position;
        if (offset == null) {
            move(call, inId, end);
            return call.ok(moved.result());
        }
        return call.ok(moved.result(), new Output.Offsets(end, null));
    }

    /** Whether data can be spliced out of a file (splice_read). */
    static boolean isSource(Evaluation call, OpenFile file) {
        return switch (call.state.inode(file.inode()).kind()) {
            case Regular _ -> true;
            case CharDevice(Device device) -> device != Device.NULL;
            default -> false;
        };
    }

    /** Whether data can be spliced into a file that is no pipe (splice_write). */
    static boolean isSink(Evaluation call, OpenFile file) {
        return switch (call.state.inode(file.inode()).kind()) {
            case Regular _,Socket _ -> true;
            case CharDevice(Device device) -> device != Device.FULL;
            default -> false;
        };
    }

    /**
     * Reads from one file and writes to the other, both at given positions, through a pipe's worth of pages at a time: a file
     * that is copied to its own end sees what it has just written.
     */
    private static Moved copy(Evaluation call, OpenFile in, long from, int outId, long to, long count) {
        long limit = call.state.limits(call.task()).fsize();
        Moved all = Moved.bytes(call.state, 0, to);
        while (all.result() < count) {
            long at = from + all.result();
            long room = Pages.of(at) * Limits.PAGE_SIZE + (long) Limits.PIPE_BUFFERS * Limits.PAGE_SIZE - at;
            long part = Math.min(count - all.result(), room);
            ReadRequest read = ReadRequest.atOffset(List.of(Destination.of(part)), at, false, 0);
            Rope data = FileOps.read(all.next(), in, read).data();
            if (data.isEmpty()) {
                break;
            }
            if (!isSink(call, all.next().file(outId))) {
                return Moved.failed(call.state, Errno.EINVAL);
            }
            if (in.inode() == all.next().file(outId).inode()) {
                data = ontoItself(data, at, all.position());
            }
            WriteRequest write = WriteRequest.atOffset(List.of(Source.of(data)), all.position(), false, 0);
            Moved moved = FileOps.write(all.next(), all.next().file(outId), write, call.task().credentials(), limit);
            if (moved.isError()) {
                return all.result() > 0 ? all : moved;
            }
            all = Moved.bytes(moved.next(), all.result() + moved.result(), moved.position());
            if (moved.result() < data.length()) {
                break;
            }
        }
        return all;
    }

    /**
     * Data that goes to another place of the file that it comes from. The pipe holds the file's own pages, so that memcpy
     * copies from what it writes to; nothing is said of which of the overlapping bytes it takes first.
     */
    private static Rope ontoItself(Rope data, long from, long to) {
        long start = Math.max(to - from, 0);
        long end = Math.min(data.length(), to - from + data.length());
        return from == to || start >= end ? data : data.overwrite(start, Rope.unknown(end - start));
    }

    private static void move(Evaluation call, int id, long position) {
        call.state = call.state.withFile(id, call.state.file(id).withPosition(position));
    }

    /** copy_file_range; a null offset is the file's position, which moves. */
    static Outcomes copyFileRange(Evaluation call, Call.CopyFileRange c) {
        call.restsOn(Clause.HOOK_7);
        int inId = call.file(c.inFd());
        int outId = call.file(c.outFd());
        OpenFile in = call.state.file(inId);
        OpenFile out = call.state.file(outId);
        long from = c.inOffset() == null ? in.position() : c.inOffset();
        long to = c.outOffset() == null ? out.position() : c.outOffset();
        if (c.flags() != 0) {
            return call.fail(Errno.EINVAL);
        }
        long count = checkedCount(call, in, from, out, to, c.count());
        Moved moved = copy(call, in, from, outId, to, Math.min(count, Limits.MAX_RW_COUNT));
        if (moved.isError()) {
            return Outcomes.one(call.returned(moved.result()));
        }
        call.state = moved.next();
        if (c.inOffset() == null) {
            move(call, inId, from + moved.result());
        }
        if (c.outOffset() == null) {
            move(call, outId, to + moved.result());
        }
        return call.ok(moved.result(), new Output.Offsets(c.inOffset() == null ? null : from + moved.result(),
                c.outOffset() == null ? null : to + moved.result()));
    }

    /** fs/read_write.c, generic_copy_file_checks: how many bytes there are to copy. */
    private static long checkedCount(Evaluation call, OpenFile in, long from, OpenFile out, long to, long asked) {
        Inode source = call.state.inode(in.inode());
        Inode target = call.state.inode(out.inode());
        if (source.kind() instanceof Directory || target.kind() instanceof Directory) {
            throw new Failure(Errno.EISDIR);
        }
        if (!source.isRegular() || !target.isRegular()) {
            throw new Failure(Errno.EINVAL);
        }
        if (!in.canRead() || !out.canWrite() || out.appends()) {
            throw new Failure(Errno.EBADF);
        }
        if (source.fileSystem() != target.fileSystem()) {
            throw new Failure(Errno.EXDEV);
        }
        // The sums are unsigned there, so that they only wrap for a count that is negative here, or a negative offset.
        if (Long.compareUnsigned(from + asked, from) < 0 || Long.compareUnsigned(to + asked, to) < 0) {
            throw new Failure(Errno.EOVERFLOW);
        }
        long available = Math.max(source.size() - from, 0);
        long count = Long.compareUnsigned(asked, available) < 0 ? asked : available;
        long limit = call.state.limits(call.task()).fsize();
        if (count > 0 && limit != Limits.RLIM_INFINITY && to >= limit) {
            call.raise(Signal.SIGXFSZ);
            throw new Failure(Errno.EFBIG);
        }
        if (count > 0 && limit != Limits.RLIM_INFINITY) {
            count = Math.min(count, limit - to);
        }
        if (source.id() == target.id() && to + count > from && to < from + count) {
            throw new Failure(Errno.EINVAL);
        }
        TransferChecks.area(from, count);
        TransferChecks.area(to, count);
        return count;
    }
}
