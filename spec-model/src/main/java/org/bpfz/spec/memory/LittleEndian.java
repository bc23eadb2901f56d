package org.bpfz.spec.memory;

/** Numbers in bytes, the lowest byte first: the byte order of the modelled machine. */
public final class LittleEndian {
    private LittleEndian() {
    }

    /** The number of {@code size} bytes (0 to 8) at the offset, zero-extended. */
    public static long get(byte[] bytes, int offset, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | (bytes[offset + i] & 0xff);
        }
        return value;
    }

    /** Puts the low {@code size} bytes (0 to 8) of the number at the offset. */
    public static void put(byte[] bytes, int offset, int size, long value) {
        for (int i = 0; i < size; i++) {
            bytes[offset + i] = (byte) (value >>> (8 * i));
        }
    }

    /** The number's low {@code size} bytes (0 to 8). */
    public static byte[] bytes(long value, int size) {
        byte[] bytes = new byte[size];
        put(bytes, 0, size, value);
        return bytes;
    }
}
