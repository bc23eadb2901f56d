package org.bpfz.spec.isa;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generators of every legal instruction, each row of the opcode table equally often. */
public final class LegalInstructions {
    private LegalInstructions() {
    }

    /** Any instruction, with operands that lean to the edges of their fields. */
    public static Arbitrary<Instruction> any() {
        Arbitrary<Reg> register = Arbitraries.of(Reg.values());
        Arbitrary<Integer> imm = Arbitraries.integers();
        return Combinators
                .combine(Arbitraries.of(OpcodeTable.rows()), register, register, Arbitraries.shorts(), imm, imm)
                .as(LegalInstructions::of);
    }

    private static Instruction of(Encoding row, Reg dst, Reg src, short offset, int imm, int nextImm) {
        boolean nowhere = row.prototype() instanceof Instruction.MayGoto && offset == 0;
        return row.instruction(dst, src, nowhere ? 1 : offset, imm, nextImm);
    }

    /** Programs of up to 20 instructions whose jumps lead anywhere. */
    public static Arbitrary<Program> programs() {
        return any().list().ofMaxSize(20).map(Program::of);
    }
}
