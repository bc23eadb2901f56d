package org.bpfz.spec.kernel;

import org.bpfz.spec.program.Clause;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Errno;

/**
 * The heart of the assignment: a write of a file that may be under verification (clauses HOOK-2 to HOOK-5, WR-1 to WR-5).
 *
 * <p>Since states are values, the unpatched write is tried first, as something that may or may not come to pass
 * ({@link Moved}); the reading then says what verify sees of it, whether it stands, and what is counted.
 */
final class VerifiedWrite {
    private final Evaluation call;
    private final int id;
    private final OpenFile file;
    private final State before;

    private VerifiedWrite(Evaluation call, int id) {
        this.call = call;
        this.id = id;
        this.file = call.state.file(id);
        this.before = call.state;
    }

    /** write and pwrite64 (fs/read_write.c, vfs_write). */
    static Outcomes single(Evaluation call, int id, WriteRequest request) {
        VerifiedWrite write = new VerifiedWrite(call, id);
        try {
            write.requireWritable();
            if (!request.segments().getFirst().inUserSpace()) {
                throw new Failure(Errno.EFAULT);
            }
            TransferChecks.area(request.offset(), request.length());
        } catch (Failure failure) {
            throw write.failOrRefuse(failure, request);
        }
        return write.run(request.cut());
    }

    /** writev, pwritev and pwritev2 (fs/read_write.c, vfs_writev). */
    static Outcomes vectored(Evaluation call, int id, WriteRequest request, IoVector<Source> vector) {
        VerifiedWrite write = new VerifiedWrite(call, id);
        WriteRequest cut = request.withSegments(vector.segments()).cut();
        try {
            write.requireWritable();
            TransferChecks.vector(vector, Source::length, Source::userAddress, Source::inUserSpace);
            if (cut.length() > 0) {
                TransferChecks.area(cut.offset(), cut.length());
                FileTraits traits = FileTraits.of(write.before, id);
                TransferChecks.flags(cut.flags(), traits, traits.writeIter());
            }
        } catch (Failure failure) {
            throw write.failOrRefuse(failure, cut);
        }
        return write.run(cut);
    }

    private void requireWritable() {
        if (!file.canWrite()) {
            throw new Failure(Errno.EBADF);
        }
    }

    /** The error of wrong arguments, unless verify is asked before anyone looks at them and refuses. */
    private Failure failOrRefuse(Failure failure, WriteRequest request) {
        if (!file.verified() || before.attachments().verify().isEmpty()
                || call.choose(Variant.RefusalOrder.class) != Variant.RefusalOrder.VERIFY_FIRST) {
            return failure;
        }
        boolean refused = CompressionHooks.verify(call, id, request, 0,
                Math.max(request.length(), 0), request.readable()).refuses();
        return refused ? new Failure(Errno.EINVAL) : failure;
    }

    private Outcomes run(WriteRequest request) {
        if (!file.verified()) {
            return settle(attempt(before, request), VerifyAnswer.NOT_COUNTED, request);
        }
        if (request.length() == 0) {
            return ofNothing(request);
        }
        List<Source> seen = request.segments().stream().filter(segment -> segment.length() > 0).toList();
        if (request.readable().length() < request.length()) {
            switch (call.choose(Variant.FaultingData.class)) {
                case READABLE_PART -> seen = readableParts(seen);
                case WHOLE_WRITE_FAILS -> {
                    return call.fail(Errno.EFAULT);
                }
                case UNREADABLE_DATA -> {
                    // verify sees the segments as they are
                }
            }
            if (seen.isEmpty()) {
                return settle(attempt(before, request), VerifyAnswer.NOT_COUNTED, request);
            }
        }
        return ofData(request, seen);
    }

    /** The unpatched write. */
    private Moved attempt(State state, WriteRequest request) {
        // vfs_writev returns before the file is asked when there is nothing to write, vfs_write asks it.
        if (request.vectored() && request.length() == 0) {
            return Moved.bytes(state, 0, request.offset());
        }
        long limit = state.limits(call.task()).fsize();
        Credentials who = call.task().credentials();
        Moved moved = FileOps.write(state, state.file(id), request, who, limit);
        boolean mayRunOut = request.length() > 0 && !moved.isError() && mayRunOut(state);
        return mayRunOut
                ? call.spaceFor(moved,
                        bytes -> FileOps.write(state, state.file(id), request.limitedTo(bytes), who, limit))
                : moved;
    }

    private boolean mayRunOut(State state) {
        Inode inode = state.inode(file.inode());
        return inode.isRegular() && state.fileSystem(inode).mayRunOut();
    }

    /** A write of nothing (clause WR-3). */
    private Outcomes ofNothing(WriteRequest request) {
        Moved moved = attempt(before, request);
        Variant.ZeroLength reading = call.choose(Variant.ZeroLength.class);
        boolean asks = switch (reading) {
            case VERIFIED, VERIFIED_NOT_COUNTED -> true;
            case SINGLE_BUFFER_ONLY -> !request.vectored();
            case NOT_VERIFIED -> false;
        };
        if (!asks) {
            return settle(moved, VerifyAnswer.NOT_COUNTED, request);
        }
        VerifyAnswer answer = CompressionHooks.verify(call, id, request, 0, 0, Rope.empty());
        if (!answer.refuses() && reading == Variant.ZeroLength.VERIFIED_NOT_COUNTED) {
            answer = VerifyAnswer.NOT_COUNTED;
        }
        return settle(moved, answer, request);
    }

    /** A write of something, of which verify sees the given segments (clause WR-4). */
    private Outcomes ofData(WriteRequest request, List<Source> seen) {
        Moved moved = attempt(before, request);
        if (moved.isError() && call.choose(Variant.RefusalOrder.class) == Variant.RefusalOrder.OWN_FAILURE_FIRST) {
            return settle(moved, VerifyAnswer.NOT_COUNTED, request);
        }
        if (seen.size() < 2) {
            return settle(moved, together(request, seen, moved), request);
        }
        return switch (call.choose(Variant.Vectored.class)) {
            case CONCATENATED -> settle(moved, together(request, seen, moved), request);
            case EACH_SEGMENT_FIRST -> settle(moved, oneByOne(request, seen), request);
            case EACH_SEGMENT_COUNTED -> inTurn(request, seen, moved, true);
            case EACH_SEGMENT_UNCOUNTED -> inTurn(request, seen, moved, false);
        };
    }

    /** One verification over all segments. */
    private VerifyAnswer together(WriteRequest request, List<Source> seen, Moved moved) {
        WriteRequest visible = request.withSegments(seen);
        long size = visible.length();
        Rope data = visible.readable();
        boolean partial = !moved.isError() && !moved.waits() && moved.result() < size;
        if (partial && call.choose(Variant.VerifiedPart.class) == Variant.VerifiedPart.WRITTEN) {
            size = moved.result();
            data = data.prefix(Math.min(data.length(), size));
        }
        return CompressionHooks.verify(call, id, request, 0, size, data);
    }

    /** A verification for each segment; the first refusal stands. */
    private VerifyAnswer oneByOne(WriteRequest request, List<Source> seen) {
        VerifyAnswer sum = VerifyAnswer.NOT_COUNTED;
        long done = 0;
        for (Source segment : seen) {
            VerifyAnswer answer = CompressionHooks.verify(call, id, request, done, segment.length(),
                    segment.readable());
            if (answer.refuses()) {
                return answer;
            }
            sum = sum.and(answer);
            done += segment.length();
        }
        return sum;
    }

    /** Segment after segment, each verified and written before the next. Only a regular file can be written piecemeal. */
    private Outcomes inTurn(WriteRequest request, List<Source> seen, Moved whole, boolean countOnRefusal) {
        if (!before.inode(file.inode()).isRegular() || whole.isError()) {
            return settle(whole, oneByOne(request, seen), request);
        }
        Moved done = Moved.bytes(before, 0, request.offset());
        Sums sums = Sums.ZERO;
        for (Source segment : seen) {
            WriteRequest part = request.after(done.result()).withSegments(List.of(segment));
            VerifyAnswer answer = CompressionHooks.verify(call, id, part, 0, segment.length(), segment.readable());
            Moved moved = attempt(done.next(), part);
            if (answer.refuses()) {
                call.state = nothingWritten() ? done.next() : moved.next();
                return refuse(moved.position(), countOnRefusal ? sums : Sums.ZERO, request);
            }
            if (moved.isError()) {
                break;
            }
            sums = answer.count(sums, moved.result());
            done = Moved.bytes(moved.next(), done.result() + moved.result(), moved.position());
            call.state = done.next();
            if (moved.result() < segment.length()) {
                break;
            }
        }
        return finish(done.result(), done.position(), sums, request);
    }

    /** The write comes to pass, or verify aborts it (clauses HOOK-3 and WR-1). */
    private Outcomes settle(Moved moved, VerifyAnswer answer, WriteRequest request) {
        if (answer.refuses() && nothingWritten()) {
            return call.fail(Errno.EINVAL);
        }
        if (moved.signal() != null) {
            call.raise(moved.signal());
        }
        call.state = moved.next();
        if (moved.isError()) {
            return Outcomes.one(call.returned(moved.result()));
        }
        if (moved.waits()) {
            return ResumedWrites.block(call, id, request.readable(), request.length(), moved.result(), answer);
        }
        if (answer.refuses()) {
            return refuse(moved.position(), Sums.ZERO, request);
        }
        return finish(moved.result(), moved.position(), answer.count(Sums.ZERO, moved.result()), request);
    }

    private boolean nothingWritten() {
        call.restsOn(Clause.HOOK_3);
        return call.choose(Variant.AbortedWrite.class) == Variant.AbortedWrite.NOTHING_WRITTEN;
    }

    /** EINVAL after something has been written. */
    private Outcomes refuse(long position, Sums counted, WriteRequest request) {
        if (request.movesPosition()
                && call.choose(Variant.AbortedWrite.class) == Variant.AbortedWrite.DATA_WRITTEN_AND_POSITION_MOVED) {
            movePosition(position);
        }
        CompressionHooks.count(call, id, counted);
        return call.fail(Errno.EINVAL);
    }

    private Outcomes finish(long result, long position, Sums counted, WriteRequest request) {
        if (request.movesPosition()) {
            movePosition(position);
        }
        CompressionHooks.count(call, id, counted);
        return call.ok(result);
    }

    private void movePosition(long position) {
        call.state = call.state.withFile(id, call.state.file(id).withPosition(position));
    }

    private static List<Source> readableParts(List<Source> segments) {
        List<Source> readable = new ArrayList<>();
        for (Source segment : segments) {
            if (!segment.readable().isEmpty()) {
                readable.add(Source.of(segment.readable()));
            }
            if (segment.faults()) {
                break;
            }
        }
        return readable;
    }
}
