package org.bpfz.proofs.access;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bpfz.interpreter.InterpreterEngine;
import org.bpfz.jit.JitEngine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/** Runs bpf_copy_from_buffer in the interpreter, or compiled where the program is accepted, with offsets and sizes around the ends of the written data and of the stack. */
public final class WrittenRun implements UnaryOperator<String> {
    @Override
    public String apply(String what) {
        List<String> seen = new ArrayList<>();
        for (HelperReading.PastEnd pastEnd : HelperReading.PastEnd.values()) {
            for (byte @Nullable [] data : new byte @Nullable [][]{null, {}, {1, 2, 3, 4, 5, 6, 7, 8}}) {
                for (int offset : new int[]{-1, 0, 1, 7, 8, 9}) {
                    for (int size : new int[]{-1, 0, 1, 7, 8, 9, 16, 17}) {
                        seen.add(call(what.equals("compiled"), pastEnd, data, offset, size));
                    }
                }
            }
        }
        return seen.toString();
    }

    private static String call(boolean compiled, HelperReading.PastEnd pastEnd, byte @Nullable [] data, int offset,
            int size) {
        HelperReading strict = HelperReading.STRICT;
        Services services = Services.repeatable(1).withHelpers(new HelperReading(strict.copyFromBuffer(),
                strict.lzoCompress(), pastEnd, strict.pastEndError(), strict.noData()));
        Environment environment = (compiled ? new JitEngine() : new InterpreterEngine()).open(services);
        ProgramImage image = ProgramImage.builder("proof", ProgramType.COMPRESSOR).attachType(AttachType.COMPRESSOR)
                .code(Encoder.encode(Program.of(program(offset, size)))).build();
        Invocation invocation = Invocation.context(new byte[16]).data(data).build();
        Facts facts = Facts.NONE;
        if (compiled) {
            if (!(Verifier.verify(image, Options.privileged()) instanceof Verdict.Accepted accepted)) {
                return "-";
            }
            facts = accepted.facts();
        }
        try {
            Result result = environment.load(image, List.of(), facts).run(invocation);
            return result.fault() == null ? Long.toHexString(result.r0()) : "fault";
        } catch (IndexOutOfBoundsException e) {
            return "outside";
        }
    }

    /** To the stack's upper 16 bytes, of which the upper 8 or what was returned come back. */
    private static List<Instruction> program(int offset, int size) {
        return List.of(set(Reg.R2, offset), new Instruction.Mov(Width.W64, 0, Reg.R3, Source.of(Reg.R10)),
                new Instruction.Alu(Width.W64, AluOp.ADD, Reg.R3, Source.of(-16)),
                set(Reg.R4, size), new Instruction.Call(
                        new Instruction.CallTarget.Helper(HelperReading.STRICT.copyFromBuffer())),
                new Instruction.Load(MemSize.DW, false, Reg.R1, Reg.R10, (short) -16),
                new Instruction.Alu(Width.W64, AluOp.XOR, Reg.R0, Source.of(Reg.R1)),
                new Instruction.Exit());
    }

    private static Instruction set(Reg reg, int value) {
        return new Instruction.Mov(Width.W64, 0, reg, Source.of(value));
    }
}
