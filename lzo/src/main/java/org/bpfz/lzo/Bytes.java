package org.bpfz.lzo;

import static java.util.Objects.checkIndex;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Four and eight bytes of an array at once, the first one lowest. */
final class Bytes {
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Bytes() {
    }

    /**
     * Fails for an array of less than eight bytes. Every access asks that first; where this has asked before them all, C2 leaves each with one
     * comparison of its index.
     */
    static void requireLong(byte[] array) {
        checkIndex(0, array.length - (Long.BYTES - 1));
        checkIndex(0, array.length - (Integer.BYTES - 1));
    }
}
