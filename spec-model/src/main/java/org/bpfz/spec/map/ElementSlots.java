package org.bpfz.spec.map;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which slot of its area a new element of a hash gets. The kernel's choice hangs on CPUs and allocators; this is the one that all engines
 * share, so that addresses of values compare.
 *
 * <p>A slot that was freed is the next to be taken, the last one freed first, as with the kernel's per-CPU free lists
 * (kernel/bpf/percpu_freelist.c) and its allocator's caches (kernel/bpf/memalloc.c); slots that were never used follow in ascending order. So
 * a program that keeps a pointer to a deleted element sees its old value until the next insertion.
 *
 * <p>A preallocated hash replaces an element by the spare one of the current CPU and keeps the old one as the new spare
 * (alloc_htab_elem in kernel/bpf/hashtab.c). The spares are the area's last slots, one a CPU.
 */
final class ElementSlots {
    private final int limit;
    private final int[] spares;
    private final Deque<Integer> freed = new ArrayDeque<>();
    private int fresh;

    /**
     * @param slots  how many the area has
     * @param spares how many of them, at the end, are spare ones: one a CPU, or none
     */
    ElementSlots(int slots, int spares) {
        limit = slots - spares;
        this.spares = new int[spares];
        for (int cpu = 0; cpu < spares; cpu++) {
            this.spares[cpu] = limit + cpu;
        }
    }

    /** Takes a slot, or returns -1 where none is free. */
    int take() {
        if (!freed.isEmpty()) {
            return freed.pop();
        }
        return fresh < limit ? fresh++ : -1;
    }

    /** Frees a slot. */
    void give(int slot) {
        freed.push(slot);
    }

    /** Takes the spare slot of a CPU for the successor of the element in {@code old}, which becomes the spare. */
    int exchange(int cpu, int old) {
        int slot = spares[cpu];
        spares[cpu] = old;
        return slot;
    }
}
