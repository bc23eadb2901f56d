package org.bpfz.lzo;

import static org.bpfz.lzo.LzoFormat.*;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds matches with a table of 8,192 places, one candidate for each hash, and writes the stream (lib/lzo/lzo1x_compress.c of Linux 6.12).
 *
 * <p>The input is taken in blocks of 48 KiB; a place in the table counts from its block's start and begins as 0, so that the first bytes of a
 * block are everybody's first candidate. Literals and the last 20 bytes of a block are carried over into the next.
 *
 * <p>Written for HotSpot: bytes go four or eight at a time, and beyond what is asked for where there is room; long matches are left to
 * {@link Arrays#mismatch(byte[], int, int, byte[], int, int)}, which compares by vectors.
 */
final class Compressor {
    static final int DICTIONARY_SIZE = 1 << 13;
    private static final int HASH_SHIFT = 32 - 13;
    private static final int HASH_MULTIPLIER = 0x1824429d;
    private static final int BLOCK_SIZE = 0xc000;
    private static final int RLE_BLOCK_SIZE = 0xbfff;
    private static final int MARGIN = 20;
    private static final int MIN_WINDOW = 32;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Compressor() {
    }

    static int compress(byte[] src, int start, int length, byte[] dst, int dstStart, WorkMemory work, boolean rle) {
        int end = start + length;
        int op = dstStart;
        if (rle) {
            dst[op++] = VERSION_FOLLOWS;
            dst[op++] = VERSION_RLE;
        }
        int dataStart = op;
        work.literals = start;
        work.written = op;
        int blockSize = rle ? RLE_BLOCK_SIZE : BLOCK_SIZE;
        for (int block = start; end - block > MARGIN && end - work.literals >= MIN_WINDOW; block += blockSize) {
            compressBlock(src, block, block + Math.min(blockSize, end - block), dst, work, rle);
        }
        op = work.written;
        int literals = work.literals;
        int count = end - literals;
        if (op == dataStart && count > 0 && count <= MAX_FIRST_LITERALS) {
            dst[op++] = (byte) (FIRST_LITERALS + count);
            System.arraycopy(src, literals, dst, op, count);
            op += count;
        } else {
            op = anyLiterals(src, literals, count, dst, op, work.countByte);
        }
        dst[op++] = END_OF_STREAM;
        dst[op++] = 0;
        dst[op++] = 0;
        return op - dstStart;
    }

    private static void compressBlock(byte[] src, int block, int end, byte[] dst, WorkMemory work, boolean rle) {
        char[] dictionary = work.dictionary;
        Arrays.fill(dictionary, (char) 0);
        int limit = end - MARGIN;
        int literals = work.literals;
        int op = work.written;
        int countByte = work.countByte;
        int anchor = block;
        int ip = block + Math.max(0, 4 - (block - literals)) + 1;
        all : while (true) {
            int candidate;
            while (true) {
                if (ip >= limit) {
                    break all;
                }
                int word = (int) INT.get(src, ip);
                if (rle && word == 0) {
                    candidate = -1;
                    break;
                }
                int slot = (word * HASH_MULTIPLIER) >>> HASH_SHIFT & (dictionary.length - 1);
                candidate = dictionary[slot];
                dictionary[slot] = (char) (ip - block);
                candidate += block;
                if (word == (int) INT.get(src, candidate)) {
                    break;
                }
                ip += 1 + ((ip - anchor) >> 5);
            }
            if (rle && candidate < 0) {
                op = anyLiterals(src, literals, ip - literals, dst, op, countByte);
                int run = zeroRun(src, ip, limit);
                ip += run;
                run -= MIN_ZERO_RUN;
                INT.set(dst, op, ZERO_RUN | (run & 7) | (0xfffc << 8) | ((run >> 3) << 24));
                countByte = op + 1;
                op += 4;
                literals = ip;
                anchor = ip;
                continue;
            }
            if (ip != literals) {
                op = literals(src, literals, ip - literals, dst, op, countByte);
            }
            int length = matchLength(src, ip, candidate, limit);
            int distance = ip - candidate;
            if (rle && length >= 261 && length <= 264 && distance > MIDDLE_MAX_DISTANCE
                    && ((distance - FAR_BASE_DISTANCE) & 0x403f) == 0x403f) {
                length = 260;
            }
            op = match(dst, op, length, distance);
            countByte = op - 2;
            ip += length;
            literals = ip;
            anchor = ip;
        }
        work.literals = literals;
        work.written = op;
        work.countByte = countByte;
    }

    private static int zeroRun(byte[] src, int from, int limit) {
        int stop = Math.min(limit, from + MAX_ZERO_RUN);
        int ip = from + MIN_ZERO_RUN;
        while (ip < stop && src[ip] == 0) {
            ip++;
        }
        return ip - from;
    }

    /**
     * How many bytes are equal, four of which are known to be; as the kernel counts by eights, up to the first length of 4 + 8 n that reaches
     * the limit.
     */
    private static int matchLength(byte[] src, int ip, int candidate, int limit) {
        long difference = (long) LONG.get(src, ip + 4) ^ (long) LONG.get(src, candidate + 4);
        if (difference != 0) {
            return 4 + (Long.numberOfTrailingZeros(difference) >> 3);
        }
        if (ip + 12 >= limit) {
            return 12;
        }
        difference = (long) LONG.get(src, ip + 12) ^ (long) LONG.get(src, candidate + 12);
        return difference != 0
                ? 12 + (Long.numberOfTrailingZeros(difference) >> 3)
                : longMatchLength(src, ip, candidate, limit);
    }

    /** The same where 20 bytes are equal. */
    private static int longMatchLength(byte[] src, int ip, int candidate, int limit) {
        int most = 20 + ((Math.max(0, limit - ip - 20) + 7) & -8);
        int equal = Arrays.mismatch(src, ip + 20, ip + most, src, candidate + 20, candidate + most);
        return equal < 0 ? most : 20 + equal;
    }

    /**
     * Writes literals that are followed by a match: up to 16 of them with whatever stands behind them in the input, which the match
     * overwrites.
     */
    private static int literals(byte[] src, int from, int count, byte[] dst, int op, int countByte) {
        if (count <= MAX_COUNTED_LITERALS) {
            dst[countByte] |= (byte) count;
            INT.set(dst, op, (int) INT.get(src, from));
            return op + count;
        }
        if (count > 16) {
            return anyLiterals(src, from, count, dst, op, countByte);
        }
        dst[op] = (byte) (count - 3);
        LONG.set(dst, op + 1, (long) LONG.get(src, from));
        LONG.set(dst, op + 9, (long) LONG.get(src, from + 8));
        return op + 1 + count;
    }

    /** Writes any number of literals, and not a byte more. */
    private static int anyLiterals(byte[] src, int from, int count, byte[] dst, int start, int countByte) {
        int op = start;
        if (count == 0) {
            return op;
        }
        if (count <= MAX_COUNTED_LITERALS) {
            dst[countByte] |= (byte) count;
        } else if (count <= MAX_SHORT_LITERALS) {
            dst[op++] = (byte) (count - 3);
        } else {
            dst[op++] = 0;
            op = continuedLength(dst, op, count - MAX_SHORT_LITERALS);
        }
        System.arraycopy(src, from, dst, op, count);
        return op + count;
    }

    private static int continuedLength(byte[] dst, int start, int rest) {
        int zeros = (rest - 1) / 255;
        Arrays.fill(dst, start, start + zeros, (byte) 0);
        dst[start + zeros] = (byte) (rest - 255 * zeros);
        return start + zeros + 1;
    }

    private static int match(byte[] dst, int op, int length, int distance) {
        if (length <= NEAR_MAX_LENGTH && distance <= NEAR_MAX_DISTANCE) {
            int field = distance - 1;
            SHORT.set(dst, op, (short) ((length - 1) << 5 | (field & 7) << 2 | field >> 3 << 8));
            return op + 2;
        }
        if (distance <= MIDDLE_MAX_DISTANCE) {
            return longer(dst, op, MARK_MIDDLE, length, MIDDLE_MAX_LENGTH, distance - 1);
        }
        int field = distance - FAR_BASE_DISTANCE;
        return longer(dst, op, MARK_FAR | ((field >> 11) & 8), length, FAR_MAX_LENGTH, field);
    }

    /** An instruction whose length may be continued. */
    private static int longer(byte[] dst, int start, int mark, int length, int longest, int field) {
        int op = start + 1;
        if (length <= longest) {
            dst[start] = (byte) (mark | (length - 2));
        } else {
            dst[start] = (byte) mark;
            op = continuedLength(dst, op, length - longest);
        }
        SHORT.set(dst, op, (short) (((field << 2) & 0xff) | (field >> 6 << 8)));
        return op + 2;
    }
}
