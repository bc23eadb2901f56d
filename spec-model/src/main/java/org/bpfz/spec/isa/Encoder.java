package org.bpfz.spec.isa;

import java.util.ArrayList;
import java.util.List;

/** Turns instructions into the slots that {@link Decoder} reads. */
public final class Encoder {
    private Encoder() {
    }

    /** The one or two slots of an instruction. */
    public static List<RawInstruction> encode(Instruction instruction) {
        Encoding row = OpcodeTable.rowOf(instruction);
        Operands operands = Operands.of(instruction);
        RawInstruction first = new RawInstruction(row.opcode(), row.dst().fill(operands.dst().index()),
                row.src().fill(operands.src().index()), (short) row.offset().fill(operands.offset()),
                row.imm().fill(operands.imm()));
        return instruction.slots() == 1
                ? List.of(first)
                : List.of(first, new RawInstruction(0, 0, 0, (short) 0, row.nextImm().fill(operands.nextImm())));
    }

    /** All slots of a program. */
    public static List<RawInstruction> encode(Program program) {
        List<RawInstruction> slots = new ArrayList<>(program.slotCount());
        program.instructions().forEach(instruction -> slots.addAll(encode(instruction)));
        return slots;
    }

    /** A program as little-endian bytes, 8 a slot. */
    public static byte[] toBytes(Program program) {
        return Slots.toBytes(encode(program), java.nio.ByteOrder.LITTLE_ENDIAN);
    }
}
