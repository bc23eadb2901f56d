package org.bpfz.verifier;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.Capability;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.structure.Code;
import org.bpfz.verifier.structure.Opcodes;
import org.bpfz.verifier.structure.Subprogram;
import org.bpfz.verifier.structure.Subprograms;

/**
 * What the kernel's rewriting of an accepted program shows to the outside: stack for inlined loops, and tail calls that can't be guarded
 * (optimize_bpf_loop, do_misc_fixups).
 */
final class Rewriting {
    private static final int TAIL_CALL = 12;
    private static final int LOOP = 181;
    private static final int LOOP_REGISTERS = 24;
    private static final int MAY_GOTO_COUNTER = 8;

    private final Code code;
    private final Subprograms subprograms;
    private final Search search;

    Rewriting(Code code, Subprograms subprograms, Search search) {
        this.code = code;
        this.subprograms = subprograms;
        this.search = search;
    }

    void apply() {
        for (int i = 0; i < subprograms.count(); i++) {
            Subprogram subprogram = subprograms.get(i);
            boolean loops = false;
            boolean mayGotos = false;
            for (int slot = subprogram.start(); slot < subprograms.end(i); slot++) {
                if (search.notes().isSeen(slot)) {
                    RawInstruction insn = code.at(slot);
                    loops |= Opcodes.isHelperCall(insn) && insn.imm() == LOOP && search.notes().isInlinedLoop(slot);
                    mayGotos |= Opcodes.isMayGoto(insn);
                    checkTailCall(slot, insn);
                    checkKfunc(slot, insn);
                }
            }
            int depth = subprogram.stackDepth();
            if (loops) {
                depth = (depth + 7) / 8 * 8 + LOOP_REGISTERS;
            }
            subprogram.setStackDepth(mayGotos ? depth + MAY_GOTO_COUNTER : depth);
        }
    }

    /** A path comes to a call of a function that the kernel lacks (fixup_kfunc_call). */
    private void checkKfunc(int slot, RawInstruction insn) {
        if (Opcodes.isKfuncCall(insn) && insn.imm() == 0) {
            throw search.log().reject(Errno.EINVAL, slot,
                    "invalid kernel function call not eliminated in verifier pass");
        }
    }

    /** Without CAP_PERFMON the index of a tail call is masked to the map's size, so the map must be the same on all paths. */
    private void checkTailCall(int slot, RawInstruction insn) {
        boolean guarded = Opcodes.isHelperCall(insn) && insn.imm() == TAIL_CALL
                && !search.options().has(Capability.PERFMON);
        if (guarded && search.notes().hasMixedMaps(slot)) {
            throw search.log().reject(Errno.EINVAL, slot, "tail_call abusing map_ptr");
        }
    }
}
