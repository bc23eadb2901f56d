package org.bpfz.verifier.search;

import java.util.BitSet;
import java.util.List;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.Facts;
import org.bpfz.verifier.facts.FactCollector;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.Type;
import org.jspecify.annotations.Nullable;

/** What is learnt of single instructions over all paths (struct bpf_insn_aux_data). */
public final class InstructionNotes {
    private static final int MANY_CALLBACKS = -1;

    private final BitSet seen = new BitSet();
    private final BitSet mixedMaps = new BitSet();
    private final BitSet iteratorNext = new BitSet();
    private final @Nullable Type[] pointerTypes;
    private final @Nullable MapObject[] calledMaps;
    private final int[] aluStates;
    private final int[] aluLimits;
    private final int[] loopCallbacks;
    private boolean aluLimitsExplored;
    private final FactCollector facts;

    InstructionNotes(int length, List<MapObject> maps) {
        facts = new FactCollector(length, maps);
        pointerTypes = new @Nullable Type[length];
        calledMaps = new @Nullable MapObject[length];
        aluStates = new int[length];
        aluLimits = new int[length];
        loopCallbacks = new int[length];
    }

    /** A path that a CPU may really take comes here. */
    void markSeen(int slot) {
        seen.set(slot);
    }

    /** Whether a path comes here; if none does, the instruction is dead. */
    public boolean isSeen(int slot) {
        return seen.get(slot);
    }

    /** The kind of pointer that the memory instruction went through, or null before any. */
    public @Nullable Type pointerType(int slot) {
        return pointerTypes[slot];
    }

    /**
     * One instruction may not go through pointers that the kernel would have to translate in different ways (save_aux_ptr_type); whether
     * the new type is fine.
     *
     * @param allowTrustMismatch for loads: typed pointers of different trust become untrusted together
     */
    boolean mergePointerType(int slot, Type type, boolean allowTrustMismatch) {
        Type before = pointerTypes[slot];
        if (before == null || before.is(Kind.NOT_INIT)) {
            pointerTypes[slot] = type;
            return true;
        }
        if (before.equals(type) || (isInterchangeable(type) && isInterchangeable(before))) {
            return true;
        }
        if (allowTrustMismatch && type.kind() == Kind.BTF_ID && before.kind() == Kind.BTF_ID) {
            pointerTypes[slot] = Type.of(Kind.BTF_ID, Type.UNTRUSTED);
            return true;
        }
        return false;
    }

    private static boolean isInterchangeable(Type type) {
        return switch (type.kind()) {
            case CTX, SOCKET, SOCK_COMMON, TCP_SOCK, XDP_SOCK, BTF_ID, ARENA -> false;
            default -> true;
        };
    }

    public boolean isIteratorNext(int slot) {
        return iteratorNext.get(slot);
    }

    public void setIteratorNext(int slot, boolean next) {
        iteratorNext.set(slot, next);
    }

    /** The map that the helper call was last seen with, or null. */
    public @Nullable MapObject calledMap(int slot) {
        return calledMaps[slot];
    }

    public void setCalledMap(int slot, MapObject map) {
        if (calledMaps[slot] != null && calledMaps[slot] != map) {
            mixedMaps.set(slot);
        }
        facts.call(slot, map);
        calledMaps[slot] = map;
    }

    /** Whether the helper call was seen with different maps (the map pointer is poisoned). */
    public boolean hasMixedMaps(int slot) {
        return mixedMaps.get(slot);
    }

    /** Whether bpf_loop is still called the same way each time (update_loop_inline_state). */
    public boolean mayInlineLoop(int slot) {
        return loopCallbacks[slot] != MANY_CALLBACKS;
    }

    /** Takes note of a call of bpf_loop. */
    public void noteLoop(int slot, int callback, boolean noFlags) {
        boolean first = loopCallbacks[slot] == 0;
        loopCallbacks[slot] = noFlags && (first || loopCallbacks[slot] == callback) ? callback : MANY_CALLBACKS;
    }

    /** Whether the call of bpf_loop becomes a loop of the program. */
    public boolean isInlinedLoop(int slot) {
        return loopCallbacks[slot] > 0;
    }

    /** How guarded arithmetic was masked here, or 0. */
    public int aluState(int slot) {
        return aluStates[slot];
    }

    public int aluLimit(int slot) {
        return aluLimits[slot];
    }

    /** Guarded arithmetic is masked the same way on all paths (update_alu_sanitation_state); whether it is. */
    public boolean setAluState(int slot, int aluState, int limit) {
        if (aluStates[slot] != 0 && (aluStates[slot] != aluState || aluLimits[slot] != limit)) {
            return false;
        }
        aluStates[slot] = aluState;
        aluLimits[slot] = limit;
        return true;
    }

    boolean hasAluLimits() {
        return aluLimitsExplored;
    }

    /** From now on numbers are compared exactly. */
    public void exploreAluLimits() {
        aluLimitsExplored = true;
    }

    /** What an engine can rely on. */
    public Facts facts(List<Integer> stackDepths, List<RawInstruction> code, List<Integer> functions) {
        return new Facts(seen, pointerTypes, stackDepths, facts, code, functions);
    }

    FactCollector collector() {
        return facts;
    }
}
