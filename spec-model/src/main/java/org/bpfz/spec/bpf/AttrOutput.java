package org.bpfz.spec.bpf;

import org.bpfz.spec.memory.LittleEndian;

/** The attributes as user space sees them: where commands that answer in them write. */
final class AttrOutput {
    private final byte[] attr;

    AttrOutput(byte[] attr) {
        this.attr = attr;
    }

    /** Whether the caller's attributes reach that far. */
    boolean has(int end) {
        return attr.length >= end;
    }

    /** Writes four bytes at an offset, where the caller has them. */
    void putInt(int offset, int value) {
        if (has(offset + Integer.BYTES)) {
            LittleEndian.put(attr, offset, Integer.BYTES, value);
        }
    }
}
