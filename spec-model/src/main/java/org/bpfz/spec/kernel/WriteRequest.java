package org.bpfz.spec.kernel;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Errno;

/**
 * What one write call asks of an open file, whichever of the five calls it is.
 *
 * @param segments      the buffers
 * @param offset        the position or the offset argument; 0 for a stream
 * @param movesPosition whether the open file's position follows
 * @param vectored      whether it came as an iovec array
 * @param flags         RWF_*
 */
record WriteRequest(List<Source> segments, long offset, boolean movesPosition, boolean vectored, int flags) {
    /** At the open file's position, which follows. */
    static WriteRequest atPosition(State state, int file, List<Source> segments, boolean vectored, int flags) {
        boolean stream = FileTraits.of(state, file).isStream();
        long position = stream ? 0 : state.file(file).position();
        return new WriteRequest(segments, position, !stream, vectored, flags);
    }

    /** At an offset of its own. */
    static WriteRequest atOffset(List<Source> segments, long offset, boolean vectored, int flags) {
        return new WriteRequest(segments, offset, false, vectored, flags);
    }

    /** The same with other segments. */
    WriteRequest withSegments(List<Source> changed) {
        return new WriteRequest(changed, offset, movesPosition, vectored, flags);
    }

    /** What is left of it after so many bytes, its segments aside. */
    WriteRequest after(long done) {
        return new WriteRequest(segments, offset + done, movesPosition, vectored, flags);
    }

    /** The bytes asked for. */
    long length() {
        long sum = 0;
        for (Source segment : segments) {
            sum += segment.length();
        }
        return sum;
    }

    /** The bytes up to the first one that faults. */
    Rope readable() {
        Rope data = Rope.empty();
        for (Source segment : segments) {
            data = data.concat(segment.readable());
            if (segment.faults()) {
                break;
            }
        }
        return data;
    }

    /** What fs/read_write.c, vfs_write refuses about a buffer. */
    void requireBuffer() {
        if (!segments.getFirst().userAddress()) {
            throw new Failure(Errno.EFAULT);
        }
        requireArea();
    }

    /** What lib/iov_iter.c, import_iovec refuses about an iovec array. */
    static void requireVector(IoVector<Source> vector) {
        if (vector.count() < 0 || vector.count() > Limits.IOV_MAX) {
            throw new Failure(Errno.EINVAL);
        }
        for (Source segment : vector.segments()) {
            if (segment.length() < 0) {
                throw new Failure(Errno.EINVAL);
            }
        }
        if (vector.count() > vector.segments().size()) {
            throw new Failure(Errno.EFAULT);
        }
        for (Source segment : vector.segments()) {
            if (!segment.userAddress()) {
                throw new Failure(Errno.EFAULT);
            }
        }
    }

    /** What fs/read_write.c, rw_verify_area refuses about offset and length. */
    void requireArea() {
        long length = length();
        if (length < 0 || offset < 0 || offset + length < 0) {
            throw new Failure(Errno.EINVAL);
        }
    }

    /** What include/linux/fs.h, kiocb_set_rw_flags and fs/read_write.c, do_loop_readv_writev refuse about RWF flags. */
    void requireFlags(FileTraits traits) {
        boolean known = traits.iterates()
                ? (flags & ~Flags.RWF_SUPPORTED) == 0
                : (flags & ~Flags.RWF_HIPRI) == 0;
        if (!known) {
            throw new Failure(Errno.EOPNOTSUPP);
        }
        if ((flags & Flags.RWF_APPEND) != 0 && (flags & Flags.RWF_NOAPPEND) != 0) {
            throw new Failure(Errno.EINVAL);
        }
        if (((flags & Flags.RWF_NOWAIT) != 0 && !traits.nowait()) || (flags & Flags.RWF_ATOMIC) != 0) {
            throw new Failure(Errno.EOPNOTSUPP);
        }
    }

    /** The first MAX_RW_COUNT bytes of it. */
    WriteRequest cut() {
        List<Source> parts = new ArrayList<>();
        long room = Limits.MAX_RW_COUNT;
        for (Source segment : segments) {
            Source part = segment.length() <= room ? segment : segment.cut(room);
            room -= Math.max(part.length(), 0);
            parts.add(part);
        }
        return withSegments(parts);
    }

    /** Whether data goes to the end of the file (IOCB_APPEND: O_APPEND unless RWF_NOAPPEND, or RWF_APPEND). */
    boolean appendsTo(OpenFile file) {
        return (flags & Flags.RWF_APPEND) != 0 || (file.appends() && (flags & Flags.RWF_NOAPPEND) == 0);
    }
}
