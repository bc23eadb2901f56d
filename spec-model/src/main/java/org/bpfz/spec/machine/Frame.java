package org.bpfz.spec.machine;

import org.bpfz.spec.memory.Word;
import org.jspecify.annotations.Nullable;

/** A function that has begun and not returned. */
final class Frame {
    /** How often may_goto falls through before it jumps: BPF_MAX_LOOPS in include/linux/bpf.h. */
    static final long LOOP_BUDGET = 8 << 20;

    /** R6 to R10 of the caller; null for the outermost frame. */
    final @Nullable Word @Nullable [] callers;

    /** The helper call that called back; null unless the frame is a callback's. */
    final @Nullable PendingCall pending;

    private LoadedProgram program;
    private int slot;
    private int last;
    private long loopBudget = LOOP_BUDGET;

    Frame(LoadedProgram program, int slot, @Nullable Word @Nullable [] callers, @Nullable PendingCall pending) {
        this.program = program;
        this.slot = slot;
        this.callers = callers;
        this.pending = pending;
    }

    LoadedProgram program() {
        return program;
    }

    /** The slot of the instruction that is executed next. */
    int slot() {
        return slot;
    }

    /** The slot of the instruction that was executed last, or is being executed. */
    int last() {
        return last;
    }

    /** Begins the next instruction: {@link #last} is it, {@link #slot} the one behind it. */
    void advance() {
        last = slot;
        slot = program.code().next(slot);
    }

    /** Goes on elsewhere, wherever that is. */
    void jump(int target) {
        slot = target;
    }

    /** Uses up one round of the loop budget; false where none is left. */
    boolean loops() {
        if (loopBudget == 0) {
            return false;
        }
        loopBudget--;
        return true;
    }

    /** Runs another program from its start in place of this one. */
    void replace(LoadedProgram other) {
        program = other;
        slot = 0;
        loopBudget = LOOP_BUDGET;
    }
}
