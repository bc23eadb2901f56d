package org.bpfz.verifier.access;

/** Memory that a helper only writes need not be initialised; that it may be written is checked when all arguments are known. */
public interface RawMemory {
    /** Whether the argument at hand is such memory. */
    boolean isRaw();

    /** Keeps the register and size for later. */
    void defer(int register, int size);
}
