package org.bpfz.spec.isa;

/** The width of a memory access (RFC 9669, section 5.1, table of the sz field); the order is that of growing width. */
public enum MemSize {
    B(1, "u8", "s8"), H(2, "u16", "s16"), W(4, "u32", "s32"), DW(8, "u64", "s64");

    private final int bytes;
    private final String unsignedName;
    private final String signedName;

    MemSize(int bytes, String unsignedName, String signedName) {
        this.bytes = bytes;
        this.unsignedName = unsignedName;
        this.signedName = signedName;
    }

    /** 1, 2, 4 or 8. */
    public int bytes() {
        return bytes;
    }

    /** 8, 16, 32 or 64. */
    public int bits() {
        return bytes * 8;
    }

    /** The C type in the verifier's log: {@code u16}, or {@code s16} for a sign-extending load. */
    public String typeName(boolean signed) {
        return signed ? signedName : unsignedName;
    }
}
