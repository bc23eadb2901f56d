package org.bpfz.spec.kernel;

import java.util.ArrayList;
import java.util.List;

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

    /** What one call may move at most: the first MAX_RW_COUNT bytes. */
    WriteRequest cut() {
        return limitedTo(Limits.MAX_RW_COUNT);
    }

    /** The same with no more than so many bytes. */
    WriteRequest limitedTo(long count) {
        List<Source> parts = new ArrayList<>();
        long room = count;
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
