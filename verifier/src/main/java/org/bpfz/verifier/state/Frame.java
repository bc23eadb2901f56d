package org.bpfz.verifier.state;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.isa.Reg;

/** One call's registers and stack (struct bpf_func_state). */
public final class Frame {
    /** The call site of a frame that nobody called: the program's own, a global function's, an asynchronous callback's. */
    public static final int NO_CALLER = -1;

    /** How many bytes of stack a frame has at most. */
    public static final int MAX_STACK = 512;

    private final Places places;
    private final int callSite;
    private final int number;
    private final int subprogram;
    private List<Reference> references = List.of();
    private ReturnRange callbackRange = new ReturnRange(0, 0);
    private int asyncEntries;
    private int callbackDepth;
    private boolean inCallback;
    private boolean inAsyncCallback;
    private boolean inExceptionCallback;

    /**
     * A frame with nothing but its frame pointer.
     *
     * @param callSite   the slot of the call, or {@link #NO_CALLER}
     * @param number     0 for the outermost
     * @param subprogram the function's index
     */
    public Frame(int callSite, int number, int subprogram) {
        this(callSite, number, subprogram, new Places(Reg.COUNT));
        register(Reg.R10.ordinal()).set(Value.stackPointer(number));
    }

    private Frame(int callSite, int number, int subprogram, Places places) {
        this.callSite = callSite;
        this.number = number;
        this.subprogram = subprogram;
        this.places = places;
    }

    /** A frame with all the same, to be changed apart. */
    public Frame copy() {
        Frame copy = new Frame(callSite, number, subprogram, places.copy());
        copy.references = references;
        copy.callbackRange = callbackRange;
        copy.asyncEntries = asyncEntries;
        copy.callbackDepth = callbackDepth;
        copy.inCallback = inCallback;
        copy.inAsyncCallback = inAsyncCallback;
        copy.inExceptionCallback = inExceptionCallback;
        return copy;
    }

    /**
     * A copy of this frame was saved: all that is read from here on is read from there.
     *
     * @param innermost whether this frame is the one that runs
     */
    public void adopt(Frame saved, boolean innermost) {
        places.adopt(saved.places, innermost);
    }

    public Register register(int index) {
        return new Register(places, index);
    }

    /** The slot of the call that made the frame, or {@link #NO_CALLER}. */
    public int callSite() {
        return callSite;
    }

    /** 0 for the outermost frame. */
    public int number() {
        return number;
    }

    public int subprogram() {
        return subprogram;
    }

    /** How many slots are tracked, from the frame pointer down. */
    public int slots() {
        return places.slots();
    }

    /** The slot that holds the bytes from {@code -8 * (index + 1)}. */
    public StackSlot slot(int index) {
        return new StackSlot(places, index);
    }

    /** How many bytes are tracked (allocated_stack). */
    public int stackBytes() {
        return slots() * StackSlot.BYTES;
    }

    /** Tracks at least this many bytes (grow_stack_state); whether that is more than before. */
    public boolean growStack(int bytes) {
        int wanted = (bytes + StackSlot.BYTES - 1) / StackSlot.BYTES;
        if (wanted <= slots()) {
            return false;
        }
        places.growStack(wanted);
        return true;
    }

    /** What has to be released, in the order that the kernel keeps. */
    public List<Reference> references() {
        return references;
    }

    /** Takes over what a callee has left to release. */
    public void takeReferences(Frame from) {
        references = from.references;
    }

    /** Adds a reference. */
    public void acquire(Reference reference) {
        List<Reference> more = new ArrayList<>(references);
        more.add(reference);
        references = List.copyOf(more);
    }

    /**
     * Removes the reference with the id; the last one moves to its place (release_reference_state). False where there is none, or where it
     * was acquired outside of the callback that would release it.
     */
    public boolean release(int id) {
        for (int i = 0; i < references.size(); i++) {
            Reference reference = references.get(i);
            if (reference.id() == id) {
                if (inCallback && reference.callbackFrame() != number) {
                    return false;
                }
                List<Reference> fewer = new ArrayList<>(references);
                fewer.set(i, references.getLast());
                fewer.removeLast();
                references = List.copyOf(fewer);
                return true;
            }
        }
        return false;
    }

    /** What a callback may return. */
    public ReturnRange callbackRange() {
        return callbackRange;
    }

    /** Marks a callback that the helper calls before it returns. */
    public void enterCallback(ReturnRange range) {
        inCallback = true;
        callbackRange = range;
    }

    /** Marks a callback that is called some other time. */
    public void enterAsyncCallback(ReturnRange range) {
        inAsyncCallback = true;
        callbackRange = range;
    }

    /** Marks the callback of bpf_throw. */
    public void enterExceptionCallback() {
        inExceptionCallback = true;
    }

    public boolean isCallback() {
        return inCallback;
    }

    public boolean isAsyncCallback() {
        return inAsyncCallback;
    }

    public boolean isExceptionCallback() {
        return inExceptionCallback;
    }

    /** How many asynchronous callbacks led here: tells a loop from a callback that sets itself again. */
    public int asyncEntries() {
        return asyncEntries;
    }

    public void setAsyncEntries(int newAsyncEntries) {
        asyncEntries = newAsyncEntries;
    }

    /** How often the callback of the call in this frame was simulated. */
    public int callbackDepth() {
        return callbackDepth;
    }

    public void setCallbackDepth(int newCallbackDepth) {
        callbackDepth = newCallbackDepth;
    }
}
