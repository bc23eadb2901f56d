package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.fuzz.Held.Kind;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/** Writes accesses to the context, to the packet that it leads to, and to memory that stands in its place. */
final class ContextStatements extends Statements {
    private final NumberStatements numbers;

    ContextStatements(ProgramWriter program, Sketch now, NumberStatements numbers) {
        super(program, now);
        this.numbers = numbers;
    }

    /** Direct access: data + bytes compared with data_end, then loads and stores inside of them. */
    void packet() {
        List<Reg> contexts = now.which(held -> held.is(Kind.CONTEXT));
        if (surface.hasPacketLoads() && now.get(Reg.R6).is(Kind.CONTEXT) && dice.oneIn(2)) {
            code.emit(packetLoad(dice.oneIn(2)));
            now.call(Held.NUMBER);
            return;
        }
        if (!surface.hasPacket() || contexts.isEmpty()) {
            numbers.arithmetic();
            return;
        }
        Reg context = dice.of(contexts);
        int[] fields = surface.packetFields();
        List<Reg> free = new ArrayList<>(List.of(Reg.R2, Reg.R3, Reg.R4, Reg.R5));
        free.remove(context);
        Reg data = free.get(0);
        Reg end = free.get(1);
        Reg probe = free.get(2);
        code.emit(new Load(MemSize.W, false, data, context, (short) fields[0]));
        code.emit(new Load(MemSize.W, false, end, context, (short) fields[1]));
        now.set(data, Held.packet(0));
        now.set(end, Held.PACKET_END);
        int bytes = dice.of(List.of(1, 2, 4, 8, 14, 20, 34, 64));
        code.emit(new Mov(Width.W64, 0, probe, Source.of(data)));
        code.emit(new Alu(Width.W64, AluOp.ADD, probe, Source.of(bytes)));
        now.set(probe, Held.OTHER);
        int fits = switch (dice.below(2)) {
            case 0 -> code.jump(new Jump(Width.W64, Condition.LE, probe, Source.of(end), (short) 1));
            default -> code.jump(new Jump(Width.W64, Condition.GE, end, Source.of(probe), (short) 1));
        };
        code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.below(2))));
        code.emit(new Exit());
        code.land(fits);
        MemSize size = dice.of(MemSize.values());
        if (size.bytes() <= bytes) {
            int offset = dice.between(0, bytes - size.bytes());
            Reg register = target();
            code.emit(new Load(size, false, register, data, (short) offset));
            now.set(register, Held.NUMBER);
        }
    }

    void context() {
        List<Reg> contexts = now.which(held -> held.is(Kind.CONTEXT));
        if (contexts.isEmpty()) {
            numbers.arithmetic();
            return;
        }
        Reg base = dice.of(contexts);
        if (dice.oneIn(4) && !surface.stores().isEmpty()) {
            Surface.ContextAccess store = dice.of(surface.stores());
            code.emit(new Store(store.size(), base, (short) store.offset(), Source.of(number())));
        } else if (!surface.loads().isEmpty()) {
            Surface.ContextAccess load = dice.of(surface.loads());
            Reg register = target();
            code.emit(new Load(load.size(), false, register, base, (short) load.offset()));
            now.set(register, switch (load.field().pointer()) {
                case NONE -> Held.NUMBER;
                default -> load.field().name().equals("data_end")
                        ? Held.PACKET_END
                        : load.field().name().equals("data") ? Held.packet(0) : Held.OTHER;
            });
        }
    }

    /** Memory that R1 is given: loads and stores, where the profile has it. */
    void raw() {
        if (!program.profile().raw() || !now.get(Reg.R6).is(Kind.OTHER)) {
            numbers.arithmetic();
            return;
        }
        MemSize size = dice.of(MemSize.values());
        int offset = dice.between(0, ProgramWriter.RAW_BYTES - size.bytes());
        access(Reg.R6, size, offset);
    }
}
