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
        return Arbitraries.of(OpcodeTable.rows()).flatMap(LegalInstructions::of);
    }

    /** Any instruction of a row. */
    public static Arbitrary<Instruction> of(Encoding row) {
        Arbitrary<Reg> register = Arbitraries.of(Reg.values());
        Arbitrary<Short> offset = Arbitraries.shorts().filter(o -> !(row.prototype() instanceof Instruction.MayGoto)
                || o != 0);
        Arbitrary<Integer> imm = Arbitraries.integers();
        return Combinators.combine(register, register, offset, imm, imm).as(row::instruction);
    }

    /** Programs of up to 40 instructions whose jumps lead anywhere. */
    public static Arbitrary<Program> programs() {
        return any().list().ofMaxSize(40).map(Program::of);
    }
}
