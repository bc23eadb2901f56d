package org.bpfz.oracle.fuzz;

import org.bpfz.oracle.fuzz.Held.Kind;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.ByteOrder;
import org.bpfz.spec.isa.Instruction.End;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Neg;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/** Writes constants and arithmetic. */
final class NumberStatements extends Statements {
    NumberStatements(ProgramWriter program, Sketch now) {
        super(program, now);
    }

    void constant() {
        Reg register = target();
        switch (dice.below(5)) {
            case 0 -> {
                long value = dice.anyLong();
                code.emit(new LoadImm64(ImmKind.VALUE, register, (int) value, (int) (value >>> 32)));
                now.set(register, Held.NUMBER);
            }
            case 1 -> {
                int offset = dice.below(Surface.MAPS.get(Surface.DIRECT_MAP).valueSize());
                code.emit(new LoadImm64(ImmKind.MAP_IDX_VALUE, register, Surface.DIRECT_MAP, offset));
                now.set(register, Held.value(Surface.DIRECT_MAP, offset));
            }
            case 2 -> move(register, dice.of(now.which(held -> !held.is(Kind.NOTHING))));
            default -> {
                int value = dice.immediate();
                code.emit(new Mov(width(), 0, register, Source.of(value)));
                now.set(register, value >= 0 ? Held.numberUpTo(value) : Held.NUMBER);
            }
        }
    }

    void arithmetic() {
        Reg register = number();
        Width width = width();
        AluOp op = dice.of(AluOp.values());
        boolean shift = op == AluOp.LSH || op == AluOp.RSH || op == AluOp.ARSH;
        boolean division = op == AluOp.DIV || op == AluOp.SDIV || op == AluOp.MOD || op == AluOp.SMOD;
        if (dice.oneIn(2)) {
            int immediate = dice.immediate();
            if (shift) {
                immediate = dice.below(width.bits());
            } else if (division && immediate == 0) {
                immediate = 1;
            }
            code.emit(new Alu(width, op, register, Source.of(immediate)));
            boolean bounded = op == AluOp.AND && immediate >= 0;
            now.set(register, bounded ? Held.numberUpTo(immediate) : Held.NUMBER);
        } else {
            Reg other = dice.oneIn(6) ? register : number();
            code.emit(new Alu(width, op, register, Source.of(other)));
            now.set(register, Held.NUMBER);
        }
    }

    void unary() {
        Reg register = number();
        switch (dice.below(3)) {
            case 0 -> code.emit(new Neg(width(), register));
            case 1 -> code.emit(new End(dice.of(ByteOrder.values()), 16 << dice.below(3), register));
            default -> {
                Width width = width();
                int size = dice.below(width == Width.W64 ? 4 : 3);
                code.emit(new Mov(width, size == 0 ? 0 : 4 << size, register, Source.of(number())));
            }
        }
        now.set(register, Held.NUMBER);
    }
}
