package org.bpfz.spec.isa;

/** The parts of an opcode byte, by the standard's names (RFC 9669, sections 3.3, 4 and 5). */
final class OpcodeBits {
    /** The three lowest bits: the instruction class. */
    static final int LD = 0x00;
    static final int LDX = 0x01;
    static final int ST = 0x02;
    static final int STX = 0x03;
    static final int ALU = 0x04;
    static final int JMP = 0x05;
    static final int JMP32 = 0x06;
    static final int ALU64 = 0x07;

    /** Where an arithmetic or jump instruction has its second operand. */
    static final int K = 0x00;
    static final int X = 0x08;

    /** The four highest bits of an arithmetic instruction that is no {@link AluOp}. */
    static final int NEG = 0x80;
    static final int MOV = 0xb0;
    static final int END = 0xd0;

    /** The four highest bits of a jump that is no {@link Condition}. */
    static final int JA = 0x00;
    static final int CALL = 0x80;
    static final int EXIT = 0x90;
    static final int JCOND = 0xe0;

    /** The three highest bits of a load or store: its mode. */
    static final int IMM = 0x00;
    static final int ABS = 0x20;
    static final int IND = 0x40;
    static final int MEM = 0x60;
    static final int MEMSX = 0x80;
    static final int ATOMIC = 0xc0;

    /** The 64-bit immediate: {IMM, DW, LD}. */
    static final int LDDW = 0x18;

    private OpcodeBits() {
    }

    static int classOf(int opcode) {
        return opcode & 0x07;
    }

    static int codeOf(int opcode) {
        return opcode & 0xf0;
    }

    static int modeOf(int opcode) {
        return opcode & 0xe0;
    }

    static boolean isX(int opcode) {
        return (opcode & X) != 0;
    }

    static int aluClass(Width width) {
        return width == Width.W32 ? ALU : ALU64;
    }

    static int jumpClass(Width width) {
        return width == Width.W32 ? JMP32 : JMP;
    }

    /** The sz field. */
    static int size(MemSize size) {
        return switch (size) {
            case W -> 0x00;
            case H -> 0x08;
            case B -> 0x10;
            case DW -> 0x18;
        };
    }

    /** The access that the sz field of an opcode says. */
    static MemSize sizeOf(int opcode) {
        return switch (opcode & 0x18) {
            case 0x00 -> MemSize.W;
            case 0x08 -> MemSize.H;
            case 0x10 -> MemSize.B;
            default -> MemSize.DW;
        };
    }
}
