package org.bpfz.lzo;

import static org.bpfz.lzo.Bytes.INT;
import static org.bpfz.lzo.LzoFormat.*;

import java.util.Arrays;

/** Compresses a block to LZO-RLE: as LZO1X, but runs of zeros are not searched for, nor do they enter the dictionary. */
final class LzoRleBlock {
    static final int SIZE = 0xbfff;

    private LzoRleBlock() {
    }

    static void compress(byte[] src, int block, int limit, byte[] dst, WorkMemory work) {
        char[] dictionary = work.dictionary;
        Arrays.fill(dictionary, (char) 0);
        int literals = work.literals;
        int op = work.written;
        int countByte = work.countByte;
        int anchor = block;
        int ip = Compressor.firstSearched(block, literals);
        while (ip < limit) {
            int word = (int) INT.get(src, ip);
            if (word == 0) {
                op = Instructions.anyLiterals(src, literals, ip - literals, dst, op, countByte);
                int run = zeroRun(src, ip, limit);
                countByte = op + 1;
                op = Instructions.zeroRun(dst, op, run);
                ip += run;
                literals = ip;
                anchor = ip;
                continue;
            }
            int candidate = block + Matches.exchange(dictionary, word, ip - block);
            if (word != (int) INT.get(src, candidate)) {
                ip += 1 + ((ip - anchor) >> 5);
                continue;
            }
            if (ip != literals) {
                op = Instructions.literals(src, literals, ip - literals, dst, op, countByte);
            }
            int distance = ip - candidate;
            int length = unambiguous(Matches.length(src, ip, candidate, limit), distance);
            op = Instructions.match(dst, op, length, distance);
            countByte = op - 2;
            ip += length;
            literals = ip;
            anchor = ip;
        }
        work.literals = literals;
        work.written = op;
        work.countByte = countByte;
    }

    /** A length whose instruction no reader takes for a run of zeros. */
    private static int unambiguous(int length, int distance) {
        boolean readAsRun = length >= 261 && length <= 264 && distance > MIDDLE_MAX_DISTANCE
                && ((distance - FAR_BASE_DISTANCE) & 0x403f) == 0x403f;
        return readAsRun ? 260 : length;
    }

    private static int zeroRun(byte[] src, int from, int limit) {
        int stop = Math.min(limit, from + MAX_ZERO_RUN);
        int ip = from + MIN_ZERO_RUN;
        while (ip < stop && src[ip] == 0) {
            ip++;
        }
        return ip - from;
    }
}
