package org.bpfz.spec.kernel;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Immutable bytes that share structure, so that a write of 16 MiB costs the model a reference and a trace checker can hold
 * many states of one file.
 *
 * <p>A rope is a balanced tree of windows on chunks: bytes in memory, one repeated byte (a hole, /dev/zero), bytes that a
 * {@link Loader} fetches when they are looked at, or bytes of which only the number is known (discarded, or never recorded).
 * Cutting and joining cost O(log of the number of windows).
 *
 * <p>Equality is by content: same length, and at each position the same byte, or unknown on both sides.
 */
public final class Rope {
    /** Fetches the bytes of a chunk when they are looked at. */
    @FunctionalInterface
    public interface Loader {
        /** Stores {@code length} bytes from chunk offset {@code from} at {@code target[at...]}: all of them, or it throws. */
        void load(long from, byte[] target, int at, int length) throws IOException;
    }

    /** Someone looked at bytes that the model does not have. */
    public static final class UnknownContentException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        UnknownContentException() {
            super("the content was discarded or never recorded");
        }
    }

    private static final Rope EMPTY = new Rope(null);
    private static final int BLOCK = 1 << 16;

    private final @Nullable RopeNode root;

    private Rope(@Nullable RopeNode root) {
        this.root = root;
    }

    /** No bytes. */
    public static Rope empty() {
        return EMPTY;
    }

    /** A copy of the array. */
    public static Rope of(byte... bytes) {
        return wrap(bytes.clone());
    }

    /** The array itself, which nobody may change from here on. */
    public static Rope wrap(byte[] bytes) {
        return leaf(new Chunk.Bytes(bytes), bytes.length);
    }

    /** One byte, {@code length} times. */
    public static Rope fill(byte value, long length) {
        return leaf(value == 0 ? Chunk.Fill.ZERO : new Chunk.Fill(value), length);
    }

    /** A hole: zero bytes. */
    public static Rope zeros(long length) {
        return leaf(Chunk.Fill.ZERO, length);
    }

    /** Bytes of which only the number is known. */
    public static Rope unknown(long length) {
        return leaf(Chunk.Unknown.INSTANCE, length);
    }

    /**
     * Bytes that stay where they are until they are looked at.
     *
     * @param sha256 the hash of all of them in lower-case hex if it is known already: chunks with one hash are equal without
     *               being loaded
     */
    public static Rope lazy(long length, @Nullable String sha256, Loader loader) {
        return leaf(new Chunk.Stored(length, sha256, loader), length);
    }

    private static Rope leaf(Chunk chunk, long length) {
        if (length < 0) {
            throw new IllegalArgumentException("negative length " + length);
        }
        return length == 0 ? EMPTY : new Rope(new RopeNode.Leaf(chunk, 0, length));
    }

    /** The number of bytes. */
    public long length() {
        return root == null ? 0 : root.length();
    }

    /** Whether there are no bytes. */
    public boolean isEmpty() {
        return root == null;
    }

    /** Whether every byte can be had. */
    public boolean isKnown() {
        return root == null || root.isKnown();
    }

    /** The bytes from {@code from} (inclusive) to {@code to} (exclusive). */
    public Rope slice(long from, long to) {
        if (from < 0 || from > to || to > length()) {
            throw new IndexOutOfBoundsException("bytes " + from + " to " + to + " of " + length());
        }
        if (root == null || from == to) {
            return EMPTY;
        }
        return from == 0 && to == length() ? this : new Rope(root.slice(from, to));
    }

    /** The first {@code length} bytes. */
    public Rope prefix(long length) {
        return slice(0, length);
    }

    /** These bytes followed by the others. */
    public Rope concat(Rope other) {
        if (root == null) {
            return other;
        }
        return other.root == null ? this : new Rope(RopeNode.join(root, other.root));
    }

    /** These bytes with {@code data} over them at {@code offset}; a gap before the offset reads as zeros. */
    public Rope overwrite(long offset, Rope data) {
        if (data.isEmpty()) {
            return this;
        }
        long end = Math.addExact(offset, data.length());
        Rope written = resize(offset).concat(data);
        return end < length() ? written.concat(slice(end, length())) : written;
    }

    /** These bytes cut to a length, or filled up with zeros. */
    public Rope resize(long length) {
        return length <= length() ? slice(0, length) : concat(zeros(length - length()));
    }

    /** Copies {@code length} bytes from position {@code from} to {@code target[at...]}. */
    public void copyTo(long from, byte[] target, int at, int length) {
        if (from < 0 || length < 0 || from > length() - length) {
            throw new IndexOutOfBoundsException(length + " bytes at " + from + " of " + length());
        }
        if (root == null || length == 0) {
            return;
        }
        int[] next = {at};
        root.visit(from, from + length, (chunk, offset, count) -> {
            chunk.read(offset, target, next[0], (int) count);
            next[0] += (int) count;
            return true;
        });
    }

    /** The byte at a position. */
    public byte byteAt(long position) {
        byte[] one = new byte[1];
        copyTo(position, one, 0, 1);
        return one[0];
    }

    /** All bytes; there must be no more than an array holds. */
    public byte[] toByteArray() {
        byte[] bytes = new byte[Math.toIntExact(length())];
        copyTo(0, bytes, 0, bytes.length);
        return bytes;
    }

    /** All bytes in an array that nobody may change: the very one that was {@linkplain #wrap wrapped}, where that is all there is. */
    public byte[] shared() {
        return root instanceof RopeNode.Leaf(Chunk.Bytes(byte[] array), long offset, long length) && offset == 0
                && length == array.length ? array : toByteArray();
    }

    /** The SHA-256 of the bytes in lower-case hex. */
    public String sha256() {
        if (root instanceof RopeNode.Leaf(Chunk.Stored(long whole, String known, _), _, long length) && known != null
                && whole == length) {
            return known;
        }
        MessageDigest digest = newSha256();
        byte[] block = new byte[(int) Math.min(length(), BLOCK)];
        for (long at = 0; at < length(); at += block.length) {
            int count = (int) Math.min(block.length, length() - at);
            copyTo(at, block, 0, count);
            digest.update(block, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Rope that) || length() != that.length()) {
            return false;
        }
        return root == null || that.root == null || sameBytes(root, that.root, false);
    }

    /** Whether the two have one length and the same byte wherever both are known. */
    public boolean agreesWith(Rope other) {
        return length() == other.length() && (root == null || other.root == null || sameBytes(root, other.root, true));
    }

    @SuppressWarnings("ReferenceEquality") // one tree needs no look at its bytes
    private static boolean sameBytes(RopeNode mine, RopeNode theirs, boolean unknownAgrees) {
        if (mine == theirs) {
            return true;
        }
        // Ropes that came of one by the same changes are alike but for a path: only that is looked at.
        if (mine instanceof RopeNode.Branch one && theirs instanceof RopeNode.Branch other
                && one.left().length() == other.left().length()) {
            return sameBytes(one.left(), other.left(), unknownAgrees)
                    && sameBytes(one.right(), other.right(), unknownAgrees);
        }
        long[] at = {0};
        return mine.visit(0, mine.length(), (chunk, offset, count) -> {
            long start = at[0];
            at[0] += count;
            long[] seen = {0};
            return theirs.visit(start, start + count, (other, otherOffset, otherCount) -> {
                long from = offset + seen[0];
                seen[0] += otherCount;
                boolean known = chunk.isKnown() && other.isKnown();
                return known
                        ? sameWindow(chunk, from, other, otherOffset, otherCount)
                        : unknownAgrees || chunk.isKnown() == other.isKnown();
            });
        });
    }

    private static boolean sameWindow(Chunk mine, long from, Chunk theirs, long theirFrom, long count) {
        if (mine.surelyEqual(from, theirs, theirFrom)) {
            return true;
        }
        byte[] a = new byte[(int) Math.min(count, BLOCK)];
        byte[] b = new byte[a.length];
        for (long done = 0; done < count; done += a.length) {
            int step = (int) Math.min(a.length, count - done);
            mine.read(from + done, a, 0, step);
            theirs.read(theirFrom + done, b, 0, step);
            if (!Arrays.equals(a, 0, step, b, 0, step)) {
                return false;
            }
        }
        return true;
    }

    /** Of the length alone: ropes are compared often and are rarely equal in length without being equal. */
    @Override
    public int hashCode() {
        return Long.hashCode(length());
    }

    /** Short known ropes in hex, others by their length. */
    @Override
    public String toString() {
        return length() <= 64 && isKnown()
                ? "Rope[" + HexFormat.of().formatHex(toByteArray()) + "]"
                : "Rope[" + length() + " bytes]";
    }
}
