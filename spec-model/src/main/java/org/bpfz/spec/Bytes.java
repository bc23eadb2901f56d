package org.bpfz.spec;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An immutable byte string, so that records may hold bytes and still be values. */
public final class Bytes {
    private static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of the given bytes. */
    public static Bytes of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
    }

    /** A copy of the bytes from index {@code from} up to {@code to}, which is left out. */
    public static Bytes of(byte[] bytes, int from, int to) {
        if (from < 0 || to > bytes.length || from > to) {
            throw new IndexOutOfBoundsException("[" + from + ", " + to + ") of " + bytes.length);
        }
        return from == to ? EMPTY : new Bytes(Arrays.copyOfRange(bytes, from, to));
    }

    /** The given number of zero bytes. */
    public static Bytes zero(int length) {
        return length == 0 ? EMPTY : new Bytes(new byte[length]);
    }

    /** The number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** The byte at the index, 0 to {@code length() - 1}. */
    public byte at(int index) {
        return bytes[index];
    }

    /** A fresh array with the bytes. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /** Copies all bytes into the target, from the given index of it on. */
    public void copyTo(byte[] target, int index) {
        System.arraycopy(bytes, 0, target, index, bytes.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The bytes in hexadecimal, cut after the first 32. */
    @Override
    public String toString() {
        String hex = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 32));
        return bytes.length > 32 ? hex + "… (" + bytes.length + " bytes)" : hex;
    }
}
