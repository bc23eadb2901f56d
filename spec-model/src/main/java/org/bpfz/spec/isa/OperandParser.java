package org.bpfz.spec.isa;

import java.util.HashMap;
import java.util.Map;
import org.bpfz.spec.isa.AssemblyLine.Numeral;
import org.jspecify.annotations.Nullable;

/** The operands in the grammar of {@link Assembler}: registers, constants, places in memory, jump targets. */
final class OperandParser {
    private static final Map<String, Register> REGISTERS = new HashMap<>();

    static {
        for (Reg reg : Reg.values()) {
            for (Width width : Width.values()) {
                REGISTERS.put(name(width, reg), new Register(width, reg));
            }
        }
    }

    private final AssemblyLine line;
    private final int slot;
    private final @Nullable Map<String, Integer> labels;

    /**
     * A parser of operands of the instruction at the slot.
     *
     * @param labels what labels stand for; null if that is not known yet and any will do
     */
    OperandParser(AssemblyLine line, int slot, @Nullable Map<String, Integer> labels) {
        this.line = line;
        this.slot = slot;
        this.labels = labels;
    }

    /** {@code r1}, or {@code w1} for its low half. */
    record Register(Width width, Reg reg) {
        String text() {
            return name(width, reg);
        }
    }

    /** {@code *(type *)(base offset)}. */
    record Cell(int position, MemSize size, boolean signed, Reg base, short offset) {}

    private static String name(Width width, Reg reg) {
        return width == Width.W64 ? reg.name64() : reg.name32();
    }

    @Nullable
    Register acceptRegister() {
        int position = line.position();
        String name = line.acceptName();
        Register register = name == null ? null : REGISTERS.get(name);
        if (register == null) {
            line.reset(position);
        }
        return register;
    }

    Register register() {
        Register register = acceptRegister();
        if (register == null) {
            throw line.error("expected a register, found " + line.found());
        }
        return register;
    }

    /** A register that is written with this width. */
    Reg register(Width width) {
        int position = line.position();
        Register register = register();
        if (register.width != width) {
            throw line.errorAt(position, "expected " + name(width, register.reg));
        }
        return register.reg;
    }

    /** A register that goes to or comes from memory: if that is up to 32 bits, it may be written as its low half. */
    Reg register(MemSize size) {
        return size == MemSize.DW ? register(Width.W64) : register().reg;
    }

    /** The register that the instruction has already named. */
    void same(Register register) {
        int position = line.position();
        if (!register().equals(register)) {
            throw line.errorAt(position, "expected " + register.text());
        }
    }

    /** The second operand of an operation of this width: a register or a constant. */
    Source source(Width width) {
        return line.isNumber()
                ? Source.of(constant(line.numeral(), width == Width.W32))
                : Source.of(register(width));
    }

    /**
     * A number as an imm field.
     *
     * @param unsigned whether it may also be written as 32 bits without sign
     */
    int constant(Numeral numeral, boolean unsigned) {
        if (!numeral.isBetween(Integer.MIN_VALUE, unsigned ? 0xffff_ffffL : Integer.MAX_VALUE)) {
            throw line.errorAt(numeral.position(), unsigned
                    ? "constant does not fit 32 bits"
                    : "constant does not fit 32 bits with sign");
        }
        return (int) numeral.value();
    }

    /** A number that is 32 bits, with or without sign. */
    int number() {
        return constant(line.numeral(), true);
    }

    /** {@code (u64 *)(r1 +8)}. */
    Cell typedCell() {
        int position = line.position();
        line.expect("(");
        int typePosition = line.position();
        String type = line.acceptName();
        for (MemSize size : MemSize.values()) {
            for (boolean signed : new boolean[]{false, true}) {
                if (size.typeName(signed).equals(type)) {
                    line.expect("*");
                    line.expect(")");
                    line.expect("(");
                    Cell cell = cell(position, size, signed);
                    line.expect(")");
                    return cell;
                }
            }
        }
        line.reset(typePosition);
        throw line.error("expected a type such as u64, found " + line.found());
    }

    /** {@code r1 +8}. */
    Cell cell(int position, MemSize size, boolean signed) {
        Reg base = register(Width.W64);
        if (!line.isSigned()) {
            throw line.error("expected an offset, found " + line.found());
        }
        return new Cell(position, size, signed, base, (short) line.number(Short.MIN_VALUE, Short.MAX_VALUE));
    }

    /** Where a jump with a 16-bit offset leads. */
    short shortOffset() {
        return (short) offset(Short.MIN_VALUE, Short.MAX_VALUE);
    }

    /** Where a jump or call with a 32-bit offset leads. */
    int longOffset() {
        return offset(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** {@code pc+3}, {@code +3} or a label. */
    private int offset(int min, int max) {
        if (line.accept("pc") && !line.isSigned()) {
            throw line.error("expected + or -, found " + line.found());
        }
        if (line.isSigned()) {
            return (int) line.number(min, max);
        }
        int position = line.position();
        String label = line.acceptName();
        if (label == null) {
            throw line.error("expected pc+N, +N or a label, found " + line.found());
        }
        Integer offset = offsetOf(label);
        if (offset == null) {
            throw line.errorAt(position, "no label '" + label + "'");
        }
        if (offset < min || offset > max) {
            throw line.errorAt(position, "label '" + label + "' is " + offset + " slots away");
        }
        return offset;
    }

    /** How far the label is from here, or null; while labels are not known yet, as far as any jump may lead. */
    @Nullable
    Integer offsetOf(String label) {
        if (labels == null) {
            return 1;
        }
        Integer target = labels.get(label);
        return target == null ? null : (Integer) (target - slot - 1);
    }
}
