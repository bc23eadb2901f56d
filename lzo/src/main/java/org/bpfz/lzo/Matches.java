package org.bpfz.lzo;

import static org.bpfz.lzo.Bytes.LONG;

import java.util.Arrays;

/**
 * Where four bytes were seen before, by a table of 8,192 places with one candidate for each hash, and how far the bytes from there on are
 * equal (lib/lzo/lzo1x_compress.c of Linux 6.12).
 *
 * <p>A place counts from its block's start and begins as 0, so that the first bytes of a block are everybody's first candidate.
 */
final class Matches {
    static final int DICTIONARY_SIZE = 1 << 13;
    private static final int HASH_SHIFT = 32 - 13;
    private static final int HASH_MULTIPLIER = 0x1824429d;

    /** From so many equal bytes on vectors are worth their call. */
    private static final int MANY = 36;

    private Matches() {
    }

    /** Remembers where four bytes are seen, and says where the last ones of their hash were. */
    static int exchange(char[] dictionary, int word, int place) {
        int slot = (word * HASH_MULTIPLIER) >>> HASH_SHIFT;
        int before = dictionary[slot];
        dictionary[slot] = (char) place;
        return before;
    }

    /**
     * How many bytes are equal, four of which are known to be; as the kernel counts by eights, up to the first length of 4 + 8 n that reaches
     * the limit.
     */
    static int length(byte[] src, int ip, int candidate, int limit) {
        long difference = (long) LONG.get(src, ip + 4) ^ (long) LONG.get(src, candidate + 4);
        return difference != 0
                ? 4 + (Long.numberOfTrailingZeros(difference) >> 3)
                : lengthFrom12(src, ip, candidate, limit);
    }

    private static int lengthFrom12(byte[] src, int ip, int candidate, int limit) {
        for (int length = 12; length < MANY; length += 8) {
            if (ip + length >= limit) {
                return length;
            }
            long difference = (long) LONG.get(src, ip + length) ^ (long) LONG.get(src, candidate + length);
            if (difference != 0) {
                return length + (Long.numberOfTrailingZeros(difference) >> 3);
            }
        }
        return lengthFromMany(src, ip, candidate, limit);
    }

    private static int lengthFromMany(byte[] src, int ip, int candidate, int limit) {
        int most = MANY + ((Math.max(0, limit - ip - MANY) + 7) & -8);
        int equal = Arrays.mismatch(src, ip + MANY, ip + most, src, candidate + MANY, candidate + most);
        return equal < 0 ? most : MANY + equal;
    }
}
