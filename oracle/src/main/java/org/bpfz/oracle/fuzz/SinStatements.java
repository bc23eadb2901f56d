package org.bpfz.oracle.fuzz;

import java.util.List;
import org.bpfz.oracle.fuzz.Held.Kind;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction.AddrSpaceCast;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.ByteOrder;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.End;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.Goto;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/** Writes what a rule of the verifier forbids, or may forbid. */
final class SinStatements extends Statements {
    SinStatements(ProgramWriter program, Sketch now) {
        super(program, now);
    }

    void write() {
        Reg any = Reg.of(dice.below(11));
        Reg pointer = dice.of(now.which(held -> !held.is(Kind.NUMBER) && !held.is(Kind.NOTHING)));
        MemSize size = dice.of(MemSize.values());
        switch (dice.below(23)) {
            case 0 -> code.emit(new Mov(Width.W64, 0, target(), Source.of(any)));
            case 1 -> code.emit(new Load(size, false, target(), Reg.R10, (short) dice.between(-520, 8)));
            case 2 -> code.emit(new Store(size, Reg.R10, (short) dice.between(-520, 8), Source.of(dice.immediate())));
            case 3 -> code.emit(new Load(size, false, target(), pointer, (short) dice.between(-8, 80)));
            case 4 -> code.emit(new Store(size, pointer, (short) dice.between(-8, 80), Source.of(any)));
            case 5 -> code.emit(new Alu(width(), dice.of(AluOp.values()), pointer == Reg.R10 ? Reg.R1 : pointer,
                    Source.of(dice.immediate())));
            case 6 -> code.emit(new Alu(Width.W64, dice.of(AluOp.ADD, AluOp.SUB), target(), Source.of(pointer)));
            case 7 -> code.emit(new Alu(Width.W64, dice.of(AluOp.ADD, AluOp.SUB),
                    pointer == Reg.R10 ? Reg.R2 : pointer, Source.of(number())));
            case 8 -> code.emit(new Mov(Width.W32, 0, target(), Source.of(pointer)));
            case 9 -> code.emit(new Call(new CallTarget.Helper(dice.below(240))));
            case 10 -> code.emit(new Atomic(dice.of(AtomicOp.values()), dice.oneIn(2) ? MemSize.W : MemSize.DW, pointer,
                    (short) dice.between(-16, 16), any));
            case 11 -> code.emit(new Jump(width(), dice.of(Condition.values()), pointer, Source.of(any), (short) 0));
            case 12 -> code.emit(new Jump(width(), dice.of(Condition.values()), any, Source.of(dice.immediate()),
                    (short) dice.between(-4, 4)));
            case 13 -> code.emit(new Exit());
            case 14 -> code.emit(new Alu(width(), dice.of(AluOp.LSH, AluOp.RSH, AluOp.ARSH, AluOp.DIV, AluOp.MOD),
                    number(), Source.of(dice.of(List.of(0, 31, 32, 63, 64, -1)))));
            case 15 -> code.emit(new LoadImm64(ImmKind.MAP_IDX_VALUE, target(), dice.below(Surface.MAPS.size()),
                    dice.below(80)));
            case 18 -> code.emit(new Atomic(dice.of(AtomicOp.values()), dice.oneIn(2) ? MemSize.W : MemSize.DW, pointer,
                    (short) (-8 * dice.below(4)), pointer));
            case 19 -> code.emit(new Store(size, pointer, (short) (-8 * dice.below(4)), Source.of(pointer)));
            case 20 -> {
                int space = dice.below(2);
                code.emit(new AddrSpaceCast(target(), dice.oneIn(3) ? any : target(), space, 1 - space));
            }
            case 21 -> code.emit(new LoadImm64(ImmKind.BTF_ID, target(), dice.below(300), 0));
            case 22 -> code.emit(packetLoad(dice.oneIn(2)));
            case 16 -> code.emit(new Goto(dice.oneIn(2), dice.between(-6, 6)));
            default -> {
                Instruction end = new End(dice.of(ByteOrder.values()), 32, pointer == Reg.R10 ? Reg.R3 : pointer);
                code.emit(end);
            }
        }
    }
}
