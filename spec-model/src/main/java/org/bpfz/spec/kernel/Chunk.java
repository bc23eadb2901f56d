package org.bpfz.spec.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where the bytes of a rope's leaf come from; chunks never change, so leaves of many ropes may show windows of one. */
sealed interface Chunk {
    /** Whether the bytes can be had. */
    boolean isKnown();

    /** Stores {@code length} bytes from chunk offset {@code from} at {@code target[at...]}. */
    void read(long from, byte[] target, int at, int length);

    /** Whether, without looking at bytes, a window here at one offset equals any window of the other at another offset. */
    boolean surelyEqual(long offset, Chunk other, long otherOffset);

    /** Bytes in memory. */
    @SuppressWarnings("ArrayRecordComponent") // equal only if it is the same array; never handed out
    record Bytes(byte[] array) implements Chunk {
        @Override
        public boolean isKnown() {
            return true;
        }

        @Override
        public void read(long from, byte[] target, int at, int length) {
            System.arraycopy(array, (int) from, target, at, length);
        }

        @Override
        public boolean surelyEqual(long offset, Chunk other, long otherOffset) {
            return offset == otherOffset && equals(other);
        }
    }

    /** One byte repeated without end: holes, /dev/zero. */
    record Fill(byte value) implements Chunk {
        static final Fill ZERO = new Fill((byte) 0);

        @Override
        public boolean isKnown() {
            return true;
        }

        @Override
        public void read(long from, byte[] target, int at, int length) {
            Arrays.fill(target, at, at + length, value);
        }

        @Override
        public boolean surelyEqual(long offset, Chunk other, long otherOffset) {
            return equals(other);
        }
    }

    /** Bytes of which only the number is known, without end. */
    enum Unknown implements Chunk {
        INSTANCE;

        @Override
        public boolean isKnown() {
            return false;
        }

        @Override
        public void read(long from, byte[] target, int at, int length) {
            throw new Rope.UnknownContentException();
        }

        @Override
        public boolean surelyEqual(long offset, Chunk other, long otherOffset) {
            return other == INSTANCE;
        }
    }

    /** Bytes that a loader fetches, of which the hash may be known beforehand. */
    record Stored(long length, @Nullable String sha256, Rope.Loader loader) implements Chunk {
        @Override
        public boolean isKnown() {
            return true;
        }

        @Override
        public void read(long from, byte[] target, int at, int length) {
            try {
                loader.load(from, target, at, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean surelyEqual(long offset, Chunk other, long otherOffset) {
            return offset == otherOffset && other instanceof Stored that
                    && (loader.equals(that.loader) || (sha256 != null && sha256.equals(that.sha256)));
        }
    }
}
