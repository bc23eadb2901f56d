package org.bpfz.verifier.search;

import java.util.Arrays;
import org.bpfz.verifier.state.Lineage;

/**
 * How paths went, so far as the order of the instructions does not tell (struct bpf_insn_hist_entry): one growing array, of which each
 * state owns a stretch. Since the search is depth first, a state that is taken up again overwrites what paths after it had noted.
 */
final class History {
    /** The instruction used the stack through a pointer: which slot of which frame is in the same number. */
    static final int STACK_ACCESS = 1 << 9;
    /** A comparison's left side is a stack pointer. */
    static final int LEFT_IS_STACK = 1 << 10;
    /** A comparison's right side is a stack pointer. */
    static final int RIGHT_IS_STACK = 1 << 11;

    private static final int NONE = -1;

    private int[] slots = new int[256];
    private int[] previous = new int[256];
    private int[] flags = new int[256];
    private LinkedRegisters[] links = new LinkedRegisters[256];
    private int current = NONE;

    /** The flags for a use of a stack slot. */
    static int stackAccess(int frame, int stackSlot) {
        return STACK_ACCESS | stackSlot << 3 | frame;
    }

    static int stackSlotOf(int flags) {
        return flags >> 3 & 0x3f;
    }

    static int frameOf(int flags) {
        return flags & 0x7;
    }

    /** The next instruction begins: it has no entry yet. */
    void beginInstruction() {
        current = NONE;
    }

    /** Notes the instruction, or more of it where it was noted already (push_insn_history). */
    void note(Lineage lineage, int slot, int previousSlot, int newFlags, LinkedRegisters linked) {
        if (current != NONE) {
            flags[current] |= newFlags;
            links[current] = linked;
            return;
        }
        int entry = lineage.historyEnd();
        if (entry == slots.length) {
            int length = entry * 2;
            slots = Arrays.copyOf(slots, length);
            previous = Arrays.copyOf(previous, length);
            flags = Arrays.copyOf(flags, length);
            links = Arrays.copyOf(links, length);
        }
        slots[entry] = slot;
        previous[entry] = previousSlot;
        flags[entry] = newFlags;
        links[entry] = linked;
        lineage.setHistoryEnd(entry + 1);
        current = entry;
    }

    /** The entry of an instruction if it is the last one before an end, or -1. */
    int entryOf(int start, int end, int slot) {
        return end > start && slots[end - 1] == slot ? end - 1 : NONE;
    }

    int slotAt(int entry) {
        return slots[entry];
    }

    int previousAt(int entry) {
        return previous[entry];
    }

    int flagsAt(int entry) {
        return entry == NONE ? 0 : flags[entry];
    }

    LinkedRegisters linksAt(int entry) {
        return entry == NONE ? LinkedRegisters.NONE : links[entry];
    }
}
