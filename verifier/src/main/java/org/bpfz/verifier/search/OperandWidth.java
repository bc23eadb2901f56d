package org.bpfz.verifier.search;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.state.Value;

/** Whether an instruction reads all 64 bits of a register or the low half only (is_reg64). */
final class OperandWidth {
    private OperandWidth() {
    }

    static boolean isWideRead(RawInstruction insn, Value value) {
        int operation = operationOf(insn);
        return switch (classOf(insn)) {
            case JMP -> operation != CALL || insn.src() != PSEUDO_CALL;
            case ALU64 -> operation != END || insn.imm() == 64;
            case ALU -> operation == END && insn.imm() == 64;
            case JMP32 -> false;
            case STX -> !value.isScalar() || sizeOf(insn) == DW;
            default -> true;
        };
    }
}
