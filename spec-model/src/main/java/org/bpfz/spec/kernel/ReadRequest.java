package org.bpfz.spec.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * What one read call asks of an open file, whichever of the five calls it is.
 *
 * @param segments      the buffers
 * @param offset        the position or the offset argument; 0 for a stream
 * @param movesPosition whether the open file's position follows
 * @param vectored      whether it came as an iovec array
 * @param flags         RWF_*
 */
record ReadRequest(List<Destination> segments, long offset, boolean movesPosition, boolean vectored, int flags) {
    /** At the open file's position, which follows. */
    static ReadRequest atPosition(State state, int file, List<Destination> segments, boolean vectored, int flags) {
        boolean stream = FileTraits.of(state, file).isStream();
        long position = stream ? 0 : state.file(file).position();
        return new ReadRequest(segments, position, !stream, vectored, flags);
    }

    /** At an offset of its own. */
    static ReadRequest atOffset(List<Destination> segments, long offset, boolean vectored, int flags) {
        return new ReadRequest(segments, offset, false, vectored, flags);
    }

    /** The bytes asked for. */
    long length() {
        long sum = 0;
        for (Destination segment : segments) {
            sum += segment.length();
        }
        return sum;
    }

    /** The bytes that can be stored before the first fault. */
    long writable() {
        long sum = 0;
        for (Destination segment : segments) {
            sum += segment.writable();
            if (segment.writable() < segment.length()) {
                break;
            }
        }
        return sum;
    }

    /** The same with the first MAX_RW_COUNT bytes. */
    ReadRequest cut() {
        List<Destination> parts = new ArrayList<>();
        long room = Limits.MAX_RW_COUNT;
        for (Destination segment : segments) {
            Destination part = segment.length() <= room ? segment : segment.cut(room);
            room -= Math.max(part.length(), 0);
            parts.add(part);
        }
        return new ReadRequest(parts, offset, movesPosition, vectored, flags);
    }
}
