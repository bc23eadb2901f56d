package org.bpfz.proofs.lzo;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Inputs made of blocks that are alike, or zeros, or like nothing before: what matches are found in. */
public final class BlockInputs implements Supplier<@Nullable String> {
    static final String BOUND = "run on all inputs of up to 7 blocks of 9 bytes of 5 kinds (zeros, two patterns, one byte repeated, fresh "
            + "bytes), with 0 to 2 bytes behind";
    private static final int BLOCKS = 7;
    private static final int SIZE = 9;
    private static final int KINDS = 5;

    private final Guarded codecs = new Guarded();

    @Override
    public @Nullable String get() {
        int[] kinds = new int[BLOCKS];
        for (int blocks = 4; blocks <= BLOCKS; blocks++) {
            int all = (int) Math.pow(KINDS, blocks);
            for (int number = 0; number < all; number++) {
                int rest = number;
                for (int i = 0; i < blocks; i++) {
                    kinds[i] = rest % KINDS;
                    rest /= KINDS;
                }
                // The bytes behind go round, so that each length comes with each way to end.
                String wrong = codecs.roundTrip(input(kinds, blocks, number % 3));
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        return null;
    }

    private static byte[] input(int[] kinds, int blocks, int more) {
        byte[] input = new byte[blocks * SIZE + more];
        for (int i = 0; i < blocks; i++) {
            int at = i * SIZE;
            switch (kinds[i]) {
                case 0 -> {
                    // Zeros.
                }
                case 1 -> pattern(input, at, 0x11, 7);
                case 2 -> pattern(input, at, 0x40, 3);
                case 3 -> Arrays.fill(input, at, at + SIZE, (byte) 0x77);
                default -> pattern(input, at, 0x81 + 29 * i, 41 + 2 * i);
            }
        }
        return input;
    }

    private static void pattern(byte[] input, int at, int first, int step) {
        for (int i = 0; i < SIZE; i++) {
            input[at + i] = (byte) (first + step * i);
        }
    }
}
