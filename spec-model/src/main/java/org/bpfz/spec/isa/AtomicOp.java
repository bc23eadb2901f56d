package org.bpfz.spec.isa;

/** The atomic operations (RFC 9669, section 5.3), each with what the imm field holds. */
public enum AtomicOp {
    ADD(0x00, false),
    OR(0x40, false),
    AND(0x50, false),
    XOR(0xa0, false),
    FETCH_ADD(0x01, true),
    FETCH_OR(0x41, true),
    FETCH_AND(0x51, true),
    FETCH_XOR(0xa1, true),
    XCHG(0xe1, true),
    CMPXCHG(0xf1, true);

    private final int imm;
    private final boolean fetch;

    AtomicOp(int imm, boolean fetch) {
        this.imm = imm;
        this.fetch = fetch;
    }

    /** The imm field. */
    public int imm() {
        return imm;
    }

    /** Whether the old value comes back: in the source register, or for CMPXCHG in R0. */
    public boolean fetches() {
        return fetch;
    }
}
