package org.bpfz.oracle.calls;

import java.util.List;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.IoVector;
import org.bpfz.spec.kernel.OpenHow;
import org.bpfz.spec.kernel.Source;
import org.jspecify.annotations.Nullable;

/** An argument of a modelled call in the form in which it is written down, as text or in a trace. */
public sealed interface Shown {

    /** {@code 4096}. */
    record Decimal(long value) implements Shown {}

    /** {@code 0644}. */
    record Octal(long value) implements Shown {}

    /** {@code O_WRONLY|O_CREAT}. */
    record Symbol(SymbolTable table, long value) implements Shown {}

    /** A descriptor that a path starts at: {@code AT_FDCWD} or a number. */
    record Folder(int fd) implements Shown {}

    /** {@code "/data/a"}; null for an address that can not be read. */
    record PathName(@Nullable String path) implements Shown {}

    /** Bytes that the call reads. */
    record Data(Source source) implements Shown {}

    /** Several buffers that the call reads. */
    record DataVector(IoVector<Source> vector) implements Shown {}

    /** Memory that the call stores bytes into: shown as what it stored. */
    record Room(Destination destination) implements Shown {}

    /** Several buffers that the call stores bytes into. */
    record RoomVector(IoVector<Destination> vector) implements Shown {}

    /**
     * An address at which the call stores something else than bytes: shown as what it stored.
     *
     * @param index which of several such things the call stores, from 0
     */
    record Stored(Address address, int index) implements Shown {}

    /**
     * An offset in memory, which the call moves on.
     *
     * @param index which of the call's two, from 0
     */
    record Offset(long offset, int index) implements Shown {}

    /** Descriptors that travel with a message. */
    record Rights(List<Integer> descriptors) implements Shown {
        public Rights {
            descriptors = List.copyOf(descriptors);
        }
    }

    /** openat2's argument; null for an address that can not be read. */
    record How(@Nullable OpenHow how) implements Shown {}

    /** What an address is good for. */
    enum Address {
        USABLE, NULL, FAULT
    }
}
