package org.bpfz.loader;

import org.bpfz.spec.isa.RawInstruction;

/** The few encodings that linking looks at and writes (include/uapi/linux/bpf.h, BPF_PSEUDO_*). */
final class PseudoSlots {
    static final int PSEUDO_CALL = 1;
    static final int PSEUDO_KFUNC_CALL = 2;
    static final int PSEUDO_BTF_ID = 3;
    static final int PSEUDO_FUNC = 4;
    static final int PSEUDO_MAP_IDX = 5;
    static final int PSEUDO_MAP_IDX_VALUE = 6;

    /** The number from which on libbpf numbers helpers that stand for missing kernel functions (POISON_CALL_KFUNC_BASE). */
    static final int MISSING_KFUNC = 2_002_000_000;

    private static final int CALL = 0x85;

    private PseudoSlots() {
    }

    static boolean isCall(RawInstruction instruction) {
        return instruction.opcode() == CALL;
    }

    /** Whether it calls a function of the object. */
    static boolean isLocalCall(RawInstruction instruction) {
        return isCall(instruction) && instruction.src() == PSEUDO_CALL;
    }

    static RawInstruction withImm(RawInstruction instruction, int imm) {
        return withSrcAndImm(instruction, instruction.src(), imm);
    }

    static RawInstruction withSrcAndImm(RawInstruction instruction, int src, int imm) {
        return new RawInstruction(instruction.opcode(), instruction.dst(), src, instruction.offset(), imm);
    }
}
