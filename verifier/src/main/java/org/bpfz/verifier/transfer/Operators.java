package org.bpfz.verifier.transfer;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.RawInstruction;

/** The operation of an arithmetic instruction whose encoding was checked. */
final class Operators {
    private Operators() {
    }

    static AluOp of(RawInstruction insn) {
        boolean signed = insn.offset() == 1;
        return switch (operationOf(insn)) {
            case ADD -> AluOp.ADD;
            case SUB -> AluOp.SUB;
            case MUL -> AluOp.MUL;
            case DIV -> signed ? AluOp.SDIV : AluOp.DIV;
            case OR -> AluOp.OR;
            case AND -> AluOp.AND;
            case LSH -> AluOp.LSH;
            case RSH -> AluOp.RSH;
            case MOD -> signed ? AluOp.SMOD : AluOp.MOD;
            case XOR -> AluOp.XOR;
            case ARSH -> AluOp.ARSH;
            default -> throw new IllegalArgumentException("no operator in opcode " + insn.opcode());
        };
    }

    /** The name in messages, where signed division is division (bpf_alu_string). */
    static String nameOf(RawInstruction insn) {
        return switch (of(insn)) {
            case SDIV -> AluOp.DIV.symbol();
            case SMOD -> AluOp.MOD.symbol();
            case AluOp op -> op.symbol();
        };
    }
}
