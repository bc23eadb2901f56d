package org.bpfz.spec.isa;

/** The conditions of a conditional jump (RFC 9669, section 4.3). */
public enum Condition {
    EQ(0x1, "=="),
    GT(0x2, ">"),
    GE(0x3, ">="),
    SET(0x4, "&"),
    NE(0x5, "!="),
    SGT(0x6, "s>"),
    SGE(0x7, "s>="),
    LT(0xa, "<"),
    LE(0xb, "<="),
    SLT(0xc, "s<"),
    SLE(0xd, "s<=");

    private final int code;
    private final String symbol;

    Condition(int code, String symbol) {
        this.code = code;
        this.symbol = symbol;
    }

    /** The upper four bits of the opcode, 0x1 to 0xd. */
    public int code() {
        return code;
    }

    /** The operator of the verifier's log: {@code s>=}. */
    public String symbol() {
        return symbol;
    }
}
