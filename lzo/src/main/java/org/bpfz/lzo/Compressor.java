package org.bpfz.lzo;

import static org.bpfz.lzo.LzoFormat.*;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** First version. */
final class Compressor {
    static final int DICTIONARY_SIZE = 1 << 13;
    private static final int HASH_SHIFT = 32 - 13;
    private static final int HASH_MULTIPLIER = 0x1824429d;
    private static final int BLOCK_SIZE = 0xc000;
    private static final int RLE_BLOCK_SIZE = 0xbfff;
    private static final int MARGIN = 20;
    private static final int MIN_WINDOW = 32;

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
            op = literals(src, literals, count, dst, op, work.countByte);
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
        while (ip < limit) {
            int word = (int) INT.get(src, ip);
            if (rle && word == 0) {
                op = literals(src, literals, ip - literals, dst, op, countByte);
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
            int slot = (word * HASH_MULTIPLIER) >>> HASH_SHIFT;
            int candidate = block + dictionary[slot];
            dictionary[slot] = (char) (ip - block);
            if (word != (int) INT.get(src, candidate)) {
                ip += 1 + ((ip - anchor) >> 5);
                continue;
            }
            op = literals(src, literals, ip - literals, dst, op, countByte);
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

    private static int matchLength(byte[] src, int ip, int candidate, int limit) {
        int length = 4;
        do {
            long difference = (long) LONG.get(src, ip + length) ^ (long) LONG.get(src, candidate + length);
            if (difference != 0) {
                return length + (Long.numberOfTrailingZeros(difference) >> 3);
            }
            length += 8;
        } while (ip + length < limit);
        return length;
    }

    private static int literals(byte[] src, int from, int count, byte[] dst, int op, int countByte) {
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

    private static int continuedLength(byte[] dst, int op, int rest) {
        while (rest > 255) {
            dst[op++] = 0;
            rest -= 255;
        }
        dst[op++] = (byte) rest;
        return op;
    }

    private static int match(byte[] dst, int op, int length, int distance) {
        if (length <= NEAR_MAX_LENGTH && distance <= NEAR_MAX_DISTANCE) {
            dst[op++] = (byte) (((length - 1) << 5) | (((distance - 1) & 7) << 2));
            dst[op++] = (byte) ((distance - 1) >> 3);
            return op;
        }
        int field;
        if (distance <= MIDDLE_MAX_DISTANCE) {
            field = distance - 1;
            if (length <= MIDDLE_MAX_LENGTH) {
                dst[op++] = (byte) (MARK_MIDDLE | (length - 2));
            } else {
                dst[op++] = MARK_MIDDLE;
                op = continuedLength(dst, op, length - MIDDLE_MAX_LENGTH);
            }
        } else {
            field = distance - FAR_BASE_DISTANCE;
            int mark = MARK_FAR | ((field >> 11) & 8);
            if (length <= FAR_MAX_LENGTH) {
                dst[op++] = (byte) (mark | (length - 2));
            } else {
                dst[op++] = (byte) mark;
                op = continuedLength(dst, op, length - FAR_MAX_LENGTH);
            }
        }
        dst[op++] = (byte) (field << 2);
        dst[op++] = (byte) (field >> 6);
        return op;
    }
}
