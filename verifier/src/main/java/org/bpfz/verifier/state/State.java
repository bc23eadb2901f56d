package org.bpfz.verifier.state;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bpfz.spec.isa.Reg;
import org.jspecify.annotations.Nullable;

/** All that is believed at one point of one path (struct bpf_verifier_state). */
public final class State {
    /** How many frames may be on the call stack. */
    public static final int MAX_FRAMES = 8;

    private final List<Frame> frames;
    private @Nullable ActiveLock lock;
    private boolean rcuLocked;
    private boolean speculative;
    private boolean sleepable;
    private int preemptLocks;
    private int callbackUnrollDepth;
    private int mayGotoDepth;

    /** Where the state stands in the search; not part of what is believed. */
    private final Lineage lineage;

    /** A state with one frame. */
    public State(Frame first, Lineage lineage) {
        frames = new ArrayList<>(1);
        frames.add(first);
        this.lineage = lineage;
    }

    private State(State from) {
        frames = new ArrayList<>(from.frames.size());
        for (Frame frame : from.frames) {
            frames.add(frame.copy());
        }
        lock = from.lock;
        rcuLocked = from.rcuLocked;
        speculative = from.speculative;
        sleepable = from.sleepable;
        preemptLocks = from.preemptLocks;
        callbackUnrollDepth = from.callbackUnrollDepth;
        mayGotoDepth = from.mayGotoDepth;
        lineage = from.lineage.copy();
    }

    /** A state with all the same, to be changed apart; the registers' parents are the same. */
    public State copy() {
        return new State(this);
    }

    public Lineage lineage() {
        return lineage;
    }

    /** The index of the innermost frame. */
    public int depth() {
        return frames.size() - 1;
    }

    /** The innermost frame. */
    public Frame frame() {
        return frames.getLast();
    }

    public Frame frame(int index) {
        return frames.get(index);
    }

    /** Enters a function. */
    public void push(Frame callee) {
        frames.add(callee);
    }

    /** Leaves the innermost function. */
    public void pop() {
        frames.removeLast();
    }

    /** A register of the innermost frame. */
    public Register register(int index) {
        return frame().register(index);
    }

    /** The spin lock that is held, or null. */
    public @Nullable ActiveLock lock() {
        return lock;
    }

    public void setLock(@Nullable ActiveLock newLock) {
        lock = newLock;
    }

    public boolean isRcuLocked() {
        return rcuLocked;
    }

    public void setRcuLocked(boolean locked) {
        rcuLocked = locked;
    }

    /** How often preemption was disabled. */
    public int preemptLocks() {
        return preemptLocks;
    }

    public void setPreemptLocks(int locks) {
        preemptLocks = locks;
    }

    /** Whether the path is one that only a mispredicting CPU takes. */
    public boolean isSpeculative() {
        return speculative;
    }

    public void setSpeculative() {
        speculative = true;
    }

    /** Whether an asynchronous callback may sleep although the program may not. */
    public boolean isSleepable() {
        return sleepable;
    }

    public void setSleepable(boolean newSleepable) {
        sleepable = newSleepable;
    }

    /** How many callbacks were simulated on the way. */
    public int callbackUnrollDepth() {
        return callbackUnrollDepth;
    }

    public void incrementCallbackUnrollDepth() {
        callbackUnrollDepth++;
    }

    /** How often a may_goto fell through on the way. */
    public int mayGotoDepth() {
        return mayGotoDepth;
    }

    public void incrementMayGotoDepth() {
        mayGotoDepth++;
    }

    /** Whether all frames were called from the same places (same_callsites). */
    public boolean sameCallSites(State other) {
        if (frames.size() != other.frames.size()) {
            return false;
        }
        for (int i = depth(); i >= 0; i--) {
            if (frame(i).callSite() != other.frame(i).callSite()) {
                return false;
            }
        }
        return true;
    }

    /** Every register and every spilled one, outermost frame first (bpf_for_each_reg_in_vstate). */
    public void forEachRegister(Consumer<Register> action) {
        forEachRegister(action, false);
    }

    /** As {@link #forEachRegister(Consumer)}, iterators on the stack too where asked for. */
    public void forEachRegister(Consumer<Register> action, boolean iterators) {
        for (Frame frame : frames) {
            for (int i = 0; i < Reg.COUNT; i++) {
                action.accept(frame.register(i));
            }
            for (int i = 0; i < frame.slots(); i++) {
                StackSlot slot = frame.slot(i);
                if (slot.isSpill() || (iterators && slot.kind() == SlotType.ITER)) {
                    action.accept(slot.spilled());
                }
            }
        }
    }
}
