package org.bpfz.verifier.structure;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.log.VerifierLog;

/**
 * No chain of calls takes more than 512 bytes of stack or 8 frames (check_max_stack_depth), each function's share rounded up to 16 bytes
 * as for a compiled program. The chains are walked with a stack of return addresses of our own.
 */
public final class StackDepth {
    private static final int MAX_STACK = 512;
    private static final int MAX_FRAMES = 8;
    private static final int MAX_BEFORE_TAIL_CALL = 256;
    private static final int ROUNDING = 16;

    private final Code code;
    private final Subprograms subprograms;
    private final VerifierLog log;

    public StackDepth(Code code, Subprograms subprograms, VerifierLog log) {
        this.code = code;
        this.subprograms = subprograms;
        this.log = log;
    }

    public void check() {
        for (int i = subprograms.count() - 1; i >= 0; i--) {
            if (i == 0 || subprograms.get(i).isAsyncCallback()) {
                walk(i);
            }
        }
    }

    private static int rounded(int bytes) {
        return (bytes + ROUNDING - 1) / ROUNDING * ROUNDING;
    }

    private void walk(int root) {
        int[] returnSlots = new int[MAX_FRAMES];
        int[] callers = new int[MAX_FRAMES];
        int frame = 0;
        int current = root;
        int depth = enter(root, callers, 0, 0);
        int slot = subprograms.get(root).start();
        while (true) {
            int callee = -1;
            for (; slot < subprograms.end(current) && callee < 0; slot++) {
                callee = calleeAt(slot);
            }
            if (callee >= 0) {
                returnSlots[frame] = slot;
                callers[frame] = current;
                frame++;
                if (frame >= MAX_FRAMES) {
                    throw log.reject(Errno.E2BIG, slot - 1, "the call stack of " + frame + " frames is too deep !");
                }
                current = callee;
                depth = enter(current, callers, frame, depth);
                slot = subprograms.get(current).start();
            } else if (frame == 0) {
                return;
            } else {
                depth -= rounded(subprograms.get(current).stackDepth());
                frame--;
                current = callers[frame];
                slot = returnSlots[frame];
            }
        }
    }

    private int enter(int index, int[] callers, int frame, int depth) {
        Subprogram subprogram = subprograms.get(index);
        if (subprogram.hasPacketLoads()) {
            boolean inCallback = subprogram.isCallback();
            for (int i = 0; i < frame; i++) {
                inCallback |= subprograms.get(callers[i]).isCallback();
            }
            if (inCallback) {
                throw log.reject(Errno.EINVAL, subprogram.start(), "cannot use BPF_LD_[ABS|IND] within callback");
            }
        }
        if (index != 0 && subprogram.hasTailCalls() && depth >= MAX_BEFORE_TAIL_CALL) {
            throw log.reject(Errno.EACCES, subprogram.start(),
                    "tail_calls are not allowed when call stack of previous frames is " + depth + " bytes. Too large");
        }
        int total = depth + rounded(subprogram.stackDepth());
        if (total > MAX_STACK) {
            throw log.reject(Errno.EACCES, subprogram.start(),
                    "combined stack size of " + (frame + 1) + " calls is " + total + ". Too large");
        }
        return total;
    }

    /** The function that the instruction calls or takes the address of, or -1 where it is none that runs on this stack. */
    private int calleeAt(int slot) {
        RawInstruction insn = code.at(slot);
        if (!Opcodes.isLocalCall(insn) && !Opcodes.isFunctionAddress(insn)) {
            return -1;
        }
        int index = subprograms.find(code.function(slot));
        Subprogram callee = subprograms.get(index);
        if (!callee.isAsyncCallback()) {
            return index;
        }
        if (callee.hasTailCalls()) {
            throw log.reject(Errno.EFAULT, slot, "verifier bug. subprog has tail_call and async cb");
        }
        if (!Opcodes.isLocalCall(insn)) {
            return -1;
        }
        if (callee.isExceptionCallback()) {
            throw log.reject(Errno.EINVAL, slot, "insn " + slot + " cannot call exception cb directly");
        }
        return index;
    }
}
