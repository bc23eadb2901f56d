package org.bpfz.verifier.structure;

import java.util.BitSet;

/**
 * The slots where the search does something special, as the walk over the control flow found them (parts of struct bpf_insn_aux_data).
 */
public final class Landmarks {
    private final BitSet prunePoints = new BitSet();
    private final BitSet jumpPoints = new BitSet();
    private final BitSet checkpoints = new BitSet();
    private final BitSet callbackCalls = new BitSet();
    private final BitSet jumpTargets = new BitSet();

    void markPrunePoint(int slot) {
        prunePoints.set(slot);
    }

    void markJumpPoint(int slot) {
        jumpPoints.set(slot);
    }

    void markCheckpoint(int slot) {
        checkpoints.set(slot);
    }

    void markCallbackCall(int slot) {
        callbackCalls.set(slot);
    }

    void markJumpTarget(int slot) {
        jumpTargets.set(slot);
    }

    /** Whether the state is compared with those saved here before. */
    public boolean isPrunePoint(int slot) {
        return prunePoints.get(slot);
    }

    /** Whether the history notes how a path came here. */
    public boolean isJumpPoint(int slot) {
        return jumpPoints.get(slot);
    }

    /** Whether the state is saved here whatever the heuristics say. */
    public boolean isCheckpoint(int slot) {
        return checkpoints.get(slot);
    }

    /** Whether a call here runs a callback before it returns. */
    public boolean isCallbackCall(int slot) {
        return callbackCalls.get(slot);
    }

    /** Whether a jump or call leads here. */
    public boolean isJumpTarget(int slot) {
        return jumpTargets.get(slot);
    }
}
