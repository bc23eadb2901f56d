package org.bpfz.verifier.state;

import org.bpfz.spec.btf.Btf;

/** What a pointer carries beyond its offset, by its kind: the union in struct bpf_reg_state. */
public sealed interface Payload {
    /** Nothing. */
    enum None implements Payload {
        NONE
    }

    /**
     * Of a packet pointer: how many bytes behind it are known to be there.
     *
     * @param bytes or {@link #AT_END}, {@link #BEYOND_END}
     */
    record PacketRange(int bytes) implements Payload {
        /** The pointer equals or passes the end (AT_PKT_END). */
        public static final int AT_END = -1;
        /** The pointer lies behind the end (BEYOND_PKT_END). */
        public static final int BEYOND_END = -2;

        /** The payload for a range; 0 is none at all. */
        public static Payload of(int bytes) {
            return bytes == 0 ? None.NONE : new PacketRange(bytes);
        }
    }

    /**
     * Of a map or a pointer into its keys and values.
     *
     * @param uid tells inner maps with timers apart, else 0
     */
    record OfMap(MapObject map, int uid) implements Payload {}

    /** Of a pointer to a typed kernel or program object. */
    record OfBtf(Btf btf, int typeId) implements Payload {}

    /**
     * Of plain memory.
     *
     * @param dynptrId the dynptr that this is a slice of, or 0
     */
    record Region(int size, int dynptrId) implements Payload {}

    /** Of a dynptr; {@code first}: of its first slot. */
    record OfDynptr(DynptrKind kind, boolean first) implements Payload {}

    /** Of an iterator on the stack. */
    record OfIterator(Btf btf, int typeId, IteratorState state, int depth) implements Payload {}

    /** Of a function pointer: the subprogram's index. */
    record OfFunction(int subprogram) implements Payload {}
}
