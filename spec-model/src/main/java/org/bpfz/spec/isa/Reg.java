package org.bpfz.spec.isa;

/** A BPF register (RFC 9669, section 4.1): R0 holds results, R1–R5 arguments, R6–R9 survive calls, R10 is the frame pointer. */
public enum Reg {
    R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10;

    private static final Reg[] ALL = values();

    /** How many registers a program can name: 11. */
    public static final int COUNT = ALL.length;

    /** The register with the given number, 0 to 10; anything else is an {@link IndexOutOfBoundsException}. */
    public static Reg of(int index) {
        return ALL[index];
    }

    /** The register's number, 0 to 10: what the dst and src fields hold. */
    public int index() {
        return ordinal();
    }

    /** As the verifier's log writes a 64-bit register: {@code r1}. */
    public String name64() {
        return "r" + ordinal();
    }

    /** As the verifier's log writes the low half of a register: {@code w1}. */
    public String name32() {
        return "w" + ordinal();
    }
}
