package org.bpfz.loader;

import java.util.ArrayList;
import java.util.List;

/** What the examples reckon, written from their descriptions and not from their code. */
final class Estimates {
    private static final int LONGEST = 128;
    private static final int SHORTEST_RUN = 3;

    private Estimates() {
    }

    /** The size in the encoding of examples/include/rle.h. */
    static long runLength(byte[] data) {
        long encoded = 0;
        long copied = 0;
        for (int run : runs(data)) {
            if (run >= SHORTEST_RUN) {
                encoded += copied + pieces(copied) + 2;
                copied = 0;
            } else {
                copied += run;
            }
        }
        return encoded + copied + pieces(copied);
    }

    /** The lengths of runs of equal bytes, none longer than the encoding's longest. */
    private static List<Integer> runs(byte[] data) {
        List<Integer> runs = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= data.length; i++) {
            if (i == data.length || data[i] != data[start] || i - start == LONGEST) {
                runs.add(i - start);
                start = i;
            }
        }
        return runs;
    }

    private static long pieces(long copied) {
        return (copied + LONGEST - 1) / LONGEST;
    }

    /** The entropy of the bytes in bytes, unrounded. */
    static double entropy(byte[] data) {
        long[] counts = new long[256];
        for (byte value : data) {
            counts[value & 0xff]++;
        }
        double bits = 0;
        for (long count : counts) {
            if (count > 0) {
                bits += count * Math.log((double) data.length / count) / Math.log(2);
            }
        }
        return bits / 8;
    }

    /** How far entropy.bpf.c says that it may be off, in bytes. */
    static double entropyError(byte[] data) {
        return data.length / 65536.0 / 8 + 1;
    }
}
