package org.bpfz.verifier.search;

import static org.bpfz.verifier.structure.Opcodes.*;

import java.util.Arrays;
import java.util.BitSet;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Reg;
import org.bpfz.verifier.structure.Code;
import org.bpfz.verifier.structure.Landmarks;
import org.bpfz.verifier.structure.Subprograms;

/**
 * Calls that leave most registers alone, and the spills and fills that old compilers put around them (mark_fastcall_patterns). Where the
 * call is inlined and nobody else uses their stack, the pairs go and the stack gets smaller.
 */
public final class Fastcall {
    private static final int CALLER_SAVED = 0b11_1111;
    private static final int STORE = STX | MEM | DW;
    private static final int LOAD = LDX | MEM | DW;

    /** What a call does to registers. */
    public interface Calls {
        /** The registers that the call uses or changes, one bit each; all six for a call that is not known. */
        int clobbered(RawInstruction call);

        /** Whether the call becomes a few instructions that touch no more than that. */
        boolean isInlined(RawInstruction call);
    }

    private final Subprograms subprograms;
    private final BitSet patterns = new BitSet();
    private final byte[] pairs;
    private final int[] lowest;
    private final boolean[] kept;

    Fastcall(Code code, Subprograms subprograms) {
        this.subprograms = subprograms;
        pairs = new byte[code.length()];
        lowest = new int[subprograms.count()];
        kept = new boolean[subprograms.count()];
    }

    /** Looks for the patterns. */
    public void find(Code code, Landmarks landmarks, Calls calls) {
        for (int s = 0; s < subprograms.count(); s++) {
            int from = subprograms.get(s).start();
            int to = subprograms.end(s);
            int lowestStore = 0;
            for (int i = from; i < to; i++) {
                RawInstruction insn = code.at(i);
                if (insn.opcode() == STORE && insn.dst() == Reg.R10.ordinal()) {
                    lowestStore = Math.min(lowestStore, insn.offset());
                }
            }
            for (int i = from; i < to; i++) {
                if (isCall(code.at(i))) {
                    find(code, landmarks, calls, s, i, lowestStore);
                }
            }
        }
    }

    private void find(Code code, Landmarks landmarks, Calls calls, int subprogram, int call, int lowestStore) {
        int clobbered = calls.clobbered(code.at(call));
        if (clobbered == CALLER_SAVED) {
            return;
        }
        int expected = ~clobbered & CALLER_SAVED;
        int off = lowestStore;
        int count = 0;
        for (int i = 1; i <= 6 && isPair(code, landmarks, call, i, off, expected); i++) {
            expected &= ~(1 << code.at(call - i).src());
            patterns.set(call - i);
            patterns.set(call + i);
            count++;
            off += 8;
        }
        if (count == 0) {
            return;
        }
        if (calls.isInlined(code.at(call))) {
            pairs[call] = (byte) count;
        } else {
            kept[subprogram] = true;
        }
        lowest[subprogram] = Math.min(lowest[subprogram], off);
    }

    private static boolean isPair(Code code, Landmarks landmarks, int call, int distance, int off, int expected) {
        int before = call - distance;
        int behind = call + distance;
        if (before < 0 || behind >= code.length() || landmarks.isJumpTarget(before + 1)
                || landmarks.isJumpTarget(behind)) {
            return false;
        }
        RawInstruction store = code.at(before);
        RawInstruction load = code.at(behind);
        return store.opcode() == STORE && load.opcode() == LOAD && store.dst() == Reg.R10.ordinal()
                && load.src() == Reg.R10.ordinal() && store.src() == load.dst() && (expected >> store.src() & 1) != 0
                && store.offset() == off && load.offset() == off;
    }

    /** An access to the stack: one that is no part of a pattern and hits the patterns' stack keeps them all. */
    public void access(int subprogram, int slot, int off) {
        if (lowest[subprogram] <= off || patterns.get(slot)) {
            return;
        }
        lowest[subprogram] = Short.MIN_VALUE;
        int from = subprograms.get(subprogram).start();
        int to = subprograms.end(subprogram);
        patterns.clear(from, to);
        Arrays.fill(pairs, from, to, (byte) 0);
    }

    /** Takes the pairs that can go from the stack depth (remove_fastcall_spills_fills). */
    public void shrinkStacks() {
        for (int s = 0; s < subprograms.count(); s++) {
            boolean removed = false;
            for (int i = subprograms.get(s).start(); i < subprograms.end(s); i++) {
                removed |= pairs[i] > 0;
            }
            if (removed && !kept[s]) {
                subprograms.get(s).setStackDepth(-lowest[s]);
            }
        }
    }
}
