package org.bpfz.verifier.structure;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.log.SourceLines;
import org.bpfz.verifier.log.VerifierLog;

/**
 * Walks the control flow depth first, without recursion: every instruction must be reachable, no jump may lead into the middle of a
 * 64-bit immediate, and loops are for CAP_BPF only (check_cfg).
 *
 * <p>An instruction is first discovered, then its edges are followed, and it is explored when all it leads to is. An edge to one that is
 * discovered and not explored closes a loop.
 */
public final class ControlFlow {
    private static final int DISCOVERED = 0x10;
    private static final int EXPLORED = 0x20;
    private static final int FALL_THROUGH = 1;
    private static final int BRANCH = 2;

    private final Code code;
    private final Subprograms subprograms;
    private final CallKinds calls;
    private final VerifierLog log;
    private final SourceLines lines;
    private final boolean loopsAllowed;
    private final Landmarks landmarks = new Landmarks();
    private final int[] state;
    private final int[] stack;
    private int depth;

    public ControlFlow(Code code, Subprograms subprograms, CallKinds calls, VerifierLog log, SourceLines lines,
            boolean loopsAllowed) {
        this.code = code;
        this.subprograms = subprograms;
        this.calls = calls;
        this.log = log;
        this.lines = lines;
        this.loopsAllowed = loopsAllowed;
        state = new int[code.length()];
        stack = new int[code.length()];
    }

    /** Walks and says what it found on the way. */
    public Landmarks walk() {
        walkFrom(0);
        if (subprograms.exceptionCallback() != 0) {
            walkFrom(subprograms.get(subprograms.exceptionCallback()).start());
        }
        for (int i = 0; i < code.length(); i++) {
            if (state[i] != EXPLORED) {
                throw log.reject(Errno.EINVAL, i, "unreachable insn " + i);
            }
            if (Opcodes.isLoadImm64(code.at(i))) {
                if (state[i + 1] != 0) {
                    throw log.reject(Errno.EINVAL, i, "jump into the middle of ldimm64 insn " + i);
                }
                i++;
            }
        }
        return landmarks;
    }

    private void walkFrom(int start) {
        state[start] = DISCOVERED;
        stack[0] = start;
        depth = 1;
        while (depth > 0) {
            int slot = stack[depth - 1];
            if (!goesDeeper(slot)) {
                state[slot] = EXPLORED;
                depth--;
            }
        }
    }

    /** Follows the next edge of an instruction; false when none is left. */
    private boolean goesDeeper(int slot) {
        RawInstruction insn = code.at(slot);
        if (Opcodes.isFunctionAddress(insn)) {
            return call(slot, true);
        }
        if (!Opcodes.isJumpClass(insn)) {
            return edge(slot, slot + code.width(slot), FALL_THROUGH);
        }
        return switch (Opcodes.operationOf(insn)) {
            case Opcodes.EXIT -> false;
            case Opcodes.CALL -> callInstruction(slot, insn);
            case Opcodes.JA -> {
                if (Opcodes.hasRegisterSource(insn)) {
                    throw new Rejection(Errno.EINVAL, slot);
                }
                int target = code.target(slot);
                boolean deeper = edge(slot, target, FALL_THROUGH);
                if (!deeper) {
                    landmarks.markPrunePoint(target);
                    landmarks.markJumpPoint(target);
                    landmarks.markJumpTarget(target);
                }
                yield deeper;
            }
            default -> {
                landmarks.markPrunePoint(slot);
                if (Opcodes.isMayGoto(insn)) {
                    landmarks.markCheckpoint(slot);
                }
                yield edge(slot, slot + 1, FALL_THROUGH) || edge(slot, slot + insn.offset() + 1, BRANCH);
            }
        };
    }

    private boolean callInstruction(int slot, RawInstruction insn) {
        if (calls.armsCallback(insn)) {
            landmarks.markPrunePoint(slot);
        }
        if (calls.callsBack(insn)) {
            landmarks.markCallbackCall(slot);
            landmarks.markCheckpoint(slot);
            landmarks.markPrunePoint(slot);
            landmarks.markJumpPoint(slot);
        }
        if (calls.changesPacketData(insn)) {
            subprograms.get(subprograms.containing(slot)).markChangesPacketData();
        }
        if (calls.advancesIterator(insn)) {
            landmarks.markPrunePoint(slot);
            landmarks.markCheckpoint(slot);
        }
        return call(slot, insn.src() == Opcodes.PSEUDO_CALL);
    }

    private boolean call(int slot, boolean visitCallee) {
        int next = slot + code.width(slot);
        if (edge(slot, next, FALL_THROUGH)) {
            return true;
        }
        landmarks.markPrunePoint(next);
        landmarks.markJumpPoint(next);
        if (!visitCallee) {
            return false;
        }
        landmarks.markPrunePoint(slot);
        int callee = code.function(slot);
        if (subprograms.get(subprograms.containing(callee)).changesPacketData()) {
            subprograms.get(subprograms.containing(slot)).markChangesPacketData();
        }
        return edge(slot, callee, BRANCH);
    }

    /** Follows an edge unless that was done; whether its end has to be walked first (push_insn). */
    private boolean edge(int from, int to, int kind) {
        if (state[from] >= (DISCOVERED | kind)) {
            return false;
        }
        if (to < 0 || to >= code.length()) {
            lines.print(from, from + ": ");
            throw log.reject(Errno.EINVAL, from, "jump out of range from insn " + from + " to " + to);
        }
        if (kind == BRANCH) {
            landmarks.markPrunePoint(to);
            landmarks.markJumpPoint(to);
            landmarks.markJumpTarget(to);
        }
        if (state[to] == 0) {
            state[from] = DISCOVERED | kind;
            state[to] = DISCOVERED;
            stack[depth++] = to;
            return true;
        }
        if (state[to] == EXPLORED) {
            state[from] = DISCOVERED | kind;
        } else if (!loopsAllowed) {
            lines.print(from, from + ": ");
            lines.print(to, to + ": ");
            throw log.reject(Errno.EINVAL, from, "back-edge from insn " + from + " to " + to);
        }
        return false;
    }
}
