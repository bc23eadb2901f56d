package org.bpfz.interpreter.map;

import java.util.Arrays;

/**
 * Which slot of its area an element of a hash gets: the order that all engines share (org.bpfz.spec.map.ElementSlots). A freed slot is the next
 * to be taken, the last one freed first; then come those that were never used, ascending; the last ones are the CPUs' spares.
 */
final class SlotPool {
    private final int[] spares;
    private final int limit;
    private int[] freed = new int[8];
    private int freedCount;
    private int fresh;

    SlotPool(int slots, int spareCount) {
        limit = slots - spareCount;
        spares = new int[spareCount];
        for (int cpu = 0; cpu < spareCount; cpu++) {
            spares[cpu] = limit + cpu;
        }
    }

    /** Takes a slot, or returns -1. */
    int take() {
        if (freedCount > 0) {
            return freed[--freedCount];
        }
        return fresh < limit ? fresh++ : -1;
    }

    void give(int slot) {
        if (freedCount == freed.length) {
            freed = Arrays.copyOf(freed, 2 * freedCount);
        }
        freed[freedCount++] = slot;
    }

    /** Takes the spare of a CPU and leaves {@code old} in its place. */
    int exchange(int cpu, int old) {
        int slot = spares[cpu];
        spares[cpu] = old;
        return slot;
    }
}
