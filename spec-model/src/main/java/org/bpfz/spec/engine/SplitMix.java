package org.bpfz.spec.engine;

import java.util.function.IntSupplier;

/** Repeatable random numbers (Steele, Lea and Flood's SplitMix64, upper half), so that several engines see the same ones. */
final class SplitMix implements IntSupplier {
    private long state;

    SplitMix(long seed) {
        state = seed;
    }

    @Override
    public int getAsInt() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return (int) ((z ^ z >>> 31) >>> 32);
    }
}
