package org.bpfz.oracle.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** Choices of one program: all of them come from here, so that seed and index are all that a program depends on. */
final class Dice {
    private static final int[] EDGES = {0, 1, -1, 2, 7, 8, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000,
        0xffff, 0x10000,
        Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1, -2, -8, -128, -129, -32768, 0x7ffffffe};

    private final SplittableRandom random;

    Dice(long seed, long index) {
        random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L ^ index * 0xd1b54a32d192ed03L);
    }

    /** 0 to bound - 1. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** From and to, both included. */
    int between(int from, int to) {
        return random.nextInt(from, to + 1);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    @SafeVarargs
    final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** A 32-bit immediate: an edge, a small one, a power of two or near it, anything. */
    int immediate() {
        return switch (below(5)) {
            case 0 -> of(boxedEdges());
            case 1 -> between(-20, 20);
            case 2 -> (1 << below(32)) + between(-1, 1);
            case 3 -> below(1 << 16);
            default -> random.nextInt();
        };
    }

    private static List<Integer> boxedEdges() {
        return java.util.Arrays.stream(EDGES).boxed().toList();
    }

    long anyLong() {
        return switch (below(4)) {
            case 0 -> immediate();
            case 1 -> (1L << below(64)) + between(-1, 1);
            case 2 -> Integer.toUnsignedLong(immediate());
            default -> random.nextLong();
        };
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
