package org.bpfz.oracle.qemu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The argument of bpf(2), union bpf_attr (include/uapi/linux/bpf.h), under construction: fields are named by their byte offset. */
final class BpfAttributes {
    private static final int BYTES = 152;
    private static final int NAME_LENGTH = 15;

    private final ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);

    BpfAttributes number(int offset, int value) {
        buffer.putInt(offset, value);
        return this;
    }

    BpfAttributes address(int offset, long value) {
        buffer.putLong(offset, value);
        return this;
    }

    /** A name of at most 15 bytes (BPF_OBJ_NAME_LEN); a longer one is cut, other characters than the kernel takes become underscores. */
    BpfAttributes name(int offset, String value) {
        String usable = value.replaceAll("[^A-Za-z0-9_.]", "_");
        byte[] bytes = usable.substring(0, Math.min(usable.length(), NAME_LENGTH)).getBytes(StandardCharsets.US_ASCII);
        buffer.put(offset, bytes);
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
