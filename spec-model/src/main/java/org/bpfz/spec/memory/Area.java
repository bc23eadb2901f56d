package org.bpfz.spec.memory;

import org.jspecify.annotations.Nullable;

/** A stretch of the arena whose blocks belong together: the stack, a map's elements, or a single block. */
public interface Area {

    /** Address of the first byte. */
    long base();

    /** Bytes. */
    long size();

    /** The block around an address of the area, or null where there is none now: a frame that is not active, padding. */
    @Nullable
    Block at(long address);

    /**
     * The byte at an address of the area, whatever it is and whether or not it is in a block now: what reads that never fault see
     * (bpf_probe_read_kernel).
     */
    byte peek(long address);
}
