package org.bpfz.spec.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.End;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.LegacyPacketLoad;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Neg;
import org.bpfz.spec.isa.Instruction.PacketMode;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.live.LiveKernel;
import org.bpfz.spec.live.RequiresLiveKernel;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The machine's kernel computes what the semantics says. Operands come from the context, which the verifier knows nothing
 * of, so that nothing is folded before it runs.
 */
class LiveSemanticsTest {
    private static final Semantics<Long, Integer, Boolean> SEMANTICS = Semantics.CONCRETE;

    private static final Reg DST = Reg.R2;
    private static final Reg SRC = Reg.R3;
    private static final Reg CONTEXT = Reg.R6;

    /** How many times each form is run, with other operands. */
    private static final int INSTANCES = 12;

    private static final int PER_PROGRAM = 60;

    private static final long[] EDGES = {0, 1, -1, 2, 31, 32, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x7fff_ffffL,
        0x8000_0000L, 0xffff_ffffL, 0x1_0000_0000L, 0x7fff_ffff_ffff_ffffL, Long.MIN_VALUE, 0xffff_ffff_8000_0000L};

    private final Random random = new Random(612);
    private final List<Case> cases = new ArrayList<>();

    /**
     * One computation: R2, R3 and R0 are loaded, the code runs, R2 is stored.
     *
     * @param expected R2 afterwards
     */
    private record Case(List<Instruction> code, long dst, long src, long r0, long expected) {}

    @BeforeAll
    static void needsKernel() {
        RequiresLiveKernel.orSkip(LiveSemanticsTest.class);
    }

    @Test
    void arithmetic() throws IOException {
        for (int i = 0; i < INSTANCES; i++) {
            for (Width width : Width.values()) {
                for (AluOp op : AluOp.values()) {
                    long dst = value();
                    long src = value();
                    add(dst, src, SEMANTICS.alu(width, op, dst, src), new Alu(width, op, DST, Source.of(SRC)));
                    Source constant = Source.of(constant(width, op));
                    long imm = SEMANTICS.source(constant, reg -> 0L);
                    add(dst, src, SEMANTICS.alu(width, op, dst, imm), new Alu(width, op, DST, constant));
                }
                long dst = value();
                add(dst, 0, SEMANTICS.neg(width, dst), new Neg(width, DST));
            }
        }
        runAll();
    }

    /** A constant that the verifier lets through: it refuses shifts by the width and divisions by zero. */
    private int constant(Width width, AluOp op) {
        return switch (op) {
            case LSH, RSH, ARSH -> random.nextInt(width.bits());
            case DIV, SDIV, MOD, SMOD -> (int) value() | 1;
            case ADD, SUB, MUL, OR, AND, XOR -> (int) value();
        };
    }

    @Test
    void movesAndByteSwaps() throws IOException {
        for (int i = 0; i < INSTANCES; i++) {
            for (Width width : Width.values()) {
                for (int from : width == Width.W32 ? new int[]{0, 8, 16} : new int[]{0, 8, 16, 32}) {
                    long src = value();
                    add(value(), src, SEMANTICS.mov(width, from, src), new Mov(width, from, DST, Source.of(SRC)));
                }
                Source constant = Source.of((int) value());
                add(value(), 0, SEMANTICS.mov(width, 0, SEMANTICS.source(constant, reg -> 0L)),
                        new Mov(width, 0, DST, constant));
            }
            for (Instruction.ByteOrder order : Instruction.ByteOrder.values()) {
                for (int bits = 16; bits <= 64; bits *= 2) {
                    long dst = value();
                    add(dst, 0, SEMANTICS.end(order, bits, dst), new End(order, bits, DST));
                }
            }
        }
        runAll();
    }

    @Test
    void jumps() throws IOException {
        for (int i = 0; i < INSTANCES; i++) {
            for (Width width : Width.values()) {
                for (Condition condition : Condition.values()) {
                    long dst = value();
                    long src = i % 3 == 0 ? dst : value();
                    addJump(dst, src, new Jump(width, condition, DST, Source.of(SRC), (short) 1));
                    addJump(dst, src, new Jump(width, condition, DST, Source.of((int) src), (short) 1));
                }
            }
        }
        runAll();
    }

    /** R2 becomes 1 if the jump is taken, else 0. */
    private void addJump(long dst, long src, Jump jump) {
        long right = SEMANTICS.source(jump.right(), reg -> src);
        boolean taken = SEMANTICS.jumps(jump.width(), jump.condition(), dst, right);
        add(dst, src, taken ? 1 : 0, new Mov(Width.W64, 0, Reg.R0, Source.of(1)), jump,
                new Mov(Width.W64, 0, Reg.R0, Source.of(0)), new Mov(Width.W64, 0, DST, Source.of(Reg.R0)));
    }

    @Test
    void loadsAndStores() throws IOException {
        short cell = -8;
        Instruction spill = new Store(MemSize.DW, Reg.R10, cell, Source.of(DST));
        Instruction fill = new Load(MemSize.DW, false, DST, Reg.R10, cell);
        for (int i = 0; i < INSTANCES; i++) {
            for (MemSize size : MemSize.values()) {
                long dst = value();
                long src = value();
                add(dst, src, SEMANTICS.load(size, false, dst), spill, new Load(size, false, DST, Reg.R10, cell));
                if (size != MemSize.DW) {
                    add(dst, src, SEMANTICS.load(size, true, dst), spill, new Load(size, true, DST, Reg.R10, cell));
                }
                long above = size == MemSize.DW ? 0 : dst >>> size.bits() << size.bits();
                add(dst, src, above | SEMANTICS.store(size, src), spill,
                        new Store(size, Reg.R10, cell, Source.of(SRC)), fill);
                int imm = (int) value();
                long constant = SEMANTICS.source(Source.of(imm), reg -> 0L);
                add(dst, src, above | SEMANTICS.store(size, constant), spill,
                        new Store(size, Reg.R10, cell, Source.of(imm)), fill);
            }
        }
        runAll();
    }

    @Test
    void atomics() throws IOException {
        short cell = -8;
        Instruction spill = new Store(MemSize.DW, Reg.R10, cell, Source.of(DST));
        Instruction fill = new Load(MemSize.DW, false, DST, Reg.R10, cell);
        for (int i = 0; i < INSTANCES; i++) {
            for (MemSize size : List.of(MemSize.W, MemSize.DW)) {
                for (AtomicOp op : AtomicOp.values()) {
                    long memory = value();
                    long src = value();
                    long r0 = i % 2 == 0 ? SEMANTICS.load(size, false, memory) | (random.nextLong() << 32) : value();
                    var result = SEMANTICS.atomic(op, size, memory, src, r0);
                    long above = size == MemSize.DW ? 0 : memory >>> 32 << 32;
                    Instruction atomic = new Atomic(op, size, Reg.R10, cell, SRC);
                    cases.add(new Case(List.of(spill, atomic, fill), memory, src, r0, above | result.stored()));
                    if (op.fetches()) {
                        Reg old = op == AtomicOp.CMPXCHG ? Reg.R0 : SRC;
                        cases.add(new Case(List.of(spill, atomic, new Mov(Width.W64, 0, DST, Source.of(old))), memory,
                                src, r0, result.old()));
                    }
                }
            }
        }
        runAll();
    }

    @Test
    void packetLoads() throws IOException {
        byte[] frame = new byte[14 + 16];
        random.nextBytes(frame);
        ByteBuffer packet = ByteBuffer.wrap(frame, 14, 16).slice().order(ByteOrder.LITTLE_ENDIAN);
        for (MemSize size : List.of(MemSize.B, MemSize.H, MemSize.W)) {
            int at = 5;
            long memory = packet.getLong(at);
            Program program = Program.of(new Mov(Width.W64, 0, CONTEXT, Source.of(Reg.R1)),
                    new LegacyPacketLoad(PacketMode.ABS, size, Reg.R0, at), new Exit());
            try (LiveKernel.Loading loading = LiveKernel
                    .load(LiveKernel.Request.of(ProgramType.SOCKET_FILTER, Encoder.encode(program)))) {
                int returned = LiveKernel.run(programOf(loading), new byte[0], frame, 1).returned();
                assertEquals(SEMANTICS.packetLoad(size, memory).intValue(), returned);
            }
        }
    }

    private void add(long dst, long src, long expected, Instruction... code) {
        cases.add(new Case(List.of(code), dst, src, 0, expected));
    }

    private long value() {
        return switch (random.nextInt(3)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1 -> random.nextLong();
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    private void runAll() throws IOException {
        for (int from = 0; from < cases.size(); from += PER_PROGRAM) {
            run(cases.subList(from, Math.min(from + PER_PROGRAM, cases.size())));
        }
        System.out.println("computations compared with the live kernel: " + cases.size());
    }

    private static void run(List<Case> batch) throws IOException {
        int caseBytes = 3 * Long.BYTES;
        ByteBuffer context = ByteBuffer.allocate(batch.size() * caseBytes).order(ByteOrder.nativeOrder());
        List<Instruction> code = new ArrayList<>();
        code.add(new Mov(Width.W64, 0, CONTEXT, Source.of(Reg.R1)));
        for (Case c : batch) {
            short at = (short) context.position();
            context.putLong(c.dst).putLong(c.src).putLong(c.r0);
            code.add(new Load(MemSize.DW, false, DST, CONTEXT, at));
            code.add(new Load(MemSize.DW, false, SRC, CONTEXT, (short) (at + 8)));
            code.add(new Load(MemSize.DW, false, Reg.R0, CONTEXT, (short) (at + 16)));
            code.addAll(c.code);
            code.add(new Store(MemSize.DW, CONTEXT, at, Source.of(DST)));
        }
        code.add(new Mov(Width.W64, 0, Reg.R0, Source.of(0)));
        code.add(new Exit());
        LiveKernel.Request request = LiveKernel.Request.of(ProgramType.SYSCALL, Encoder.encode(Program.of(code)))
                .withFlags(LiveKernel.F_SLEEPABLE);
        try (LiveKernel.Loading loading = LiveKernel.load(request)) {
            LiveKernel.run(programOf(loading), context.array(), new byte[0], 0);
        }
        for (int i = 0; i < batch.size(); i++) {
            Case c = batch.get(i);
            assertEquals(Long.toHexString(c.expected), Long.toHexString(context.getLong(i * caseBytes)), c::toString);
        }
    }

    private static LiveKernel.Descriptor programOf(LiveKernel.Loading loading) {
        LiveKernel.Descriptor program = loading.program();
        assertNotNull(program, loading::log);
        return program;
    }
}
