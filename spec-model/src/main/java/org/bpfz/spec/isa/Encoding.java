package org.bpfz.spec.isa;

/**
 * A row of the {@link OpcodeTable}: one kind of instruction with its opcode and what the other fields must hold.
 *
 * @param opcode    the opcode byte, 0 to 255
 * @param prototype the instruction that the row stands for, with R0, an offset of 1 and a constant of 0 in place of its operands
 */
public record Encoding(int opcode, Field dst, Field src, Field offset, Field imm, Field nextImm, Instruction prototype,
        ConformanceGroup group) {

    /** What a field is to an instruction. */
    public enum Use {
        /** An operand: any value that the operand may have. */
        OPERAND,
        /** Reserved, or part of the operation: one value only. */
        FIXED,
        /** Nothing, and Linux 6.12 does not look at it; RFC 9669 says "unused fields SHALL be cleared to zero". */
        IGNORED
    }

    /**
     * What a row says of a field.
     *
     * @param value the one value that is legal where the use is FIXED, else 0
     */
    public record Field(Use use, int value) {
        /** A field with an operand. */
        public static final Field OPERAND = new Field(Use.OPERAND, 0);

        /** A field that nothing looks at. */
        public static final Field IGNORED = new Field(Use.IGNORED, 0);

        /** A field that must be 0. */
        public static final Field ZERO = fixed(0);

        /** A field that must have the value. */
        public static Field fixed(int value) {
            return new Field(Use.FIXED, value);
        }

        /** Whether the field holds an operand. */
        public boolean isOperand() {
            return use == Use.OPERAND;
        }

        /** Whether the row allows the field to hold the value. */
        public boolean allows(int candidate) {
            return use != Use.FIXED || value == candidate;
        }

        /** The field in an encoding whose operand is the given one. */
        int fill(int operand) {
            return use == Use.OPERAND ? operand : value;
        }
    }

    /**
     * The instruction of this row with these operands; what is no operand of the row is not looked at.
     *
     * @throws IllegalArgumentException where the operand has a value that no instruction has: may_goto's offset 0
     */
    public Instruction instruction(Reg dstReg, Reg srcReg, short offsetField, int immField, int nextImmField) {
        return new Operands(dstReg, src.isOperand() ? srcReg : Reg.R0, offsetField, immField,
                nextImm.isOperand() ? nextImmField : 0).into(prototype);
    }

    /** Whether the slot has this row's opcode and nothing that the row rules out; registers are not looked at. */
    boolean matches(RawInstruction slot) {
        return slot.opcode() == opcode && dst.allows(slot.dst()) && src.allows(slot.src())
                && offset.allows(slot.offset()) && imm.allows(slot.imm());
    }
}
