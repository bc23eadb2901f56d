package org.bpfz.spec.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The least BTF that lets a program take the address of its functions: an int, a prototype that returns one, and static functions of that
 * prototype (Documentation/bpf/btf.rst).
 */
public final class FunctionBtf {
    /** The type id of the first function; the others follow. */
    public static final int FIRST_FUNCTION = 3;

    private static final byte[] STRINGS = "\0int\0function\0".getBytes(StandardCharsets.US_ASCII);
    private static final int INT_NAME = 1;
    private static final int FUNCTION_NAME = 5;
    private static final int HEADER = 24;
    private static final int TYPE = 12;

    private FunctionBtf() {
    }

    /** The bytes of such a BTF, in the order of this machine. */
    public static byte[] of(int functions) {
        int types = (TYPE + Integer.BYTES) + TYPE + functions * TYPE;
        ByteBuffer btf = ByteBuffer.allocate(HEADER + types + STRINGS.length).order(ByteOrder.nativeOrder());
        btf.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(HEADER);
        btf.putInt(0).putInt(types).putInt(types).putInt(STRINGS.length);
        // 1: INT of 4 bytes, signed, 32 bits; 2: FUNC_PROTO without parameters that returns it; then FUNCs of that, static.
        btf.putInt(INT_NAME).putInt(1 << 24).putInt(4).putInt(1 << 24 | 32);
        btf.putInt(0).putInt(13 << 24).putInt(1);
        for (int i = 0; i < functions; i++) {
            btf.putInt(FUNCTION_NAME).putInt(12 << 24).putInt(2);
        }
        return btf.put(STRINGS).array();
    }
}
