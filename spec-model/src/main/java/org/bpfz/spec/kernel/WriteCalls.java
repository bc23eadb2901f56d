package org.bpfz.spec.kernel;

import java.util.List;
import org.bpfz.spec.Errno;

/** write and pwrite64, writev, pwritev and pwritev2, up to the point where they are one (fs/read_write.c). */
final class WriteCalls {
    private WriteCalls() {
    }

    static Outcomes write(Evaluation call, int fd, Source source) {
        int id = call.file(fd);
        return VerifiedWrite.single(call, id, WriteRequest.atPosition(call.state, id, List.of(source), false, 0));
    }

    static Outcomes pwrite64(Evaluation call, int fd, Source source, long offset) {
        if (offset < 0) {
            return call.fail(Errno.EINVAL);
        }
        int id = call.file(fd);
        if (!FileTraits.of(call.state, id).hasOffsets()) {
            return call.fail(Errno.ESPIPE);
        }
        return VerifiedWrite.single(call, id, WriteRequest.atOffset(List.of(source), offset, false, 0));
    }

    static Outcomes writev(Evaluation call, int fd, IoVector<Source> vector, int flags) {
        int id = call.file(fd);
        return VerifiedWrite.vectored(call, id, WriteRequest.atPosition(call.state, id, List.of(), true, flags),
                vector);
    }

    static Outcomes pwritev(Evaluation call, int fd, IoVector<Source> vector, long offset, int flags) {
        if (offset < 0) {
            return call.fail(Errno.EINVAL);
        }
        int id = call.file(fd);
        if (!FileTraits.of(call.state, id).hasOffsets()) {
            return call.fail(Errno.ESPIPE);
        }
        return VerifiedWrite.vectored(call, id, WriteRequest.atOffset(List.of(), offset, true, flags), vector);
    }

    /** pwritev2: offset -1 means the position. */
    static Outcomes pwritev2(Evaluation call, int fd, IoVector<Source> vector, long offset, int flags) {
        return offset == -1 ? writev(call, fd, vector, flags) : pwritev(call, fd, vector, offset, flags);
    }
}
