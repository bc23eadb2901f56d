package org.bpfz.jit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import org.bpfz.jit.MemoryTemplates.Way;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.memory.Layout;

/**
 * Writes a counting loop a second time, in front of its plain form, as HotSpot likes loops: an int counts the rounds, accesses are at an int that
 * the rounds advance, and what can be checked once is checked once.
 *
 * <pre>
 * rounds = how often the jump will be taken, plus one      otherwise, or where few: the plain form
 * rounds = at most what the fuel allows
 * every span of memory may be accessed                     otherwise: the plain form
 * for (round = 0; round &lt; rounds; round++) body
 * counting registers += rounds * stride
 * </pre>
 *
 * <p>Inside, a counting register keeps its first value, and what it would hold is computed where it is read.
 */
final class LoopWriter {
    /** Fewer rounds than that are not worth the checks. */
    private static final int FEWEST = 4;

    /** Registers and bounds of up to so many bits are compared without overflow, signed as unsigned. */
    private static final int SAFE_BITS = 61;

    /** A long: how many rounds the loop still has. */
    private static final int ALL_ROUNDS = Locals.FREE + 2;

    /** An int: how many of them are done at once. */
    static final int ROUNDS = Locals.FREE + 4;

    /** An int: which one it is. */
    static final int ROUND = Locals.FREE + 5;

    /** An int for each register: where it points in the bytes before the first round. */
    private static final int INDEXES = Locals.FREE + 6;

    /** The first that {@link LaneWriter} may use. */
    static final int LANES = INDEXES + Reg.COUNT;

    static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    static final ClassDesc LONG = ConstantDescs.CD_Long;
    static final MethodTypeDesc MIN = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    static final MethodTypeDesc COMPARE = MethodTypeDesc.of(CD_int, CD_long, CD_long);

    private static final MethodTypeDesc REACHES = MethodTypeDesc.of(CD_boolean, CD_long, CD_long, CD_boolean);

    private final Unit unit;
    private final LoopShape shape;
    private final CodeBuilder code;
    private final Ranges ranges;

    LoopWriter(Unit unit, LoopShape shape, CodeBuilder code) {
        this.unit = unit;
        this.shape = shape;
        this.code = code;
        ranges = Ranges.of(shape);
    }

    /**
     * Writes the loop.
     *
     * @param plain where its plain form begins
     * @param again where this form begins
     * @param body  writes an instruction to an emitter
     * @param exit  writes how control goes on behind the loop
     */
    void write(Label plain, Label again, Body body, Runnable exit) {
        rounds(plain);
        limit(plain);
        ranges.assumed().forEach((reg, divisor) -> {
            code.lload(Locals.of(reg)).loadConstant((long) divisor).invokestatic(LONG, "compareUnsigned", COMPARE)
                    .ifge(plain);
        });
        shape.spans(unit).forEach(span -> check(span, plain));
        shape.spans(unit).stream().map(LoopShape.Span::base).distinct().forEach(base -> code.lload(Locals.of(base))
                .loadConstant(Layout.BASE).lsub().l2i().istore(INDEXES + base.index()));
        code.iconst_0().istore(ROUND);
        LaneShape lanes = LaneShape.of(unit, shape);
        if (lanes != null) {
            new LaneWriter(shape, lanes, code).write();
        }
        Label test = code.newLabel();
        code.goto_(test);
        Label next = code.newBoundLabel();
        for (LoopShape.Step step : shape.steps()) {
            step(step, body);
        }
        code.iinc(ROUND, 1);
        code.labelBinding(test);
        code.iload(ROUND).iload(ROUNDS).if_icmplt(next);
        finish(again, exit);
    }

    /** Writes instructions that are as anywhere else. */
    @FunctionalInterface
    interface Body {
        void write(int slot, Instruction instruction, Emitter out);
    }

    private void step(LoopShape.Step step, Body body) {
        if (step.isCount(shape)) {
            return;
        }
        Emitter out = new InRound(code, shape, step.ahead());
        Way way = shape.way(unit, step);
        switch (step.instruction()) {
            case Instruction.Load load when way == Way.CHECKED -> MemoryTemplates.load(load, way, out);
            case Instruction.Store store when way == Way.CHECKED -> MemoryTemplates.store(store, way, out);
            case Alu alu when ranges.isReduced(step.slot()) -> {
                out.loadLow(alu.dst());
                ConstantRemainder.emitOnce(((Source.Imm) alu.src()).value(), out);
                out.storeLow(alu.dst());
            }
            default -> body.write(step.slot(), step.instruction(), out);
        }
    }

    /** How often the body is executed if nothing else ends it, into {@link #ALL_ROUNDS}; plain where that is not plain to see. */
    private void rounds(Label plain) {
        Reg counter = shape.latch().left();
        long stride = shape.strides().get(counter);
        Source bound = shape.latch().right();
        Emitter out = new Emitter(code);
        if (!shape.meetsExactly()) {
            // Both between 0 and 2^61, so that nothing overflows and no order is in doubt.
            out.load(counter);
            out.load(bound);
            code.lor().loadConstant(SAFE_BITS).lushr().lconst_0().lcmp().ifne(plain);
        }
        if (stride > 0) {
            out.load(bound);
            out.load(counter);
        } else {
            out.load(counter);
            out.load(bound);
        }
        code.lsub();
        long step = Math.abs(stride);
        if (shape.meetsExactly()) {
            divideExactly(step, plain);
        } else if (step != 1) {
            code.loadConstant(step - 1).ladd().loadConstant(step).ldiv();
        }
        code.dup2().lstore(ALL_ROUNDS).loadConstant((long) FEWEST).lcmp().iflt(plain);
    }

    private void divideExactly(long step, Label plain) {
        if (step == 1) {
            return;
        }
        code.dup2().lstore(ALL_ROUNDS);
        code.lload(ALL_ROUNDS).loadConstant(step).lrem().lconst_0().lcmp();
        // The distance is on the stack below; it is not wanted where the step does not divide it.
        Label divides = code.newLabel();
        code.ifeq(divides);
        code.pop2().goto_(plain);
        code.labelBinding(divides);
        code.loadConstant(step).ldiv();
    }

    /** How many rounds the fuel allows, at most, into {@link #ROUNDS}. */
    private void limit(Label plain) {
        code.iload(Locals.FUEL).loadConstant(unit.ordinal(shape.head())).isub().loadConstant(shape.length()).idiv()
                .i2l();
        code.lload(ALL_ROUNDS).invokestatic(MATH, "min", MethodTypeDesc.of(CD_long, CD_long, CD_long))
                .l2i().dup().istore(ROUNDS);
        code.loadConstant(FEWEST).if_icmplt(plain);
    }

    /** Goes to the plain form where a span is not wholly in one region that allows it. */
    private void check(LoopShape.Span span, Label plain) {
        int stride = shape.strides().getOrDefault(span.base(), 0);
        code.aload(Locals.RUN).lload(Locals.of(span.base())).loadConstant((long) span.low()).ladd();
        if (stride < 0) {
            reach(stride);
            code.ladd();
        }
        code.loadConstant((long) span.high() - span.low());
        if (stride != 0) {
            reach(Math.abs(stride));
            code.ladd();
        }
        code.loadConstant(span.writes() ? 1 : 0).invokevirtual(Locals.RUN_CLASS, "reaches", REACHES).ifeq(plain);
    }

    /** Pushes how far the last round is from the first. */
    private void reach(int stride) {
        code.iload(ROUNDS).iconst_1().isub().i2l().loadConstant((long) stride).lmul();
    }

    /** Brings registers and fuel up to date, and goes on behind the loop or, where rounds are left, begins again. */
    private void finish(Label again, Runnable exit) {
        for (Map.Entry<Reg, Integer> entry : shape.strides().entrySet()) {
            int local = Locals.of(entry.getKey());
            code.lload(local).iload(ROUNDS).i2l().loadConstant((long) entry.getValue()).lmul().ladd().lstore(local);
        }
        code.iload(Locals.FUEL).iload(ROUNDS).loadConstant(shape.length()).imul().isub().istore(Locals.FUEL);
        code.lload(ALL_ROUNDS).iload(ROUNDS).i2l().lcmp().ifgt(again);
        // The last round has not jumped back.
        BodyWriter.add(code, shape.length());
        exit.run();
    }

    /** Where a counting register is its first value and what the rounds have added. */
    private static final class InRound extends Emitter {
        private final LoopShape shape;
        private final Map<Reg, Integer> ahead;

        InRound(CodeBuilder code, LoopShape shape, Map<Reg, Integer> ahead) {
            super(code);
            this.shape = shape;
            this.ahead = ahead;
        }

        @Override
        void load(Reg reg) {
            super.load(reg);
            Integer stride = shape.strides().get(reg);
            if (stride != null) {
                code().iload(ROUND).i2l().loadConstant((long) stride).lmul().ladd();
                int more = ahead.getOrDefault(reg, 0);
                if (more != 0) {
                    code().loadConstant((long) more).ladd();
                }
            }
        }

        @Override
        void index(Reg base, int offset) {
            LoopWriter.index(code(), shape, base, offset + ahead.getOrDefault(base, 0));
        }
    }

    /** Pushes where an access of the current round is in the bytes. */
    static void index(CodeBuilder code, LoopShape shape, Reg base, int offset) {
        code.iload(INDEXES + base.index());
        int stride = shape.strides().getOrDefault(base, 0);
        if (stride != 0) {
            code.iload(ROUND);
            if (stride != 1) {
                code.loadConstant(stride).imul();
            }
            code.iadd();
        }
        if (offset != 0) {
            code.loadConstant(offset).iadd();
        }
    }
}
