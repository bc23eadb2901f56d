package org.bpfz.proofs.engines;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/** Every form of the instructions that work on registers and memory: opcode by operand form, with {@link Marks} as numbers. */
final class Forms {
    /**
     * A form.
     *
     * @param name         unique, as {@code add64_imm}
     * @param instructions the same with distinct registers and, where it has two, with one register for both
     */
    record Form(String name, List<Instruction> instructions) {
        Form {
            instructions = List.copyOf(instructions);
        }
    }

    private static final Reg DST = Reg.R1;
    private static final Reg SRC = Reg.R2;

    private Forms() {
    }

    /** With any number; apart from it, the one of which no negative is, where a subtraction is made an addition. */
    private static List<Instruction> immediates(Width width, AluOp op, Marks marks) {
        Instruction any = new Instruction.Alu(width, op, DST, Source.of(marks.imm()));
        return isAdded(any)
                ? List.of(any, new Instruction.Alu(width, op, DST, Source.of(Integer.MIN_VALUE)))
                : List.of(any);
    }

    /** Whether the interpreter adds the negative of what is to be subtracted, if there is one. */
    static boolean isAdded(Instruction instruction) {
        return instruction instanceof Instruction.Alu(Width width, AluOp op, Reg _, Source.Imm(int value))
                && width == Width.W64 && op == AluOp.SUB && value != Integer.MIN_VALUE;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Arithmetic, moves, negations and byte swaps. */
    static List<Form> arithmetic(Marks marks) {
        List<Form> forms = new ArrayList<>();
        for (Width width : Width.values()) {
            for (AluOp op : AluOp.values()) {
                String name = lower(op) + width.bits();
                forms.add(new Form(name + "_reg", List.of(new Instruction.Alu(width, op, DST, Source.of(SRC)),
                        new Instruction.Alu(width, op, DST, Source.of(DST)))));
                forms.add(new Form(name + "_imm", immediates(width, op, marks)));
            }
            String bits = String.valueOf(width.bits());
            forms.add(new Form("neg" + bits, List.of(new Instruction.Neg(width, DST))));
            forms.add(new Form("mov" + bits + "_imm",
                    List.of(new Instruction.Mov(width, 0, DST, Source.of(marks.imm())))));
            for (int from : width == Width.W64 ? new int[]{0, 8, 16, 32} : new int[]{0, 8, 16}) {
                forms.add(new Form("mov" + bits + (from == 0 ? "_reg" : "sx" + from),
                        List.of(new Instruction.Mov(width, from, DST, Source.of(SRC)))));
            }
        }
        for (Instruction.ByteOrder order : Instruction.ByteOrder.values()) {
            for (int bits : new int[]{16, 32, 64}) {
                forms.add(new Form(lower(order) + bits, List.of(new Instruction.End(order, bits, DST))));
            }
        }
        return forms;
    }

    /** Conditional jumps, over two instructions. */
    static List<Form> jumps(Marks marks) {
        List<Form> forms = new ArrayList<>();
        for (Width width : Width.values()) {
            for (Condition condition : Condition.values()) {
                String name = "j" + lower(condition) + width.bits();
                forms.add(new Form(name + "_reg",
                        List.of(new Instruction.Jump(width, condition, DST, Source.of(SRC), (short) 2))));
                forms.add(new Form(name + "_imm",
                        List.of(new Instruction.Jump(width, condition, DST, Source.of(marks.imm()), (short) 2))));
            }
        }
        return forms;
    }

    /** Loads, stores and atomic operations. */
    static List<Form> accesses(Marks marks) {
        List<Form> forms = new ArrayList<>();
        for (MemSize size : MemSize.values()) {
            String bits = String.valueOf(size.bits());
            forms.add(new Form("load" + bits, List.of(new Instruction.Load(size, false, DST, SRC, marks.offset()),
                    new Instruction.Load(size, false, DST, DST, marks.offset()))));
            if (size != MemSize.DW) {
                forms.add(new Form("loadsx" + bits, List.of(new Instruction.Load(size, true, DST, SRC,
                        marks.offset()))));
            }
            forms.add(new Form("store" + bits + "_reg",
                    List.of(new Instruction.Store(size, SRC, marks.offset(), Source.of(DST)))));
            forms.add(new Form("store" + bits + "_imm",
                    List.of(new Instruction.Store(size, SRC, marks.offset(), Source.of(marks.imm())))));
        }
        for (MemSize size : List.of(MemSize.W, MemSize.DW)) {
            for (AtomicOp op : AtomicOp.values()) {
                forms.add(new Form("atomic_" + lower(op) + size.bits(),
                        List.of(new Instruction.Atomic(op, size, SRC, marks.offset(), DST))));
            }
        }
        return forms;
    }
}
