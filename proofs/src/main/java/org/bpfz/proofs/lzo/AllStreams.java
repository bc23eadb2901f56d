package org.bpfz.proofs.lzo;

import java.util.HexFormat;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every short stream, well-formed or not, into rooms of several sizes. */
public final class AllStreams implements Supplier<@Nullable String> {
    static final String BOUND = "run on all streams of up to 2 bytes, all of up to 4 bytes of the 14 that begin and end the forms of "
            + "instructions, and all of up to 6 of 6 of these, into room for 0, 3 and 40 bytes";
    private static final int[] ALL = java.util.stream.IntStream.range(0, 256).toArray();
    /** The ends of the ranges of the first byte (LzoFormat), zeros that continue a length, and the parts of a run of zeros. */
    private static final int[] ENDS = {0, 1, 3, 0x10, 0x11, 0x12, 0x18, 0x1f, 0x20, 0x3f, 0x40, 0x7e, 0xfc, 0xff};
    private static final int[] FEW = {0, 0x11, 0x12, 0x20, 0x40, 0xff};
    private static final int[] ROOMS = {0, 3, 40};

    private final Guarded codecs = new Guarded();

    @Override
    public @Nullable String get() {
        String wrong = words(2, ALL);
        wrong = wrong == null ? words(4, ENDS) : wrong;
        return wrong == null ? words(6, FEW) : wrong;
    }

    private @Nullable String words(int longest, int[] letters) {
        for (int length = 0; length <= longest; length++) {
            int[] word = new int[length];
            byte[] stream = new byte[length];
            do {
                for (int i = 0; i < length; i++) {
                    stream[i] = (byte) letters[word[i]];
                }
                String wrong = tried(stream);
                if (wrong != null) {
                    return wrong;
                }
            } while (next(word, letters.length));
        }
        return null;
    }

    private @Nullable String tried(byte[] stream) {
        for (int room : ROOMS) {
            for (boolean rle : new boolean[]{false, true}) {
                String wrong = codecs.decompress(stream, stream.length, room, rle);
                if (wrong != null) {
                    return (rle ? "LZO-RLE" : "LZO1X") + " stream " + HexFormat.of().formatHex(stream) + ": " + wrong;
                }
            }
        }
        return null;
    }

    private static boolean next(int[] word, int letters) {
        for (int i = 0; i < word.length; i++) {
            if (word[i] + 1 < letters) {
                word[i]++;
                return true;
            }
            word[i] = 0;
        }
        return false;
    }
}
