package org.bpfz.spec.memory;

/** What a region of memory belongs to, and so what may be done with it. */
public enum RegionKind {
    /** The 512 bytes of one frame. */
    STACK,
    /** The context. */
    CONTEXT,
    /** The memory of a raw run: R1 is its address, R2 its length. */
    RAW_MEMORY,
    /** The packet with its headroom. */
    PACKET,
    /** The key of one map element. */
    MAP_KEY,
    /** The value of one map element, on one CPU. */
    MAP_VALUE,
    /** A record reserved in a ring buffer. */
    RINGBUF_RECORD,
    /** The data of the write under verification: has an address, is never loaded from. */
    WRITTEN_DATA,
    /** A map itself: passed to helpers, never loaded from. */
    MAP_HANDLE,
    /** A function of the program: passed to helpers, never loaded from. */
    FUNCTION,
    /** The current task: passed to helpers, never loaded from. */
    TASK;

    /** Whether it has an address only: no program may load or store there. */
    public boolean isOpaque() {
        return switch (this) {
            case WRITTEN_DATA, MAP_HANDLE, FUNCTION, TASK -> true;
            case STACK, CONTEXT, RAW_MEMORY, PACKET, MAP_KEY, MAP_VALUE, RINGBUF_RECORD -> false;
        };
    }
}
