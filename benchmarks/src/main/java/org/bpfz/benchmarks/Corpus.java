package org.bpfz.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Data to compress, made from a seed so that every machine measures the same bytes.
 *
 * <p>The kinds are told apart by how the kernel's compressor fares on them: runs, no matches at all, words from a small vocabulary, and
 * pages of pointers that share their upper bytes.
 */
public enum Corpus {
    ZEROS {
        @Override
        void fill(byte[] data, Random random) {
            // New arrays are zero.
        }
    },
    RANDOM {
        @Override
        void fill(byte[] data, Random random) {
            random.nextBytes(data);
        }
    },
    TEXT {
        @Override
        void fill(byte[] data, Random random) {
            int at = 0;
            while (at < data.length) {
                byte[] word = WORDS[(int) (WORDS.length * Math.pow(random.nextDouble(), 2))]
                        .getBytes(StandardCharsets.US_ASCII);
                int length = Math.min(word.length, data.length - at);
                System.arraycopy(word, 0, data, at, length);
                at += length;
            }
        }
    },
    POINTERS {
        @Override
        void fill(byte[] data, Random random) {
            for (int at = 0; at + 8 <= data.length; at += 8) {
                long pointer = random.nextInt(4) == 0 ? 0 : 0xffff_8880_0000_0000L | (random.nextInt(1 << 20) << 6);
                for (int i = 0; i < 8; i++) {
                    data[at + i] = (byte) (pointer >>> (8 * i));
                }
            }
        }
    };

    private static final String[] WORDS = ("the of and a to in is verifier program map state register stack value offset size write call "
            + "kernel trace clause helper instruction bound pointer context frame entry exit return error data file open close read "
            + "position sum reset descriptor task link hook decide verify buffer length block match literal distance window hash run ")
            .splitWithDelimiters(" ", 0);

    abstract void fill(byte[] data, Random random);

    /** As many bytes of this kind; the same ones each time. */
    public byte[] bytes(int length) {
        byte[] data = new byte[length];
        fill(data, new Random(length * 31L + ordinal()));
        return data;
    }
}
