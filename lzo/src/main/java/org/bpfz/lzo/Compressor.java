package org.bpfz.lzo;

import static org.bpfz.lzo.LzoFormat.*;

/**
 * Cuts the input into blocks and ends the stream (lib/lzo/lzo1x_compress.c of Linux 6.12, lzogeneric1x_1_compress).
 *
 * <p>Each block starts with an empty dictionary. Literals and the last 20 bytes of a block are carried over into the next.
 */
final class Compressor {
    private static final int MARGIN = 20;
    private static final int MIN_WINDOW = 32;

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
        int blockSize = rle ? LzoRleBlock.SIZE : Lzo1xBlock.SIZE;
        for (int block = start; end - block > MARGIN && end - work.literals >= MIN_WINDOW; block += blockSize) {
            int limit = block + Math.min(blockSize, end - block) - MARGIN;
            if (rle) {
                LzoRleBlock.compress(src, block, limit, dst, work);
            } else {
                Lzo1xBlock.compress(src, block, limit, dst, work);
            }
        }
        op = work.written;
        int literals = work.literals;
        int count = end - literals;
        if (op == dataStart && count > 0 && count <= MAX_FIRST_LITERALS) {
            dst[op++] = (byte) (FIRST_LITERALS + count);
            System.arraycopy(src, literals, dst, op, count);
            op += count;
        } else {
            op = Instructions.anyLiterals(src, literals, count, dst, op, work.countByte);
        }
        dst[op++] = END_OF_STREAM;
        dst[op++] = 0;
        dst[op++] = 0;
        return op - dstStart;
    }

    /** The first place of a block that is searched: at least four literals from the first that is not written yet, and past the start. */
    static int firstSearched(int block, int literals) {
        return block + Math.max(0, 4 - (block - literals)) + 1;
    }
}
