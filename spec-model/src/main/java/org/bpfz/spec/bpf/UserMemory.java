package org.bpfz.spec.bpf;

import org.jspecify.annotations.Nullable;

/** The memory of the process that calls bpf(2): what its pointers point to. */
public interface UserMemory {
    /** A fresh buffer with these bytes in it, or one byte of no meaning for none; returns its address. */
    long put(byte... bytes);

    /** The bytes at an address, or null where some of them are not there (EFAULT). */
    byte @Nullable [] read(long address, long length);

    /** Overwrites the bytes at an address: false, and nothing is known of them, where some of them are not there (EFAULT). */
    boolean write(long address, byte[] bytes);

    /** Lets go of all buffers. */
    void clear();
}
