package org.bpfz.oracle.fuzz;

import java.util.List;
import org.bpfz.oracle.fuzz.Held.Kind;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/** Writes accesses to map values: direct ones, after a lookup, and at a place that a number decides. */
final class MapStatements extends Statements {
    private static final int HELPER_LOOKUP = 1;

    MapStatements(ProgramWriter program, Sketch now) {
        super(program, now);
    }

    void value() {
        List<Reg> values = now.which(held -> held.is(Kind.VALUE));
        Reg base;
        if (values.isEmpty()) {
            base = target();
            code.emit(new LoadImm64(ImmKind.MAP_IDX_VALUE, base, Surface.DIRECT_MAP, 0));
            now.set(base, Held.value(Surface.DIRECT_MAP, 0));
        } else {
            base = dice.of(values);
        }
        Held held = now.get(base);
        MemSize size = dice.of(MemSize.values());
        int room = Surface.MAPS.get(held.map()).valueSize() - size.bytes();
        int offset = dice.between(0, room);
        if (!dice.oneIn(10)) {
            offset -= offset % size.bytes();
        }
        short displacement = (short) (offset - held.offset());
        switch (dice.below(3)) {
            case 0 -> {
                Reg register = target();
                code.emit(new Load(size, size != MemSize.DW && dice.oneIn(4), register, base, displacement));
                now.set(register, Held.NUMBER);
            }
            case 1 -> code.emit(new Store(size, base, displacement, Source.of(number())));
            default -> code.emit(new Store(size, base, displacement, Source.of(dice.immediate())));
        }
    }

    /** bpf_map_lookup_elem with a key on the stack, and most often the check for null. */
    void lookup() {
        int map = dice.below(Surface.DIRECT_MAP);
        int keySize = Surface.MAPS.get(map).keySize();
        int offset = -8 * dice.between(1, 8);
        code.emit(new Store(keySize == 8 ? MemSize.DW : MemSize.W, Reg.R10, (short) offset,
                dice.oneIn(2) ? Source.of(dice.below(6)) : Source.of(number())));
        now.write(offset, keySize);
        code.emit(new LoadImm64(ImmKind.MAP_IDX, Reg.R1, map, 0));
        code.emit(new Mov(Width.W64, 0, Reg.R2, Source.of(Reg.R10)));
        code.emit(new Alu(Width.W64, AluOp.ADD, Reg.R2, Source.of(offset)));
        code.emit(new Call(new CallTarget.Helper(HELPER_LOOKUP)));
        now.call(Held.maybeValue(map));
        if (dice.percent(90)) {
            checkForNull(Reg.R0);
        }
    }

    private void checkForNull(Reg register) {
        int map = now.get(register).map();
        if (dice.oneIn(2)) {
            Reg copy = Reg.of(dice.between(6, 9));
            move(copy, register);
        }
        Held maybe = now.get(register);
        int jump = code.jump(new Jump(Width.W64, Condition.NE, register, Source.of(0), (short) 1));
        code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.below(2))));
        code.emit(new Exit());
        code.land(jump);
        for (Reg same : now.which(maybe::equals)) {
            now.set(same, Held.value(map, 0));
        }
    }

    /** A pointer moved by a bounded number, and an access through it. */
    void variableOffset() {
        List<Reg> values = now.which(held -> held.is(Kind.VALUE) && held.offset() >= 0);
        boolean stack = values.isEmpty() || dice.oneIn(3);
        Reg index = number();
        int bound = dice.of(List.of(0, 1, 3, 7, 15, 8, 12));
        if (dice.oneIn(3)) {
            int over = code.jump(new Jump(width(), Condition.LE, index, Source.of(bound), (short) 1));
            code.emit(new Mov(Width.W64, 0, index, Source.of(dice.between(0, bound))));
            code.land(over);
        } else {
            code.emit(new Alu(width(), AluOp.AND, index, Source.of(bound)));
        }
        now.set(index, Held.numberUpTo(bound));
        Reg pointer = target();
        while (pointer == index) {
            pointer = target();
        }
        MemSize size = stack && !dice.oneIn(8) ? MemSize.B : dice.of(MemSize.values());
        if (stack) {
            int start = -8 * dice.between(3, 8);
            for (int at = start; at < start + 24; at += 8) {
                code.emit(new Store(MemSize.DW, Reg.R10, (short) at, Source.of(dice.immediate())));
                now.write(at, 8);
            }
            code.emit(new Mov(Width.W64, 0, pointer, Source.of(Reg.R10)));
            code.emit(new Alu(Width.W64, AluOp.ADD, pointer, Source.of(index)));
            now.set(pointer, Held.OTHER);
            access(pointer, size, start);
        } else {
            Held base = now.get(dice.of(values));
            Reg from = dice.of(now.which(base::equals));
            code.emit(new Mov(Width.W64, 0, pointer, Source.of(from)));
            code.emit(new Alu(Width.W64, AluOp.ADD, pointer, Source.of(index)));
            now.set(pointer, Held.OTHER);
            int room = Surface.MAPS.get(base.map()).valueSize() - size.bytes() - bound;
            access(pointer, size, Math.max(0, dice.between(0, Math.max(room, 0))) - base.offset());
        }
    }
}
