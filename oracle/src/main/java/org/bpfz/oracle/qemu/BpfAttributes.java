package org.bpfz.oracle.qemu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The argument of bpf(2), union bpf_attr (include/uapi/linux/bpf.h), under construction: fields are named by their byte offset. */
final class BpfAttributes {
    private static final int BYTES = 152;

    private final ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);

    BpfAttributes number(int offset, int value) {
        buffer.putInt(offset, value);
        return this;
    }

    BpfAttributes address(int offset, long value) {
        buffer.putLong(offset, value);
        return this;
    }

    /** Lays the structure out and returns where it is. */
    long putInto(Request request) {
        return request.put(buffer.array());
    }

    static int size() {
        return BYTES;
    }
}
