package org.bpfz.oracle.fuzz;

import java.util.List;
import org.bpfz.oracle.fuzz.Held.Kind;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/** Writes accesses to the stack, and the atomic ones to stack and map values. */
final class StackStatements extends Statements {
    StackStatements(ProgramWriter program, Sketch now) {
        super(program, now);
    }

    void store() {
        MemSize size = dice.of(MemSize.values());
        int offset = stackOffset(size.bytes());
        if (dice.oneIn(2)) {
            code.emit(new Store(size, Reg.R10, (short) offset, Source.of(dice.immediate())));
            now.write(offset, size.bytes());
            return;
        }
        List<Reg> held = now.which(any -> !any.is(Kind.NOTHING));
        Reg register = size == MemSize.DW ? dice.of(held) : number();
        code.emit(new Store(size, Reg.R10, (short) offset, Source.of(register)));
        if (size == MemSize.DW) {
            now.spill(offset, now.get(register));
        } else {
            now.write(offset, size.bytes());
        }
    }

    void load() {
        MemSize size = dice.of(MemSize.values());
        int offset = stackOffset(size.bytes());
        if (!now.isWritten(offset, size.bytes()) || (size != MemSize.DW && !now.isPlain(offset, size.bytes()))) {
            code.emit(new Store(size, Reg.R10, (short) offset, Source.of(dice.immediate())));
            now.write(offset, size.bytes());
        }
        Reg register = target();
        boolean signed = size != MemSize.DW && dice.oneIn(4);
        code.emit(new Load(size, signed, register, Reg.R10, (short) offset));
        now.set(register, size == MemSize.DW && now.isPlain(offset, 8)
                ? Held.NUMBER
                : size == MemSize.DW ? now.reload(offset) : Held.NUMBER);
    }

    void atomic() {
        MemSize size = dice.oneIn(2) ? MemSize.W : MemSize.DW;
        AtomicOp op = dice.of(AtomicOp.values());
        Reg operand = number();
        if (op == AtomicOp.CMPXCHG && !now.get(Reg.R0).is(Kind.NUMBER)) {
            code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.immediate())));
            now.set(Reg.R0, Held.NUMBER);
        }
        List<Reg> values = now.which(held -> held.is(Kind.VALUE));
        if (values.isEmpty() || dice.oneIn(2)) {
            int offset = stackOffset(size.bytes());
            code.emit(new Store(size, Reg.R10, (short) offset, Source.of(dice.immediate())));
            now.write(offset, size.bytes());
            code.emit(new Atomic(op, size, Reg.R10, (short) offset, operand));
        } else {
            Reg base = dice.of(values);
            Held held = now.get(base);
            int cells = Surface.MAPS.get(held.map()).valueSize() / size.bytes();
            code.emit(new Atomic(op, size, base, (short) (size.bytes() * dice.below(cells) - held.offset()), operand));
        }
        if (op == AtomicOp.CMPXCHG) {
            now.set(Reg.R0, Held.NUMBER);
        } else {
            now.set(operand, Held.NUMBER);
        }
    }
}
