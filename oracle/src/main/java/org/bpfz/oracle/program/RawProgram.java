package org.bpfz.oracle.program;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.InputException;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.MalformedInstruction;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Slots;
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
 * Bare instructions that run with the address of some memory in R1 and its length in R2.
 *
 * <p>No program type of the kernel begins like that. The verifier is asked about the instructions behind a prologue that makes it so: R1 points
 * to the value of an array map that is as long as the memory, which like the memory may be read and written at any offset, and R2 is a constant.
 */
public final class RawProgram {
    /** Slots in front of the program: the address as a 64-bit immediate takes two, the length one. */
    private static final int PROLOGUE = 3;

    private final ProgramImage image;

    private RawProgram(ProgramImage image) {
        this.image = image;
    }

    /**
     * The program with these little-endian instructions.
     *
     * @param origin the file that they come from, for complaints
     * @throws InputException if they are no instructions
     */
    public static RawProgram of(String origin, byte[] code) {
        if (code.length == 0) {
            throw new InputException(origin + ": no instructions");
        }
        try {
            ProgramImage image = ProgramImage.builder("raw", ProgramType.UNSPEC)
                    .code(Slots.ofBytes(code, ByteOrder.LITTLE_ENDIAN)).build();
            image.decoded();
            return new RawProgram(image);
        } catch (MalformedInstruction e) {
            throw new InputException(
                    origin + ": instruction " + e.index() + " (offset " + Slots.BYTES * e.index() + "): " + e.reason());
        }
    }

    /** What an engine loads. */
    public ProgramImage image() {
        return image;
    }

    /** What an accepting verdict proves of the program itself. */
    public static Facts facts(Verdict.Accepted verdict) {
        return new RawFacts(verdict.facts(), PROLOGUE);
    }

    /**
     * The verdict with so many bytes of memory, as a program of type syscall. Its slot counts from the first of these instructions, the slots
     * of its facts and of its log from the prologue.
     */
    public Verdict verify(int memory) {
        ImmKind kind = memory == 0 ? ImmKind.VALUE : ImmKind.MAP_IDX_VALUE;
        List<RawInstruction> code = new ArrayList<>();
        code.addAll(Encoder.encode(new Instruction.LoadImm64(kind, Reg.R1, 0, 0)));
        code.addAll(Encoder.encode(new Instruction.Mov(Width.W64, 0, Reg.R2, Source.of(memory))));
        code.addAll(image.code());
        List<MapSpec> maps = memory == 0
                ? List.of()
                : List.of(MapSpec.of("memory", MapType.ARRAY, Integer.BYTES, memory, 1));
        ProgramImage framed = ProgramImage.builder("raw", ProgramType.SYSCALL).sleepable(true).code(code).maps(maps)
                .build();
        Verdict verdict = Verifier.verify(framed, Options.privileged());
        return verdict instanceof Verdict.Rejected refusal
                ? new Verdict.Rejected(refusal.errno(), refusal.message(), Math.max(0, refusal.slot() - PROLOGUE), null,
                        refusal.log(), refusal.statistics())
                : verdict;
    }
}
