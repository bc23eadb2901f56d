package org.bpfz.spec.engine.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.ByteOrder;
import org.bpfz.spec.isa.Instruction.End;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.Goto;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Neg;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/**
 * Programs for raw runs, made of a seed, that never fault and always end: arithmetic on numbers, jumps forward, and loads, stores and atomics
 * inside 64 bytes of stack and {@link #MEMORY} bytes of raw memory. Everything computed ends in R0 or in the memory.
 */
public final class RandomPrograms {
    /** Bytes of raw memory that a program needs. */
    public static final int MEMORY = 64;

    private static final int STACK = 64;
    private static final Reg MEMORY_POINTER = Reg.R1;
    private static final Reg[] NUMBERS = {Reg.R0, Reg.R2, Reg.R3, Reg.R4, Reg.R5, Reg.R6, Reg.R7, Reg.R8, Reg.R9};
    private static final int[] EDGES = {0, 1, -1, 2, 7, 8, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 0x7fff, 0x8000,
        0xffff, 0x10000, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1};

    private final Random random;
    private final boolean verifiable;
    private final List<Instruction> body = new ArrayList<>();

    private RandomPrograms(long seed, boolean verifiable) {
        random = new Random(seed);
        this.verifiable = verifiable;
    }

    /** A program of about {@code length} instructions. */
    public static Program of(long seed, int length) {
        return make(new RandomPrograms(seed, false), length);
    }

    /**
     * A program of about {@code length} instructions that a kernel's verifier takes if R1 points to the memory: no misaligned stack, shift by the
     * width or more, or division by a constant 0, and no code that nothing reaches.
     */
    public static Program verifiable(long seed, int length) {
        return make(new RandomPrograms(seed, true), length);
    }

    private static Program make(RandomPrograms maker, int length) {
        List<Instruction> program = new ArrayList<>();
        for (Reg register : NUMBERS) {
            program.add(new LoadImm64(ImmKind.VALUE, register, maker.immediate(), maker.immediate()));
        }
        for (int offset = -STACK; offset < 0; offset += 8) {
            program.add(new Store(MemSize.DW, Reg.R10, (short) offset, Source.of(maker.number())));
        }
        for (int i = 0; i < length; i++) {
            maker.body.add(maker.instruction());
        }
        maker.addJumps();
        program.addAll(maker.body);
        for (Reg register : NUMBERS) {
            if (register != Reg.R0) {
                program.add(new Alu(Width.W64, AluOp.MUL, Reg.R0, Source.of(31)));
                program.add(new Alu(Width.W64, AluOp.ADD, Reg.R0, Source.of(register)));
            }
        }
        for (int offset = 0; offset < STACK; offset += 8) {
            program.add(new Load(MemSize.DW, false, Reg.R2, Reg.R10, (short) (offset - STACK)));
            program.add(new Alu(Width.W64, AluOp.XOR, Reg.R0, Source.of(Reg.R2)));
        }
        program.add(new Exit());
        return Program.of(program);
    }

    private Instruction instruction() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> arithmetic();
            case 4 -> mov();
            case 5 -> new Neg(width(), number());
            case 6 -> new End(pick(ByteOrder.values()), 16 << random.nextInt(3), number());
            case 7 -> new LoadImm64(ImmKind.VALUE, number(), immediate(), immediate());
            case 8, 9 -> load();
            case 10 -> {
                MemSize size = pick(MemSize.values());
                boolean stack = random.nextBoolean();
                yield new Store(size, base(stack), offset(stack, size), source());
            }
            default -> {
                MemSize size = random.nextBoolean() ? MemSize.W : MemSize.DW;
                boolean stack = random.nextBoolean();
                yield new Atomic(pick(AtomicOp.values()), size, base(stack), offset(stack, size), number());
            }
        };
    }

    private Instruction arithmetic() {
        Alu alu = new Alu(width(), pick(AluOp.values()), number(), source());
        if (!verifiable || !(alu.src() instanceof Source.Imm(int value))) {
            return alu;
        }
        int legal = switch (alu.op()) {
            case LSH, RSH, ARSH -> value & (alu.width().bits() - 1);
            case DIV, SDIV, MOD, SMOD -> value == 0 ? 1 : value;
            default -> value;
        };
        return new Alu(alu.width(), alu.op(), alu.dst(), Source.of(legal));
    }

    private Instruction mov() {
        Width width = width();
        int bits = switch (random.nextInt(4)) {
            case 0 -> 8;
            case 1 -> 16;
            case 2 -> width == Width.W64 ? 32 : 0;
            default -> 0;
        };
        return new Mov(width, bits, number(), bits == 0 ? source() : Source.of(number()));
    }

    private Instruction load() {
        MemSize size = pick(MemSize.values());
        boolean stack = random.nextBoolean();
        return new Load(size, size != MemSize.DW && random.nextBoolean(), number(), base(stack), offset(stack, size));
    }

    /** Puts jumps forward between the instructions, the last first, so that their distances stay right. */
    private void addJumps() {
        for (int at = body.size() - 1; at >= 0; at--) {
            if (random.nextInt(5) == 0) {
                int slots = slotsOf(at, Math.min(body.size(), at + random.nextInt(6)));
                body.add(at, !verifiable && random.nextInt(8) == 0
                        ? new Goto(random.nextBoolean(), slots)
                        : new Jump(width(), pick(Condition.values()), number(), source(), (short) slots));
            }
        }
    }

    private int slotsOf(int from, int to) {
        return body.subList(from, to).stream().mapToInt(Instruction::slots).sum();
    }

    private static Reg base(boolean stack) {
        return stack ? Reg.R10 : MEMORY_POINTER;
    }

    private short offset(boolean stack, MemSize size) {
        int offset = random.nextInt((stack ? STACK : MEMORY) - size.bytes() + 1);
        return (short) ((verifiable ? offset / size.bytes() * size.bytes() : offset) - (stack ? STACK : 0));
    }

    private Width width() {
        return pick(Width.values());
    }

    private Reg number() {
        return pick(NUMBERS);
    }

    private Source source() {
        return random.nextBoolean() ? Source.of(number()) : Source.of(immediate());
    }

    private int immediate() {
        return random.nextInt(3) == 0 ? random.nextInt() : EDGES[random.nextInt(EDGES.length)];
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
