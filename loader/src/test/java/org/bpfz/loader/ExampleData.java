package org.bpfz.loader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Data of all the sorts that make a difference to the examples: sizes around their chunks and pieces, alphabets, runs. */
final class ExampleData {
    private ExampleData() {
    }

    /** Data of up to some thousand bytes each. */
    static List<byte[]> all() {
        List<byte[]> all = new ArrayList<>();
        Random random = new Random(256);
        for (int size : new int[]{1, 2, 3, 127, 128, 129, 130, 131, 255, 256, 257, 258, 512, 513, 1024, 2000, 4095}) {
            for (int alphabet : new int[]{1, 2, 3, 16, 256}) {
                all.add(letters(random, size, alphabet));
            }
            all.add(runs(random, size));
            all.add(filled(size, (byte) 0xff));
        }
        return all;
    }

    static byte[] letters(Random random, int size, int alphabet) {
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++) {
            data[i] = (byte) random.nextInt(alphabet);
        }
        return data;
    }

    static byte[] runs(Random random, int size) {
        byte[] data = new byte[size];
        int filled = 0;
        while (filled < size) {
            int end = Math.min(size, filled + 1 + random.nextInt(random.nextBoolean() ? 4 : 300));
            Arrays.fill(data, filled, end, (byte) random.nextInt(3));
            filled = end;
        }
        return data;
    }

    private static byte[] filled(int size, byte value) {
        byte[] data = new byte[size];
        Arrays.fill(data, value);
        return data;
    }
}
