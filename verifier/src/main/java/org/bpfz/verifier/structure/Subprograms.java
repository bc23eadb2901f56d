package org.bpfz.verifier.structure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.log.VerifierLog;

/** The functions of a program, by the slot they begin at (add_subprog_and_kfunc, check_subprogs). */
public final class Subprograms {
    /** How many functions a program may have. */
    public static final int MAX = 256;

    /** The helper that does not return when it succeeds. */
    private static final int TAIL_CALL = 12;

    private final List<Subprogram> all;
    private final int end;
    private int exceptionCallback;

    private Subprograms(List<Subprogram> all, int end) {
        this.all = all;
        this.end = end;
    }

    /**
     * Finds the functions: the first instruction begins one, and so does every target of a local call or of a function's address.
     *
     * @param mayCall           whether the loader may have functions at all (CAP_BPF)
     * @param kernelCall        told of the slot of each call of a kernel function, between those of the program's own, as the kernel looks them up
     * @param exceptionCallback the slot of the function that bpf_throw calls, or 0
     */
    public static Subprograms find(Code code, VerifierLog log, boolean mayCall, IntConsumer kernelCall,
            int exceptionCallback) {
        Set<Integer> starts = new TreeSet<>();
        add(starts, code, log, 0, 0);
        for (int i = 0; i < code.length(); i++) {
            RawInstruction insn = code.at(i);
            boolean names = Opcodes.isFunctionAddress(insn) || Opcodes.isLocalCall(insn);
            if (!names && !Opcodes.isKfuncCall(insn)) {
                continue;
            }
            if (!mayCall) {
                throw log.reject(Errno.EPERM, i,
                        "loading/calling other bpf or kernel functions are allowed for CAP_BPF and CAP_SYS_ADMIN");
            }
            if (names) {
                add(starts, code, log, code.function(i), i);
            } else {
                kernelCall.accept(i);
            }
        }
        if (exceptionCallback != 0) {
            add(starts, code, log, exceptionCallback, 0);
        }
        Subprograms found = new Subprograms(new ArrayList<>(starts.stream().map(Subprogram::new).toList()),
                code.length());
        if (exceptionCallback != 0) {
            found.exceptionCallback = found.find(exceptionCallback);
            found.get(found.exceptionCallback).markExceptionCallback();
        }
        if (log.isDetailed()) {
            for (int i = 0; i < found.count(); i++) {
                log.line("func#" + i + " @" + found.get(i).start());
            }
        }
        return found;
    }

    private static void add(Set<Integer> starts, Code code, VerifierLog log, int start, int at) {
        if (start < 0 || start >= code.length()) {
            throw log.reject(Errno.EINVAL, at, "call to invalid destination");
        }
        if (!starts.contains(start) && starts.size() >= MAX) {
            throw log.reject(Errno.E2BIG, at, "too many subprograms");
        }
        starts.add(start);
    }

    /** Each function's jumps stay in it, and its last instruction leaves it. Takes note of tail calls and legacy packet loads. */
    public void check(Code code, VerifierLog log) {
        int current = 0;
        for (int i = 0; i < code.length(); i++) {
            RawInstruction insn = code.at(i);
            Subprogram subprogram = get(current);
            if (Opcodes.isHelperCall(insn) && insn.imm() == TAIL_CALL) {
                subprogram.markTailCalls();
            }
            if (Opcodes.isPacketLoad(insn)) {
                subprogram.markPacketLoads();
            }
            if (isJump(insn)) {
                int target = code.target(i);
                if (target < subprogram.start() || target >= end(current)) {
                    throw log.reject(Errno.EINVAL, i, "jump out of range from insn " + i + " to " + target);
                }
            }
            if (i == end(current) - 1) {
                boolean leaves = Opcodes.isExit(insn) || Opcodes.isWideGoto(insn)
                        || insn.opcode() == (Opcodes.JMP | Opcodes.JA);
                if (!leaves) {
                    throw log.reject(Errno.EINVAL, i, "last insn is not an exit or jmp");
                }
                current++;
            }
        }
    }

    private static boolean isJump(RawInstruction insn) {
        int operation = Opcodes.operationOf(insn);
        return Opcodes.isJumpClass(insn) && operation != Opcodes.EXIT && operation != Opcodes.CALL;
    }

    public int count() {
        return all.size();
    }

    public Subprogram get(int index) {
        return all.get(index);
    }

    /** The slot behind the last one of a function. */
    public int end(int index) {
        return index + 1 < all.size() ? all.get(index + 1).start() : end;
    }

    /** The function that begins at a slot, or -1 (find_subprog). */
    public int find(int start) {
        int index = containing(start);
        return index >= 0 && all.get(index).start() == start ? index : -1;
    }

    /** The function that a slot is in, or -1 outside of the program (find_containing_subprog). */
    public int containing(int slot) {
        if (slot < 0 || slot >= end) {
            return -1;
        }
        int low = 0;
        int high = all.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (all.get(middle).start() <= slot) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The function that bpf_throw calls, or 0. */
    public int exceptionCallback() {
        return exceptionCallback;
    }
}
