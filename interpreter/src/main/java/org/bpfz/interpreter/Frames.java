package org.bpfz.interpreter;

import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.memory.Layout;

/**
 * The registers of a run and, behind them in the same array, the functions that have begun and not returned: where each goes on, and what it
 * keeps in R6 to R9.
 *
 * <pre>
 * 0-10    R0 to R10
 * 11      the depth, 0 to 7
 * 12      the number of the program that runs, by {@link Interpretation#code}
 * 16-79   for each frame eight words: R6 to R9 of its caller, where it returns to, how many rounds its may_goto has left
 * </pre>
 *
 * <p>An array that a method has made itself has a length that HotSpot knows, so that neither the four bits of an operand nor what is computed
 * of three bits of depth is checked against it: {@link Loop} takes such a copy for each slice.
 */
final class Frames {
    /** Words of the array. */
    static final int LENGTH = 80;

    /** BPF_MAX_LOOPS in include/linux/bpf.h: how often may_goto falls through. */
    private static final int LOOPS = 8 << 20;

    /** Where a frame returns to whose exit ends the slices. */
    private static final long NOWHERE = -1;

    private static final int DEPTH = 11;
    private static final int PROGRAM = 12;
    private static final int FIRST = 16;
    private static final int KEPT = 4;
    private static final int BACK = KEPT;
    private static final int ROUNDS = BACK + 1;

    private Frames() {
    }

    /** The same in an array of {@link #LENGTH}. */
    static long[] copy(long[] registers) {
        long[] r = new long[LENGTH];
        System.arraycopy(registers, 0, r, 0, LENGTH);
        return r;
    }

    /** Begins a frame at the depth, of a program, whose exit ends the slices: the run's first one, or that of a callback. All else is 0. */
    static long[] begin(int depth, int program, FlatMemory memory) {
        long[] r = new long[LENGTH];
        r[PROGRAM] = program;
        enter(r, depth, NOWHERE, memory);
        return r;
    }

    /** Begins a function for the call at the index; its R10 is in the registers then. */
    static void push(long[] r, int index, FlatMemory memory) {
        int depth = depth(r) + 1;
        enter(r, depth, r[PROGRAM] << 32 | index, memory);
        int frame = frame(depth);
        r[frame] = r[6];
        r[frame + 1] = r[7];
        r[frame + 2] = r[8];
        r[frame + 3] = r[9];
    }

    private static void enter(long[] r, int depth, long back, FlatMemory memory) {
        if (depth == Layout.MAX_FRAMES) {
            throw new FaultSignal(Fault.TooManyFrames::new);
        }
        int frame = frame(depth);
        r[frame + BACK] = back;
        r[frame + ROUNDS] = LOOPS;
        r[DEPTH] = depth;
        r[10] = Layout.framePointer(depth);
        memory.setDepth(depth + 1);
    }

    /** Whether the exit of the innermost frame ends the slices. */
    static boolean isLast(long[] r) {
        return r[frame(depth(r)) + BACK] == NOWHERE;
    }

    /** Ends the innermost function, which is not the last: the caller's registers and its program are back; returns the index of its call. */
    static int pop(long[] r, FlatMemory memory) {
        int depth = depth(r);
        int frame = frame(depth);
        r[6] = r[frame];
        r[7] = r[frame + 1];
        r[8] = r[frame + 2];
        r[9] = r[frame + 3];
        long back = r[frame + BACK];
        r[PROGRAM] = back >> 32;
        r[DEPTH] = depth - 1L;
        r[10] = Layout.framePointer(depth - 1);
        memory.setDepth(depth);
        return (int) back;
    }

    /** Runs another program in the innermost frame, whose registers are those of the caller's yet. */
    static void replace(long[] r, int program) {
        r[PROGRAM] = program;
        r[frame(depth(r)) + ROUNDS] = LOOPS;
    }

    /** Uses up one round of the innermost frame's may_goto; false where none is left. */
    static boolean loops(long[] r) {
        int at = frame(depth(r)) + ROUNDS;
        if (r[at] == 0) {
            return false;
        }
        r[at]--;
        return true;
    }

    /** How many frames are outside of the innermost one, 0 to 7. */
    static int depth(long[] r) {
        return (int) r[DEPTH] & 7;
    }

    /** The number of the program that runs. */
    static int program(long[] r) {
        return (int) r[PROGRAM];
    }

    private static int frame(int depth) {
        return FIRST + 8 * (depth & 7);
    }
}
