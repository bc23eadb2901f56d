package org.bpfz.proofs.access;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.Linkage;
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
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;

/**
 * Asks the whole verifier about programs whose accesses begin and end around the ends of a region: {@code stack}, {@code region} (a map's value)
 * or {@code packet}. Yields the offsets that it accepts.
 */
public final class VerifierRun implements UnaryOperator<String> {
    private static final int VALUE_SIZE = 16;
    private static final int LOOKED_AT = 8;
    private static final Btf KERNEL = kernel();

    @Override
    public String apply(String what) {
        List<String> accepted = new ArrayList<>();
        switch (what) {
            case "stack" -> {
                for (int offset : new int[]{-520, -513, -512, -505, -9, -8, -7, -1, 0, 8}) {
                    ask(accepted, "store at " + offset, stackStore(offset));
                    ask(accepted, "load at " + offset, stackLoad(offset));
                    ask(accepted, "variable load at " + offset, stackVariable(offset));
                }
            }
            case "packet" -> {
                for (int offset = -2; offset < LOOKED_AT + 3; offset++) {
                    ask(accepted, "byte " + offset, packet(offset));
                }
            }
            case "context" -> {
                for (int offset = -8; offset <= 24; offset += 4) {
                    for (int moved : new int[]{0, 4, 8}) {
                        ask(accepted, "load at " + moved + " and " + offset, compressor(context(offset, moved, false)));
                        ask(accepted, "store at " + moved + " and " + offset, compressor(context(offset, moved, true)));
                    }
                    ask(accepted, "variable load at " + offset, compressor(contextVariable(offset)));
                }
            }
            case "written" -> {
                for (int most : new int[]{0, 1, 8, 15, 16, 31}) {
                    for (int least : new int[]{0, 1}) {
                        ask(accepted, "copy of " + least + " to " + (most + least), compressor(copy(most, least)));
                    }
                }
            }
            case "arguments" -> {
                for (AttachType attach : List.of(AttachType.TRACE_FENTRY, AttachType.TRACE_FEXIT)) {
                    for (int offset = 0; offset < 96; offset += 4) {
                        ask(accepted, attach + " " + offset, tracing(attach, context(offset, 0, false)));
                    }
                }
            }
            default -> {
                for (int offset = -2; offset < VALUE_SIZE + 3; offset++) {
                    ask(accepted, "byte " + offset, region(offset, 0));
                    ask(accepted, "byte " + offset + " to " + (offset + 7), region(offset, 7));
                }
                ask(accepted, "any", region(0, -1));
            }
        }
        return accepted.toString();
    }

    private static void ask(List<String> accepted, String name, List<Instruction> instructions) {
        boolean packet = instructions.getFirst() instanceof Instruction.Load load && load.size() == MemSize.W
                && load.base() == Reg.R1;
        ask(accepted, name, ProgramImage.builder("proof", packet ? ProgramType.XDP : ProgramType.SOCKET_FILTER)
                .code(Encoder.encode(Program.of(instructions)))
                .maps(List.of(MapSpec.of("values", MapType.ARRAY, 4, VALUE_SIZE, 1))).build());
    }

    private static void ask(List<String> accepted, String name, ProgramImage image) {
        if (Verifier.verify(image, Options.privileged().withKernelBtf(KERNEL)) instanceof Verdict.Accepted) {
            accepted.add(name);
        }
    }

    /** A kernel with one function, of two arguments and a result. */
    private static Btf kernel() {
        // A header and a pointer to void, since there must be a type.
        ByteBuffer one = ByteBuffer.allocate(37).order(ByteOrder.LITTLE_ENDIAN);
        one.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24).putInt(0).putInt(12).putInt(12).putInt(1)
                .putInt(0).putInt(2 << 24).putInt(0);
        List<BtfType> types = List.of(new BtfType.Int("long", 8, BtfType.IntEncoding.SIGNED, 0, 64),
                new BtfType.FuncProto(2, List.of(new BtfType.Param("a", 2), new BtfType.Param("b", 2))),
                new BtfType.Func("traced", 3, Linkage.STATIC));
        return Btf.read(one.array(), BtfRules.KERNEL).with(Map.of(), types, BtfRules.KERNEL);
    }

    private static ProgramImage tracing(AttachType attach, List<Instruction> instructions) {
        return ProgramImage.builder("proof", ProgramType.TRACING).attachType(attach).attachTarget("traced")
                .licence("GPL").code(Encoder.encode(Program.of(instructions))).build();
    }

    private static ProgramImage compressor(List<Instruction> instructions) {
        return ProgramImage.builder("proof", ProgramType.COMPRESSOR).attachType(AttachType.COMPRESSOR)
                .attachTarget("bpf_compressor_verify")
                .code(Encoder.encode(Program.of(instructions)))
                .maps(List.of(MapSpec.of("values", MapType.ARRAY, 4, VALUE_SIZE, 1))).build();
    }

    /** An access of the context's eight bytes at an offset, by a pointer that was moved. */
    private static List<Instruction> context(int offset, int moved, boolean store) {
        List<Instruction> program = new ArrayList<>();
        if (moved != 0) {
            program.add(add(Reg.R1, Source.of(moved)));
        }
        program.add(store
                ? new Instruction.Store(MemSize.DW, Reg.R1, (short) offset, Source.of(0))
                : new Instruction.Load(MemSize.DW, false, Reg.R0, Reg.R1, (short) offset));
        program.add(set(Reg.R0, 0));
        program.add(new Instruction.Exit());
        return program;
    }

    /** Copies bytes of the written data to a map's value, as many as a number has that is made of the bits of a mask, and some more. */
    private static List<Instruction> copy(int mask, int more) {
        Instruction masked = new Instruction.Alu(Width.W64, AluOp.AND, Reg.R4, Source.of(mask));
        Instruction.CallTarget helper = new Instruction.CallTarget.Helper(212);
        return List.of(new Instruction.Load(MemSize.DW, false, Reg.R4, Reg.R1, (short) 8), masked,
                add(Reg.R4, Source.of(more)), new Instruction.LoadImm64(ImmKind.MAP_IDX_VALUE, Reg.R3, 0, 0),
                set(Reg.R2, 0), new Instruction.Call(helper), set(Reg.R0, 0), new Instruction.Exit());
    }

    /** A load of the context by a pointer to which 0 or 8 was added. */
    private static List<Instruction> contextVariable(int offset) {
        return List.of(new Instruction.Load(MemSize.DW, false, Reg.R2, Reg.R1, (short) 8),
                new Instruction.Alu(Width.W64, AluOp.AND, Reg.R2, Source.of(8)), add(Reg.R1, Source.of(Reg.R2)),
                new Instruction.Load(MemSize.DW, false, Reg.R0, Reg.R1, (short) offset), set(Reg.R0, 0),
                new Instruction.Exit());
    }

    private static Instruction set(Reg reg, int value) {
        return new Instruction.Mov(Width.W64, 0, reg, Source.of(value));
    }

    private static Instruction add(Reg reg, Source source) {
        return new Instruction.Alu(Width.W64, AluOp.ADD, reg, source);
    }

    private static List<Instruction> stackStore(int offset) {
        return List.of(new Instruction.Store(MemSize.B, Reg.R10, (short) offset, Source.of(0)), set(Reg.R0, 0),
                new Instruction.Exit());
    }

    private static List<Instruction> stackLoad(int offset) {
        return List.of(new Instruction.Store(MemSize.DW, Reg.R10, (short) -8, Source.of(0)),
                new Instruction.Load(MemSize.B, false, Reg.R0, Reg.R10, (short) offset), set(Reg.R0, 0),
                new Instruction.Exit());
    }

    /** A load at an offset plus 0 to 7. */
    private static List<Instruction> stackVariable(int offset) {
        List<Instruction> program = new ArrayList<>();
        for (int at = -512; at < 0; at += 8) {
            program.add(new Instruction.Store(MemSize.DW, Reg.R10, (short) at, Source.of(0)));
        }
        program.add(new Instruction.Load(MemSize.W, false, Reg.R2, Reg.R1, (short) 0));
        program.add(new Instruction.Alu(Width.W64, AluOp.AND, Reg.R2, Source.of(7)));
        program.add(new Instruction.Mov(Width.W64, 0, Reg.R3, Source.of(Reg.R10)));
        program.add(add(Reg.R3, Source.of(Reg.R2)));
        program.add(new Instruction.Load(MemSize.B, false, Reg.R0, Reg.R3, (short) offset));
        program.add(set(Reg.R0, 0));
        program.add(new Instruction.Exit());
        return program;
    }

    /** A byte of the packet, of which eight are known to be there. */
    private static List<Instruction> packet(int offset) {
        return List.of(new Instruction.Load(MemSize.W, false, Reg.R2, Reg.R1, (short) 0),
                new Instruction.Load(MemSize.W, false, Reg.R3, Reg.R1, (short) 4),
                new Instruction.Mov(Width.W64, 0, Reg.R4, Source.of(Reg.R2)), add(Reg.R4, Source.of(LOOKED_AT)),
                set(Reg.R0, 0), new Instruction.Jump(Width.W64, Condition.GT, Reg.R4, Source.of(Reg.R3), (short) 1),
                new Instruction.Load(MemSize.B, false, Reg.R0, Reg.R2, (short) offset), set(Reg.R0, 0),
                new Instruction.Exit());
    }

    /** A byte of a map's value at an offset plus the low bits of a number (all of it for a mask of -1). */
    private static List<Instruction> region(int offset, int mask) {
        return List.of(new Instruction.Mov(Width.W64, 0, Reg.R6, Source.of(Reg.R1)),
                new Instruction.Load(MemSize.W, false, Reg.R2, Reg.R6, (short) 0),
                new Instruction.Alu(Width.W64, AluOp.AND, Reg.R2, Source.of(mask)),
                new Instruction.LoadImm64(ImmKind.MAP_IDX_VALUE, Reg.R1, 0, 0), add(Reg.R1, Source.of(Reg.R2)),
                new Instruction.Load(MemSize.B, false, Reg.R0, Reg.R1, (short) offset), set(Reg.R0, 0),
                new Instruction.Exit());
    }
}
