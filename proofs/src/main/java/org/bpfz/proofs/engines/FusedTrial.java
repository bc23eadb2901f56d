package org.bpfz.proofs.engines;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

/** A counterexample about instructions in a row as a whole program for {@link EngineRun}; R0 is made of all that they may have changed. */
final class FusedTrial {
    private static final int PLACE = 8;
    private static final int WORDS = 9;

    private FusedTrial() {
    }

    static void with(JavaLifter lifter, List<Instruction> instructions) {
        lifter.tryBy(new JavaLifter.Run(EngineRun.class, model -> input(instructions, model)));
    }

    private static String input(List<Instruction> instructions, Map<String, Long> model) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Mov(Width.W64, 0, Reg.R6, Source.of(Reg.R1)));
        program.add(new Instruction.Mov(Width.W64, 0, Reg.R7, Source.of(1)));
        for (int reg = 1; reg <= 5; reg++) {
            long value = model.getOrDefault("r" + reg, 0L);
            program.add(new Instruction.LoadImm64(ImmKind.VALUE, Reg.of(reg), (int) value, (int) (value >> 32)));
        }
        List<Instruction> parts = new ArrayList<>();
        Set<Reg> bases = new TreeSet<>();
        for (Instruction instruction : instructions) {
            parts.add(part(instruction, parts.size(), model, bases));
        }
        for (Reg base : bases) {
            program.add(new Instruction.Mov(Width.W64, 0, base, Source.of(Reg.R6)));
            program.add(new Instruction.Alu(Width.W64, AluOp.ADD, base, Source.of(PLACE * base.index())));
        }
        program.addAll(parts);
        program.add(new Instruction.Mov(Width.W64, 0, Reg.R7, Source.of(0)));
        for (int place = 0; place < WORDS; place++) {
            program.add(new Instruction.Load(MemSize.DW, false, Reg.R8, Reg.R6, (short) (PLACE * place)));
            mix(program, Reg.R8);
        }
        for (Reg reg : List.of(Reg.R7, Reg.R1, Reg.R2, Reg.R3, Reg.R4, Reg.R5)) {
            mix(program, reg);
        }
        program.add(new Instruction.Exit());
        program.addFirst(new Instruction.Mov(Width.W64, 0, Reg.R0, Source.of(0)));
        ByteBuffer memory = ByteBuffer.allocate(WORDS * PLACE).order(ByteOrder.LITTLE_ENDIAN);
        for (int place = 0; place < WORDS; place++) {
            memory.putLong(0x9e37_79b9_7f4a_7c15L * (place + 1));
        }
        return "interpreter " + HexFormat.of().formatHex(memory.array()) + " "
                + HexFormat.of().formatHex(Encoder.toBytes(Program.of(program)));
    }

    /** The instruction with the counterexample's number; accesses go to a place that their base register has. */
    private static Instruction part(Instruction instruction, int n, Map<String, Long> model, Set<Reg> bases) {
        Source imm = Source.of(model.getOrDefault("imm" + Marks.of(n).suffix(), 0L).intValue());
        short offset = (short) (PLACE * (n + 1));
        return switch (instruction) {
            case Instruction.Alu i -> new Instruction.Alu(i.width(), i.op(), i.dst(), concrete(i.src(), imm));
            case Instruction.Mov i -> new Instruction.Mov(i.width(), 0, i.dst(), concrete(i.src(), imm));
            case Instruction.Jump i ->
                new Instruction.Jump(i.width(), i.condition(), i.left(), concrete(i.right(), imm), (short) 1);
            case Instruction.Goto _ -> new Instruction.Goto(false, 1);
            case Instruction.Load i -> {
                bases.add(i.base());
                yield new Instruction.Load(i.size(), i.signed(), i.dst(), i.base(), offset);
            }
            case Instruction.Store i -> {
                bases.add(i.base());
                yield new Instruction.Store(i.size(), i.base(), offset, i.src());
            }
            default -> throw new IllegalArgumentException("never fused: " + instruction);
        };
    }

    private static Source concrete(Source source, Source imm) {
        return source instanceof Source.Imm ? imm : source;
    }

    /** R0 = R0 * 31 ^ reg: operations that are not fused with a load before them. */
    private static void mix(List<Instruction> program, Reg reg) {
        program.add(new Instruction.Alu(Width.W64, AluOp.MUL, Reg.R0, Source.of(31)));
        program.add(new Instruction.Alu(Width.W64, AluOp.XOR, Reg.R0, Source.of(reg)));
    }
}
