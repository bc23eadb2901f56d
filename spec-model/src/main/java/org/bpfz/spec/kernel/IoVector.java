package org.bpfz.spec.kernel;

import java.util.List;

/**
 * The {@code struct iovec} array of a vectored call.
 *
 * @param segments the entries that can be read, in order
 * @param count    the count that the caller gave, as the signed value of the register; entries beyond {@code segments} fault
 * @param <S>      {@link Source} or {@link Destination}
 */
public record IoVector<S>(List<S> segments, long count) {
    public IoVector {
        segments = List.copyOf(segments);
    }

    /** Entries that can all be read. */
    public static <S> IoVector<S> of(List<S> segments) {
        return new IoVector<>(segments, segments.size());
    }

    /** An array that cannot be read at all. */
    public static <S> IoVector<S> unmapped(long count) {
        return new IoVector<>(List.of(), count);
    }
}
