package org.bpfz.proofs.lzo;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every input of a few bytes: those are literals. */
public final class ShortInputs implements Supplier<@Nullable String> {
    static final String BOUND = "run on all inputs of up to 2 bytes, all of up to 12 bytes that are 0 or 1, and one of each length up to 300";
    private static final int LONGEST = 300;

    private final Guarded codecs = new Guarded();

    @Override
    public @Nullable String get() {
        String wrong = words(2, 256);
        if (wrong == null) {
            wrong = words(12, 2);
        }
        for (int length = 0; wrong == null && length <= LONGEST; length++) {
            byte[] input = new byte[length];
            for (int i = 0; i < length; i++) {
                input[i] = (byte) (i * i * 7 + i);
            }
            wrong = codecs.roundTrip(input);
        }
        return wrong;
    }

    private @Nullable String words(int longest, int letters) {
        for (int length = 0; length <= longest; length++) {
            byte[] input = new byte[length];
            do {
                String wrong = codecs.roundTrip(input);
                if (wrong != null) {
                    return wrong;
                }
            } while (next(input, letters));
        }
        return null;
    }

    /** Counts the bytes on, the first fastest; false where all were there. */
    private static boolean next(byte[] input, int letters) {
        for (int i = 0; i < input.length; i++) {
            if ((input[i] & 0xff) + 1 < letters) {
                input[i]++;
                return true;
            }
            input[i] = 0;
        }
        return false;
    }
}
