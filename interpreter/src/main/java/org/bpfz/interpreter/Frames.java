package org.bpfz.interpreter;

import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.memory.Layout;

/** The functions that have begun and not returned: where each goes on, and what it keeps in R6 to R9. */
final class Frames {
    /** BPF_MAX_LOOPS in include/linux/bpf.h: how often may_goto falls through. */
    private static final int LOOPS = 8 << 20;

    private static final int KEPT = 4;

    private final FlatMemory memory;
    private final Code[] codes = new Code[Layout.MAX_FRAMES];
    private final int[] returns = new int[Layout.MAX_FRAMES];
    private final int[] loops = new int[Layout.MAX_FRAMES];
    private final long[] kept = new long[Layout.MAX_FRAMES * KEPT];
    private int top;

    /** One frame, of the code. */
    Frames(FlatMemory memory, Code code) {
        this.memory = memory;
        replace(code);
        memory.setDepth(1);
    }

    /** How many there are, 1 to 8. */
    int depth() {
        return top + 1;
    }

    /** What the innermost frame runs. */
    Code code() {
        return codes[top];
    }

    /** Runs another program in the innermost frame. */
    void replace(Code code) {
        codes[top] = code;
        loops[top] = LOOPS;
    }

    /** Begins a function for the call at the index; its R10 is in the registers then. */
    void push(int index, long[] r) {
        if (top + 1 == Layout.MAX_FRAMES) {
            throw new FaultSignal(Fault.TooManyFrames::new);
        }
        returns[top] = index;
        keep(r, top * KEPT);
        codes[top + 1] = codes[top];
        top++;
        loops[top] = LOOPS;
        memory.setDepth(top + 1);
        r[10] = Layout.framePointer(top);
    }

    /** Ends the innermost function: the caller's registers are back; returns the index of its call. */
    int pop(long[] r) {
        top--;
        memory.setDepth(top + 1);
        restore(r, top * KEPT);
        r[10] = Layout.framePointer(top);
        return returns[top];
    }

    private void keep(long[] r, int at) {
        kept[at] = r[6];
        kept[at + 1] = r[7];
        kept[at + 2] = r[8];
        kept[at + 3] = r[9];
    }

    /** Four assignments cost less than a call that copies. */
    private void restore(long[] r, int at) {
        r[6] = kept[at];
        r[7] = kept[at + 1];
        r[8] = kept[at + 2];
        r[9] = kept[at + 3];
    }

    /** Uses up one round of the innermost frame's may_goto; false where none is left. */
    boolean loops() {
        if (loops[top] == 0) {
            return false;
        }
        loops[top]--;
        return true;
    }
}
