package org.bpfz.spec.isa;

/**
 * The two-operand arithmetic operations (RFC 9669, section 4.1). SDIV and SMOD share the codes of DIV and MOD and are told
 * apart by an offset of 1. MOV, NEG and the byte swaps are instructions of their own.
 */
public enum AluOp {
    ADD(0x0, 0, "+="),
    SUB(0x1, 0, "-="),
    MUL(0x2, 0, "*="),
    DIV(0x3, 0, "/="),
    SDIV(0x3, 1, "s/="),
    OR(0x4, 0, "|="),
    AND(0x5, 0, "&="),
    LSH(0x6, 0, "<<="),
    RSH(0x7, 0, ">>="),
    MOD(0x9, 0, "%="),
    SMOD(0x9, 1, "s%="),
    XOR(0xa, 0, "^="),
    ARSH(0xc, 0, "s>>=");

    private final int code;
    private final int offset;
    private final String symbol;

    AluOp(int code, int offset, String symbol) {
        this.code = code;
        this.offset = offset;
        this.symbol = symbol;
    }

    /** The upper four bits of the opcode, 0x0 to 0xc. */
    public int code() {
        return code;
    }

    /** What the offset field must hold: 1 for the signed division and remainder, else 0. */
    public int offset() {
        return offset;
    }

    /** The assignment operator of the verifier's log: {@code s>>=}. */
    public String symbol() {
        return symbol;
    }
}
