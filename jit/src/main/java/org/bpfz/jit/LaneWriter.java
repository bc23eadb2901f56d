package org.bpfz.jit;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/**
 * Writes the rounds of a {@link LaneShape}, several at a time: a register holds eight bytes, four half-words or two words of as many rounds.
 *
 * <p>At least one round is left to the loop behind, which so gives every register its last value. A sum is kept in parts of 32 bits each, which
 * can not overflow within a {@link #BATCH}, and is put together behind that many.
 */
final class LaneWriter {
    /** How many longs are added up before a sum is put together: 2 * 2^14 half-words of 2^16 fit 32 bits. */
    private static final int BATCH = 1 << 14;

    private static final long EVEN_BYTES = 0x00ff_00ff_00ff_00ffL;
    private static final long EVEN_HALVES = 0x0000_ffff_0000_ffffL;
    private static final long LOW_WORD = 0xffff_ffffL;

    /** An int: the round in front of which the longs end. */
    private static final int STOP = LoopWriter.LANES;

    /** An int: the round in front of which the batch ends. */
    private static final int BATCH_STOP = STOP + 1;

    /** A long for each register: its parts of a sum. */
    private static final int PARTS = STOP + 2;

    /** The first local variable that no loop uses. */
    static final int FREE = PARTS + 2 * Reg.COUNT;

    private final LoopShape shape;
    private final LaneShape lanes;
    private final CodeBuilder code;
    private final int rounds;

    LaneWriter(LoopShape shape, LaneShape lanes, CodeBuilder code) {
        this.shape = shape;
        this.lanes = lanes;
        this.code = code;
        rounds = Long.BYTES / lanes.size().bytes();
    }

    void write() {
        Label skip = code.newLabel();
        checkOverlaps(skip);
        // All but at least one round, and so many that longs do them.
        code.iload(LoopWriter.ROUNDS).iconst_1().isub().loadConstant(-rounds).iand().istore(STOP);
        Label batches = code.newBoundLabel();
        Label done = code.newLabel();
        code.iload(LoopWriter.ROUND).iload(STOP).if_icmpge(done);
        code.iload(STOP).iload(LoopWriter.ROUND).isub().loadConstant(BATCH * rounds).invokestatic(LoopWriter.MATH,
                "min", LoopWriter.MIN).iload(LoopWriter.ROUND).iadd().istore(BATCH_STOP);
        lanes.sums().keySet().forEach(reg -> code.lconst_0().lstore(parts(reg)));
        Label test = code.newLabel();
        code.goto_(test);
        Label next = code.newBoundLabel();
        lanes.steps().forEach(this::step);
        code.iinc(LoopWriter.ROUND, rounds);
        code.labelBinding(test);
        code.iload(LoopWriter.ROUND).iload(BATCH_STOP).if_icmplt(next);
        lanes.sums().forEach(this::putTogether);
        code.goto_(batches);
        code.labelBinding(done);
        code.labelBinding(skip);
    }

    private static int parts(Reg reg) {
        return PARTS + 2 * reg.index();
    }

    /** A round may not load what one shortly before has stored: goes to the label where the store is less than a long ahead of a load. */
    private void checkOverlaps(Label skip) {
        Store store = lanes.store();
        if (store == null) {
            return;
        }
        int at = store.offset() + lanes.storeAhead();
        for (LoopShape.Step step : lanes.steps()) {
            if (step.instruction() instanceof Load load) {
                int from = load.offset() + step.ahead().getOrDefault(load.base(), 0);
                // 0 < distance < 8, in one comparison of distance - 1.
                code.lload(Locals.of(store.base())).lload(Locals.of(load.base())).lsub()
                        .loadConstant((long) at - from - 1).ladd().loadConstant((long) Long.BYTES - 1)
                        .invokestatic(LoopWriter.LONG, "compareUnsigned", LoopWriter.COMPARE).iflt(skip);
            }
        }
    }

    private void step(LoopShape.Step step) {
        switch (step.instruction()) {
            case Load load -> {
                MemoryTemplates.view(MemSize.DW, code);
                code.aload(Locals.BYTES);
                LoopWriter.index(code, shape, load.base(), load.offset() + ahead(step, load.base()));
                MemoryTemplates.get(MemSize.DW, false, code);
                code.lstore(Locals.of(load.dst()));
            }
            case Store store -> {
                MemoryTemplates.view(MemSize.DW, code);
                code.aload(Locals.BYTES);
                LoopWriter.index(code, shape, store.base(), store.offset() + ahead(step, store.base()));
                push(store.src());
                MemoryTemplates.put(MemSize.DW, code);
            }
            case Mov mov -> {
                push(mov.src());
                code.lstore(Locals.of(mov.dst()));
            }
            case Alu alu -> alu(alu);
            default -> throw new IllegalArgumentException(step.toString());
        }
    }

    private static int ahead(LoopShape.Step step, Reg reg) {
        return step.ahead().getOrDefault(reg, 0);
    }

    private void alu(Alu alu) {
        if (lanes.isSum(alu)) {
            code.lload(parts(alu.dst()));
            push(alu.src());
            widen();
            code.ladd().lstore(parts(alu.dst()));
            return;
        }
        code.lload(Locals.of(alu.dst()));
        push(alu.src());
        switch (alu.op()) {
            case AND -> code.land();
            case OR -> code.lor();
            case XOR -> code.lxor();
            default -> throw new IllegalArgumentException(alu.toString());
        }
        code.lstore(Locals.of(alu.dst()));
    }

    private void push(Source source) {
        switch (source) {
            case Source.Imm(int value) -> code.loadConstant(repeated(value));
            case Source.Register(Reg reg) -> code.lload(Locals.of(reg));
        }
    }

    /** The number in every place of a long. */
    private long repeated(int value) {
        long result = 0;
        for (int bit = 0; bit < Long.SIZE; bit += lanes.size().bits()) {
            result |= Integer.toUnsignedLong(value) << bit;
        }
        return result;
    }

    /** From the numbers in a long to their sum, in parts: two of 32 bits, or of words the sum itself. */
    private void widen() {
        switch (lanes.size()) {
            case B -> {
                pairs(EVEN_BYTES, Byte.SIZE);
                pairs(EVEN_HALVES, Short.SIZE);
            }
            case H -> pairs(EVEN_HALVES, Short.SIZE);
            case W -> pairs(LOW_WORD, Integer.SIZE);
            case DW -> throw new IllegalArgumentException("one number");
        }
    }

    /** Adds neighbours. */
    private void pairs(long even, int bits) {
        code.dup2().loadConstant(even).land().dup2_x2().pop2();
        code.loadConstant(bits).lushr().loadConstant(even).land().ladd();
    }

    private void putTogether(Reg reg, Width width) {
        int local = Locals.of(reg);
        code.lload(local).lload(parts(reg));
        if (lanes.size() != MemSize.W) {
            pairs(LOW_WORD, Integer.SIZE);
        }
        code.ladd();
        if (width == Width.W32) {
            code.loadConstant(LOW_WORD).land();
        }
        code.lstore(local);
    }
}
