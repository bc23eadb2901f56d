package org.bpfz.proofs.pruning;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;

/**
 * Asks the whole verifier about programs of two ways that meet, of which the second need not be looked at if it is covered by the first. Yields
 * verdicts and how many instructions were looked at.
 */
public final class PruningRun implements UnaryOperator<String> {
    private static final int VALUE_SIZE = 64;

    @Override
    public String apply(String what) {
        List<String> seen = new ArrayList<>();
        if (what.equals("objects")) {
            List<List<Instruction>> objects = List.of(ObjectPrograms.dynptr(8), ObjectPrograms.dynptr(16),
                    ObjectPrograms.iterator(), ObjectPrograms.zeros());
            for (List<Instruction> first : objects) {
                for (List<Instruction> second : objects) {
                    seen.add(ObjectPrograms.ask(first, second));
                }
            }
            return seen.toString();
        }
        List<List<Instruction>> ways = ways();
        for (int first = 0; first < ways.size(); first++) {
            for (int second = 0; second < ways.size(); second++) {
                for (int use = 0; use < 4; use++) {
                    seen.add(first + "/" + second + "/" + use + ":" + ask(ways.get(first), ways.get(second), use));
                }
            }
        }
        return seen.toString();
    }

    /** R7 is a number, R8 an index into a map's value, -8 of the stack something that was written. */
    private static List<List<Instruction>> ways() {
        List<List<Instruction>> ways = new ArrayList<>();
        for (int mask : new int[]{0, 1, 3, 4, 7, 15, 31, 127}) {
            ways.add(List.of(and(Reg.R7, mask),
                    new Instruction.Store(MemSize.DW, Reg.R10, (short) -8, Source.of(Reg.R7))));
        }
        ways.add(List.of(new Instruction.Store(MemSize.DW, Reg.R10, (short) -8, Source.of(0)), and(Reg.R7, 8)));
        ways.add(List.of(new Instruction.Store(MemSize.W, Reg.R10, (short) -8, Source.of(1)),
                new Instruction.Store(MemSize.W, Reg.R10, (short) -4, Source.of(1)), and(Reg.R7, 9)));
        ways.add(List.of(new Instruction.Store(MemSize.W, Reg.R10, (short) -8, Source.of(Reg.R7)), and(Reg.R7, 5)));
        ways.add(List.of(and(Reg.R7, 6)));
        ways.add(List.of(and(Reg.R7, 7), new Instruction.Alu(Width.W64, AluOp.SUB, Reg.R7, Source.of(4))));
        return ways;
    }

    private static Instruction and(Reg reg, int mask) {
        return new Instruction.Alu(Width.W64, AluOp.AND, reg, Source.of(mask));
    }

    private static String ask(List<Instruction> first, List<Instruction> second, int use) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Load(MemSize.W, false, Reg.R6, Reg.R1, (short) 0));
        program.add(new Instruction.Load(MemSize.W, false, Reg.R7, Reg.R1, (short) 4));
        program.add(new Instruction.LoadImm64(ImmKind.MAP_IDX_VALUE, Reg.R8, 0, 0));
        program.add(new Instruction.Jump(Width.W64, Condition.GT, Reg.R6, Source.of(5), (short) (first.size() + 1)));
        program.addAll(first);
        program.add(new Instruction.Goto(false, second.size()));
        program.addAll(second);
        switch (use) {
            case 0 -> {
                program.add(new Instruction.Alu(Width.W64, AluOp.ADD, Reg.R8, Source.of(Reg.R7)));
                program.add(new Instruction.Load(MemSize.B, false, Reg.R0, Reg.R8, (short) 0));
            }
            case 1 -> {
                program.add(new Instruction.Load(MemSize.DW, false, Reg.R7, Reg.R10, (short) -8));
                program.add(new Instruction.Alu(Width.W64, AluOp.ADD, Reg.R8, Source.of(Reg.R7)));
                program.add(new Instruction.Load(MemSize.B, false, Reg.R0, Reg.R8, (short) 0));
            }
            case 2 -> {
                program.add(new Instruction.Load(MemSize.W, false, Reg.R0, Reg.R10, (short) -4));
                program.add(new Instruction.Load(MemSize.W, false, Reg.R0, Reg.R10, (short) -8));
            }
            default -> {
                // The sum is a pointer where the ways meet once more.
                program.add(new Instruction.Alu(Width.W64, AluOp.ADD, Reg.R8, Source.of(Reg.R7)));
                program.add(new Instruction.Jump(Width.W64, Condition.GT, Reg.R6, Source.of(9), (short) 0));
                program.add(new Instruction.Load(MemSize.B, false, Reg.R0, Reg.R8, (short) 3));
            }
        }
        program.add(new Instruction.Mov(Width.W64, 0, Reg.R0, Source.of(0)));
        program.add(new Instruction.Exit());
        ProgramImage image = ProgramImage.builder("proof", ProgramType.SOCKET_FILTER)
                .code(Encoder.encode(Program.of(program)))
                .maps(List.of(MapSpec.of("values", MapType.ARRAY, 4, VALUE_SIZE, 1))).build();
        Verdict verdict = Verifier.verify(image, Options.privileged());
        return (verdict instanceof Verdict.Accepted ? "+" : "-") + verdict.statistics().instructions();
    }
}
