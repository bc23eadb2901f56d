package org.bpfz.spec.isa;

/** The second operand of an instruction: a register (source bit X) or the immediate, sign-extended where 64 bits are read (K). */
public sealed interface Source {
    /** The value of a register. */
    record Register(Reg reg) implements Source {}

    /** A constant; a 64-bit operation reads it sign-extended. */
    record Imm(int value) implements Source {}

    static Source of(Reg reg) {
        return new Register(reg);
    }

    static Source of(int imm) {
        return new Imm(imm);
    }
}
