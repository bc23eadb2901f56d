package org.bpfz.spec.kernel;

import java.util.List;
import org.bpfz.spec.Errno;

/** read, pread64, readv, preadv and preadv2 (fs/read_write.c, vfs_read and vfs_readv). */
final class ReadCalls {
    private final Evaluation call;
    private final Call original;
    private final int id;

    private ReadCalls(Evaluation call, Call original, int id) {
        this.call = call;
        this.original = original;
        this.id = id;
    }

    static Outcomes read(Evaluation call, Call.Read c) {
        int id = call.file(c.fd());
        return single(call, c, id, ReadRequest.atPosition(call.state, id, List.of(c.destination()), false, 0));
    }

    static Outcomes pread64(Evaluation call, Call.Pread64 c) {
        int id = fileWithOffsets(call, c.fd(), c.offset());
        return single(call, c, id, ReadRequest.atOffset(List.of(c.destination()), c.offset(), false, 0));
    }

    static Outcomes readv(Evaluation call, Call original, int fd, IoVector<Destination> vector, int flags) {
        int id = call.file(fd);
        return vectored(call, original, id,
                ReadRequest.atPosition(call.state, id, vector.segments(), true, flags), vector);
    }

    static Outcomes preadv(Evaluation call, Call original, int fd, IoVector<Destination> vector, long offset,
            int flags) {
        int id = fileWithOffsets(call, fd, offset);
        return vectored(call, original, id, ReadRequest.atOffset(vector.segments(), offset, true, flags), vector);
    }

    /** preadv2: offset -1 means the position. */
    static Outcomes preadv2(Evaluation call, Call.Preadv2 c) {
        return c.offset() == -1
                ? readv(call, c, c.fd(), c.vector(), c.flags())
                : preadv(call, c, c.fd(), c.vector(), c.offset(), c.flags());
    }

    /** The open file of a call with an offset of its own. */
    static int fileWithOffsets(Evaluation call, int fd, long offset) {
        if (offset < 0) {
            throw new Failure(Errno.EINVAL);
        }
        int id = call.file(fd);
        if (!FileTraits.of(call.state, id).hasOffsets()) {
            throw new Failure(Errno.ESPIPE);
        }
        return id;
    }

    private static Outcomes single(Evaluation call, Call original, int id, ReadRequest request) {
        ReadCalls read = new ReadCalls(call, original, id);
        read.requireReadable();
        if (!request.segments().getFirst().inUserSpace()) {
            throw new Failure(Errno.EFAULT);
        }
        TransferChecks.area(request.offset(), request.length());
        return read.run(request.cut());
    }

    private static Outcomes vectored(Evaluation call, Call original, int id, ReadRequest request,
            IoVector<Destination> vector) {
        ReadCalls read = new ReadCalls(call, original, id);
        read.requireReadable();
        TransferChecks.vector(vector, Destination::length, Destination::userAddress,
                Destination::inUserSpace);
        ReadRequest cut = request.cut();
        if (cut.length() == 0) {
            return call.ok(0, new Output.Data(Rope.empty()));
        }
        TransferChecks.area(cut.offset(), cut.length());
        FileTraits traits = FileTraits.of(call.state, id);
        TransferChecks.flags(cut.flags(), traits, traits.readIter());
        return read.run(cut);
    }

    private void requireReadable() {
        if (!call.state.file(id).canRead()) {
            throw new Failure(Errno.EBADF);
        }
    }

    private Outcomes run(ReadRequest request) {
        OpenFile file = call.state.file(id);
        Taken taken = FileOps.read(call.state, file, request);
        call.state = taken.next();
        if (taken.errno() != null) {
            return call.fail(taken.errno());
        }
        if (taken.waits()) {
            boolean mayWait = !file.nonBlocking() && (request.flags() & Flags.RWF_NOWAIT) == 0;
            return mayWait ? Outcomes.one(call.blocked(original)) : call.fail(Errno.EAGAIN);
        }
        if (request.movesPosition()) {
            call.state = call.state.withFile(id, file.withPosition(taken.position()));
        }
        return call.ok(taken.data().length(), new Output.Data(taken.data()));
    }
}
