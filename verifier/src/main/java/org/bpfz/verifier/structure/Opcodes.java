package org.bpfz.verifier.structure;

import org.bpfz.spec.isa.RawInstruction;

/**
 * The fields of an opcode byte (RFC 9669, section 3.1), for the passes that look at encodings which may be illegal: those the kernel
 * reports only when a path reaches them.
 */
public final class Opcodes {
    public static final int LD = 0x00;
    public static final int LDX = 0x01;
    public static final int ST = 0x02;
    public static final int STX = 0x03;
    public static final int ALU = 0x04;
    public static final int JMP = 0x05;
    public static final int JMP32 = 0x06;
    public static final int ALU64 = 0x07;

    public static final int IMM = 0x00;
    public static final int ABS = 0x20;
    public static final int IND = 0x40;
    public static final int MEM = 0x60;
    public static final int MEMSX = 0x80;
    public static final int ATOMIC = 0xc0;

    public static final int W = 0x00;
    public static final int H = 0x08;
    public static final int B = 0x10;
    public static final int DW = 0x18;

    public static final int ADD = 0x00;
    public static final int SUB = 0x10;
    public static final int MUL = 0x20;
    public static final int DIV = 0x30;
    public static final int OR = 0x40;
    public static final int AND = 0x50;
    public static final int LSH = 0x60;
    public static final int RSH = 0x70;
    public static final int NEG = 0x80;
    public static final int MOD = 0x90;
    public static final int XOR = 0xa0;
    public static final int MOV = 0xb0;
    public static final int ARSH = 0xc0;
    public static final int END = 0xd0;

    public static final int JA = 0x00;
    public static final int JEQ = 0x10;
    public static final int JGT = 0x20;
    public static final int JGE = 0x30;
    public static final int JSET = 0x40;
    public static final int JNE = 0x50;
    public static final int JSGT = 0x60;
    public static final int JSGE = 0x70;
    public static final int CALL = 0x80;
    public static final int EXIT = 0x90;
    public static final int JLT = 0xa0;
    public static final int JLE = 0xb0;
    public static final int JSLT = 0xc0;
    public static final int JSLE = 0xd0;
    public static final int JCOND = 0xe0;

    /** In the source bit: the second operand is a register. */
    public static final int X = 0x08;

    /** src of a call: a function of the program. */
    public static final int PSEUDO_CALL = 1;
    /** src of a call: a kernel function. */
    public static final int PSEUDO_KFUNC = 2;

    /** src of LDDW: the kinds of {@code BPF_PSEUDO_*}. */
    public static final int PSEUDO_MAP_FD = 1;
    public static final int PSEUDO_MAP_VALUE = 2;
    public static final int PSEUDO_BTF_ID = 3;
    public static final int PSEUDO_FUNC = 4;
    public static final int PSEUDO_MAP_IDX = 5;
    public static final int PSEUDO_MAP_IDX_VALUE = 6;

    /** imm of an atomic operation that returns the old value. */
    public static final int FETCH = 0x01;
    public static final int XCHG = 0xe1;
    public static final int CMPXCHG = 0xf1;

    private Opcodes() {
    }

    /** The class: the low three bits. */
    public static int classOf(RawInstruction insn) {
        return insn.opcode() & 0x07;
    }

    /** The operation of an arithmetic or jump instruction: the high four bits. */
    public static int operationOf(RawInstruction insn) {
        return insn.opcode() & 0xf0;
    }

    /** The mode of a load or store: the high three bits. */
    public static int modeOf(RawInstruction insn) {
        return insn.opcode() & 0xe0;
    }

    /** The size field of a load or store. */
    public static int sizeOf(RawInstruction insn) {
        return insn.opcode() & 0x18;
    }

    /** How many bytes a load or store accesses. */
    public static int bytesOf(RawInstruction insn) {
        return switch (sizeOf(insn)) {
            case W -> 4;
            case H -> 2;
            case B -> 1;
            default -> 8;
        };
    }

    /** Whether the second operand is a register. */
    public static boolean hasRegisterSource(RawInstruction insn) {
        return (insn.opcode() & X) != 0;
    }

    /** Whether it is of one of the two jump classes. */
    public static boolean isJumpClass(RawInstruction insn) {
        return classOf(insn) == JMP || classOf(insn) == JMP32;
    }

    /** Whether it is of one of the two arithmetic classes. */
    public static boolean isAluClass(RawInstruction insn) {
        return classOf(insn) == ALU || classOf(insn) == ALU64;
    }

    /** LDDW, the first of its two slots. */
    public static boolean isLoadImm64(RawInstruction insn) {
        return insn.isLoadImm64();
    }

    /** LDDW of a function's address. */
    public static boolean isFunctionAddress(RawInstruction insn) {
        return isLoadImm64(insn) && insn.src() == PSEUDO_FUNC;
    }

    public static boolean isCall(RawInstruction insn) {
        return insn.opcode() == (JMP | CALL);
    }

    public static boolean isHelperCall(RawInstruction insn) {
        return isCall(insn) && insn.src() == 0;
    }

    public static boolean isLocalCall(RawInstruction insn) {
        return isCall(insn) && insn.src() == PSEUDO_CALL;
    }

    public static boolean isKfuncCall(RawInstruction insn) {
        return isCall(insn) && insn.src() == PSEUDO_KFUNC;
    }

    public static boolean isExit(RawInstruction insn) {
        return insn.opcode() == (JMP | EXIT);
    }

    /** A legacy packet load. */
    public static boolean isPacketLoad(RawInstruction insn) {
        return classOf(insn) == LD && (modeOf(insn) == ABS || modeOf(insn) == IND);
    }

    /** gotol: the wide jump, whose offset is in imm. */
    public static boolean isWideGoto(RawInstruction insn) {
        return insn.opcode() == (JMP32 | JA);
    }

    public static boolean isMayGoto(RawInstruction insn) {
        return insn.opcode() == (JMP | JCOND) && insn.src() == 0;
    }

    /** An atomic operation that returns the old value. */
    public static boolean isAtomicFetch(RawInstruction insn) {
        return classOf(insn) == STX && modeOf(insn) == ATOMIC && (insn.imm() & FETCH) != 0;
    }
}
