package org.bpfz.lzo;

import static org.bpfz.lzo.Bytes.INT;
import static org.bpfz.lzo.Bytes.LONG;

import java.util.Arrays;

/**
 * Compresses a block to LZO1X.
 *
 * <p>Written for HotSpot's C2, to which the order of things here matters more than their number. What is live across the search is kept
 * small, and what is rare stays in methods of its own that are called from the loop: it lets C2 keep what it has no register for on the stack,
 * where a processor finds it at once, and not in vector registers, which costs cycles between a match and the next search.
 */
final class Lzo1xBlock {
    static final int SIZE = 0xc000;

    /** After so many bytes without a match the search goes on in steps that are a byte longer. */
    private static final int STEP_GROWTH_BITS = 5;

    private static final int AT_ONCE = 3;

    private Lzo1xBlock() {
    }

    @SuppressWarnings("LabelledBreakTarget") // three ways to a match in one place, where a method would return two numbers
    static void compress(byte[] src, int block, int limit, byte[] dst, WorkMemory work) {
        Bytes.requireLong(src);
        Bytes.requireLong(dst);
        char[] dictionary = work.dictionary;
        Arrays.fill(dictionary, (char) 0);
        int literals = work.literals;
        int op = work.written;
        int ip = Compressor.firstSearched(block, literals);
        while (true) {
            int candidate;
            search : {
                // While steps are of one byte, eight bytes are three places to look at.
                while (ip < limit - (AT_ONCE - 1)) {
                    long words = (long) LONG.get(src, ip);
                    int first = (int) words;
                    candidate = block + Matches.exchange(dictionary, first, ip - block);
                    if (first == (int) INT.get(src, candidate)) {
                        break search;
                    }
                    int second = (int) (words >>> 8);
                    candidate = block + Matches.exchange(dictionary, second, ip - block + 1);
                    if (second == (int) INT.get(src, candidate)) {
                        ip++;
                        break search;
                    }
                    int third = (int) (words >>> 16);
                    candidate = block + Matches.exchange(dictionary, third, ip - block + 2);
                    if (third == (int) INT.get(src, candidate)) {
                        ip += 2;
                        break search;
                    }
                    ip += AT_ONCE;
                    if (ip - literals > (1 << STEP_GROWTH_BITS) - AT_ONCE) {
                        break;
                    }
                }
                int anchor = Math.max(literals, block);
                while (ip < limit) {
                    int word = (int) INT.get(src, ip);
                    candidate = block + Matches.exchange(dictionary, word, ip - block);
                    if (word == (int) INT.get(src, candidate)) {
                        break search;
                    }
                    ip += 1 + ((ip - anchor) >> STEP_GROWTH_BITS);
                }
                break;
            }
            if (ip != literals) {
                op = Instructions.literals(src, literals, ip - literals, dst, op, op - 2);
            }
            int length = Matches.length(src, ip, candidate, limit);
            op = Instructions.match(dst, op, length, ip - candidate);
            ip += length;
            literals = ip;
        }
        work.literals = literals;
        work.written = op;
        work.countByte = op - 2;
    }
}
