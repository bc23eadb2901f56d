package org.bpfz.proofs.engines;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/**
 * A counterexample about one instruction as a whole program for {@link EngineRun}: registers are loaded, the instruction runs, and R0 is made of
 * all that it may have changed.
 */
final class Trial {
    private static final int PLACE = 8;

    private Trial() {
    }

    /** Tells how to try a form on an engine: with two ways to make R0, as a mutant may be mistaken in either. */
    static void with(JavaLifter lifter, String engine, Instruction form) {
        for (AluOp mixing : List.of(AluOp.ADD, AluOp.XOR)) {
            lifter.tryBy(new JavaLifter.Run(EngineRun.class, model -> input(engine, form, model, mixing)));
        }
    }

    private static String input(String engine, Instruction form, Map<String, Long> model, AluOp mixing) {
        List<Instruction> program = new ArrayList<>();
        int imm = model.getOrDefault("imm", 0L).intValue();
        short offset = model.getOrDefault("offset", 0L).shortValue();
        for (Reg reg : List.of(Reg.R0, Reg.R2, Reg.R1)) {
            if (!(isAccess(form) && reg == base(form))) {
                long value = model.getOrDefault("r" + reg.index(), 0L);
                program.add(new Instruction.LoadImm64(ImmKind.VALUE, reg, (int) value, (int) (value >> 32)));
            }
        }
        if (isAccess(form)) {
            // The raw memory's address comes in R1, which is kept and moved so that base plus offset is the place.
            program.addFirst(new Instruction.Mov(Width.W64, 0, Reg.R6, Source.of(Reg.R1)));
            program.add(new Instruction.Mov(Width.W64, 0, base(form), Source.of(Reg.R6)));
            program.add(new Instruction.Alu(Width.W64, AluOp.ADD, base(form), Source.of(PLACE - offset)));
        }
        program.add(concrete(form, imm, offset));
        if (form instanceof Instruction.Jump) {
            program.add(new Instruction.Mov(Width.W64, 0, Reg.R0, Source.of(0)));
            program.add(new Instruction.Exit());
            program.add(new Instruction.Mov(Width.W64, 0, Reg.R0, Source.of(1)));
        } else {
            mix(program, Reg.R1, mixing);
            if (isAccess(form)) {
                program.add(new Instruction.Load(MemSize.DW, false, Reg.R1, Reg.R6, (short) PLACE));
                mix(program, Reg.R1, mixing);
            }
        }
        program.add(new Instruction.Exit());
        byte[] memory = ByteBuffer.allocate(3 * PLACE).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(PLACE, model.getOrDefault("memory", 0L)).array();
        return engine + " " + HexFormat.of().formatHex(memory) + " "
                + HexFormat.of().formatHex(Encoder.toBytes(Program.of(program)));
    }

    /** R0 = R0 * 31 + reg, or another operation. */
    private static void mix(List<Instruction> program, Reg reg, AluOp mixing) {
        program.add(new Instruction.Alu(Width.W64, AluOp.MUL, Reg.R0, Source.of(31)));
        program.add(new Instruction.Alu(Width.W64, mixing, Reg.R0, Source.of(reg)));
    }

    private static boolean isAccess(Instruction form) {
        return form instanceof Instruction.Load || form instanceof Instruction.Store
                || form instanceof Instruction.Atomic;
    }

    private static Reg base(Instruction form) {
        return switch (form) {
            case Instruction.Load load -> load.base();
            case Instruction.Store store -> store.base();
            case Instruction.Atomic atomic -> atomic.base();
            default -> throw new IllegalArgumentException("no access: " + form);
        };
    }

    private static Source concrete(Source source, int imm) {
        return source.equals(Source.of(Marks.FIRST.imm())) ? Source.of(imm) : source;
    }

    private static Instruction concrete(Instruction form, int imm, short offset) {
        return switch (form) {
            case Instruction.Alu i -> new Instruction.Alu(i.width(), i.op(), i.dst(), concrete(i.src(), imm));
            case Instruction.Mov i -> new Instruction.Mov(i.width(), i.signExtendFrom(), i.dst(),
                    concrete(i.src(), imm));
            case Instruction.Jump i ->
                new Instruction.Jump(i.width(), i.condition(), i.left(), concrete(i.right(), imm), (short) 2);
            case Instruction.Load i -> new Instruction.Load(i.size(), i.signed(), i.dst(), i.base(), offset);
            case Instruction.Store i ->
                new Instruction.Store(i.size(), i.base(), offset, concrete(i.src(), imm));
            case Instruction.Atomic i ->
                new Instruction.Atomic(i.op(), i.size(), i.base(), offset, i.src());
            default -> form;
        };
    }
}
