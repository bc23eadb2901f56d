package org.bpfz.proofs.lzo;

import java.util.Arrays;
import java.util.HexFormat;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.LzoRle;
import org.bpfz.lzo.MalformedInputException;
import org.bpfz.lzo.WorkMemory;
import org.jspecify.annotations.Nullable;

/** Runs both codecs between bytes that must stay as they are. */
final class Guarded {
    private static final int GUARD = 32;
    private static final byte MARK = 0x5a;

    private final WorkMemory work = new WorkMemory();
    private final byte[] room = new byte[1024];
    private final byte[] back = new byte[1024];

    Guarded() {
        Arrays.fill(room, MARK);
        Arrays.fill(back, MARK);
    }

    /** Compresses and decompresses; what went wrong, or null. */
    @Nullable
    String roundTrip(byte[] input) {
        for (boolean rle : new boolean[]{false, true}) {
            String wrong = roundTrip(input, rle);
            if (wrong != null) {
                return (rle ? "LZO-RLE" : "LZO1X") + " of " + HexFormat.of().formatHex(input) + ": " + wrong;
            }
        }
        return null;
    }

    private @Nullable String roundTrip(byte[] input, boolean rle) {
        int bound = rle ? LzoRle.maxCompressedLength(input.length) : Lzo1x.maxCompressedLength(input.length);
        try {
            int length = rle
                    ? LzoRle.compress(input, 0, input.length, room, GUARD, work)
                    : Lzo1x.compress(input, 0, input.length, room, GUARD, work);
            if (length > bound) {
                return length + " bytes, more than " + bound;
            }
            if (!isGuarded(room, bound)) {
                return "writes outside of its " + bound + " bytes";
            }
            int restored = rle
                    ? LzoRle.decompress(room, GUARD, length, back, GUARD, input.length)
                    : Lzo1x.decompress(room, GUARD, length, back, GUARD, input.length);
            boolean same = Arrays.equals(input, 0, input.length, back, GUARD, GUARD + restored);
            if (!same || !isGuarded(back, input.length)) {
                return same ? "the decompressor writes outside of its room" : "is not restored";
            }
            return null;
        } catch (MalformedInputException | RuntimeException e) {
            return e.toString();
        } finally {
            Arrays.fill(room, GUARD, GUARD + bound, MARK);
            Arrays.fill(back, GUARD, GUARD + input.length, MARK);
        }
    }

    /** Decompresses any stream into so much room; what went wrong, or null. */
    @Nullable
    String decompress(byte[] stream, int length, int capacity, boolean rle) {
        try {
            int restored = rle
                    ? LzoRle.decompress(stream, 0, length, back, GUARD, capacity)
                    : Lzo1x.decompress(stream, 0, length, back, GUARD, capacity);
            if (restored < 0 || restored > capacity) {
                return "yields " + restored + " bytes in room for " + capacity;
            }
        } catch (MalformedInputException _) {
            // It is refused, which is as good.
        } catch (RuntimeException e) {
            return e.toString();
        }
        boolean guarded = isGuarded(back, capacity);
        Arrays.fill(back, GUARD, GUARD + capacity, MARK);
        return guarded ? null : "writes outside of its " + capacity + " bytes";
    }

    private static boolean isGuarded(byte[] bytes, int length) {
        for (int i = 0; i < GUARD; i++) {
            if (bytes[i] != MARK || bytes[GUARD + length + i] != MARK) {
                return false;
            }
        }
        return true;
    }
}
