package org.bpfz.oracle.fuzz;

import java.util.List;
import org.bpfz.oracle.fuzz.Held.Kind;
import org.bpfz.spec.isa.Instruction.LegacyPacketLoad;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.PacketMode;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/** What all kinds of statements share: where they are written to, and how they come by registers and places. */
abstract class Statements {
    final ProgramWriter program;
    final Dice dice;
    final CodeWriter code;
    final Surface surface;
    /** What registers and stack hold where the next instruction will stand. */
    final Sketch now;

    Statements(ProgramWriter program, Sketch now) {
        this.program = program;
        dice = program.dice();
        code = program.code();
        surface = program.surface();
        this.now = now;
    }

    /** R0 to R9; most often one of the lower ones. */
    final Reg target() {
        return Reg.of(dice.below(10));
    }

    final Width width() {
        return dice.oneIn(2) ? Width.W64 : Width.W32;
    }

    /** A register that holds a number, made if there is none. */
    final Reg number() {
        List<Reg> numbers = now.which(held -> held.is(Kind.NUMBER));
        if (!numbers.isEmpty()) {
            return dice.of(numbers);
        }
        Reg register = target();
        code.emit(new Mov(Width.W64, 0, register, Source.of(dice.immediate())));
        now.set(register, Held.NUMBER);
        return register;
    }

    final void move(Reg to, Reg from) {
        code.emit(new Mov(Width.W64, 0, to, Source.of(from)));
        now.set(to, now.get(from));
    }

    final int stackOffset(int size) {
        int range = dice.oneIn(8) ? Sketch.STACK : 64;
        return -size * dice.between(1, range / size);
    }

    final void access(Reg pointer, MemSize size, int displacement) {
        if (dice.oneIn(2)) {
            Reg register = target();
            code.emit(new Load(size, false, register, pointer, (short) displacement));
            now.set(register, Held.NUMBER);
        } else {
            code.emit(new Store(size, pointer, (short) displacement, Source.of(dice.immediate())));
        }
    }

    /** A load of the packet by its old instructions; the index is in a register, or 0. */
    final Instruction packetLoad(boolean direct) {
        MemSize size = dice.of(List.of(MemSize.B, MemSize.H, MemSize.W));
        Reg index = direct ? Reg.R0 : number();
        return new LegacyPacketLoad(direct ? PacketMode.ABS : PacketMode.IND, size, index, dice.below(80));
    }
}
