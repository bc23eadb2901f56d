package org.bpfz.verifier.search;

import java.util.Arrays;
import org.bpfz.verifier.state.State;

/** The registers and stack slots whose numbers have to be known exactly, on the way back through a path (struct backtrack_state). */
final class Demand {
    private final int[] registers = new int[State.MAX_FRAMES];
    private final long[] slots = new long[State.MAX_FRAMES];
    private int frame;

    void begin(int innermostFrame) {
        frame = innermostFrame;
    }

    void reset() {
        Arrays.fill(registers, 0);
        Arrays.fill(slots, 0);
        frame = 0;
    }

    boolean isEmpty() {
        for (int i = 0; i <= frame; i++) {
            if (registers[i] != 0 || slots[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** The frame that the instruction at hand ran in. */
    int frame() {
        return frame;
    }

    /** Back over an exit into the callee; false where there are too many frames. */
    boolean enter() {
        if (frame == State.MAX_FRAMES - 1) {
            return false;
        }
        frame++;
        return true;
    }

    /** Back over a call into the caller; false where there is none. */
    boolean leave() {
        if (frame == 0) {
            return false;
        }
        frame--;
        return true;
    }

    void addRegister(int inFrame, int register) {
        registers[inFrame] |= 1 << register;
    }

    void add(int register) {
        addRegister(frame, register);
    }

    void removeRegister(int inFrame, int register) {
        registers[inFrame] &= ~(1 << register);
    }

    void remove(int register) {
        removeRegister(frame, register);
    }

    boolean hasRegister(int inFrame, int register) {
        return (registers[inFrame] >> register & 1) != 0;
    }

    boolean has(int register) {
        return hasRegister(frame, register);
    }

    void addSlot(int inFrame, int slot) {
        slots[inFrame] |= 1L << slot;
    }

    void removeSlot(int inFrame, int slot) {
        slots[inFrame] &= ~(1L << slot);
    }

    boolean hasSlot(int inFrame, int slot) {
        return (slots[inFrame] >> slot & 1) != 0;
    }

    /** One bit a register. */
    int registers(int inFrame) {
        return registers[inFrame];
    }

    /** One bit a stack slot. */
    long slots(int inFrame) {
        return slots[inFrame];
    }

    /** The demand in a frame as the log shows it: {@code regs=r1,r2 stack=-8,-16}. */
    String describe(int inFrame) {
        StringBuilder text = new StringBuilder("regs=");
        String separator = "";
        for (int i = 0; i < Integer.SIZE; i++) {
            if (hasRegister(inFrame, i)) {
                text.append(separator).append('r').append(i);
                separator = ",";
            }
        }
        text.append(" stack=");
        separator = "";
        for (int i = 0; i < Long.SIZE; i++) {
            if (hasSlot(inFrame, i)) {
                text.append(separator).append(-(i + 1) * 8);
                separator = ",";
            }
        }
        return text.toString();
    }
}
