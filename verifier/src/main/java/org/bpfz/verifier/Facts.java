package org.bpfz.verifier;

import java.util.BitSet;
import java.util.List;
import org.bpfz.verifier.state.Type;
import org.jspecify.annotations.Nullable;

/** What the verifier learnt of an accepted program that an engine can rely on. */
public final class Facts {
    private final BitSet live;
    private final List<Integer> stackDepths;
    private final @Nullable Type[] pointerTypes;

    /** Facts by slot; the arguments are copied. */
    public Facts(BitSet live, @Nullable Type[] pointerTypes, List<Integer> stackDepths) {
        this.live = (BitSet) live.clone();
        this.pointerTypes = pointerTypes.clone();
        this.stackDepths = List.copyOf(stackDepths);
    }

    /** Whether any path comes to the slot; a slot of no path is dead code. */
    public boolean isLive(int slot) {
        return live.get(slot);
    }

    /** The kind of pointer that the memory instruction at the slot goes through, or null for any other and for dead ones. */
    public @Nullable Type pointerType(int slot) {
        return slot < pointerTypes.length ? pointerTypes[slot] : null;
    }

    /** The bytes of stack that each function uses, in the order of their first slots. */
    public List<Integer> stackDepths() {
        return stackDepths;
    }
}
