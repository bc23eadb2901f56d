package org.bpfz.jit;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.memory.Layout;

/**
 * Makes a method of a function, or several where it is long: then a chunk is a method that takes the registers from an array, runs until control
 * leaves it, puts them back and returns where to go on, and the function is a loop that calls the chunks, or groups of them where they are many.
 */
final class FunctionWriter {
    /** In the array of registers, behind R0 to R10. */
    static final int SPILLED_FUEL = Reg.COUNT;

    /** The same for may_goto's count. */
    static final int SPILLED_LOOPS = Reg.COUNT + 1;

    private static final ClassDesc LONGS = CD_long.arrayType();

    /** Of a chunk and of what calls chunks: run, R10, the registers, what comes next; returns what comes then, -1 behind the function's end. */
    static final MethodTypeDesc CHUNK = MethodTypeDesc.of(CD_int, Locals.RUN_CLASS, CD_long, LONGS, CD_int);
    private static final int FLAGS = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC;

    /** What says where to go on is the chunk's index and, in so many bits, that of its entry. */
    static final int ENTRY_BITS = 16;

    /** Where the driver of a long function keeps the registers, behind its parameters. */
    private static final int DRIVER_FRAME = 13;

    /** Where they are in a chunk and in what calls chunks, and where is what comes next: parameters. */
    private static final int CHUNK_FRAME = 3;
    private static final int CHUNK_NEXT = 4;

    /** Chunks of a group. */
    private static final int GROUP_BITS = 6;
    private static final int GROUP = 1 << GROUP_BITS;

    private final Unit unit;
    private final Flow flow;
    private final List<BitSet> chunks;
    private final Map<Integer, Integer> codes = new HashMap<>();

    FunctionWriter(Unit unit, Flow flow) {
        this.unit = unit;
        this.flow = flow;
        chunks = Chunks.cut(unit.program(), flow.slots());
    }

    /** Whether it is more than one method. */
    boolean isCut() {
        return chunks.size() > 1;
    }

    void write(ClassBuilder builder) {
        String name = CallTemplates.function(flow.entry());
        if (!isCut()) {
            builder.withMethodBody(name, Locals.FUNCTION, FLAGS, code -> whole(code, false));
            if (unit.straight(flow.entry()) > 0) {
                builder.withMethodBody(CallTemplates.paid(flow.entry()), Locals.FUNCTION, FLAGS,
                        code -> whole(code, true));
            }
            return;
        }
        List<List<Integer>> entries = entries();
        for (int i = 0; i < chunks.size(); i++) {
            for (int j = 0; j < entries.get(i).size(); j++) {
                codes.put(entries.get(i).get(j), i << ENTRY_BITS | j);
            }
        }
        for (int i = 0; i < chunks.size(); i++) {
            BitSet slots = chunks.get(i);
            List<Integer> own = entries.get(i);
            builder.withMethodBody(chunk(i), CHUNK, FLAGS, code -> chunk(code, slots, own));
        }
        if (isGrouped()) {
            for (int i = 0; i < groups(); i++) {
                int group = i;
                builder.withMethodBody(group(i), CHUNK, FLAGS, code -> group(code, group));
            }
        }
        builder.withMethodBody(rest(flow.entry()), CHUNK, FLAGS, this::rest);
        builder.withMethodBody(name, Locals.FUNCTION, FLAGS, this::driver);
    }

    private String chunk(int index) {
        return "chunk" + flow.entry() + "_" + index;
    }

    /** The slots of each chunk that control enters from outside of it. */
    private List<List<Integer>> entries() {
        int[] chunkOf = new int[unit.program().slotCount()];
        for (int i = 0; i < chunks.size(); i++) {
            int chunk = i;
            chunks.get(i).stream().forEach(slot -> chunkOf[slot] = chunk);
        }
        List<BitSet> found = new ArrayList<>();
        chunks.forEach(chunk -> found.add(new BitSet()));
        chunks.forEach(chunk -> {
            int first = chunk.nextSetBit(0);
            found.get(chunkOf[first]).set(first);
        });
        found.get(chunkOf[flow.entry()]).set(flow.entry());
        flow.slots().stream().forEach(slot -> {
            int target = BodyWriter.target(unit.program(), slot);
            if (target >= 0 && target < chunkOf.length && flow.slots().get(target)
                    && chunkOf[target] != chunkOf[slot]) {
                found.get(chunkOf[target]).set(target);
            }
        });
        return found.stream().map(entries -> entries.stream().boxed().toList()).toList();
    }

    /**
     * A function in one method.
     *
     * @param paid whether the caller pays for its instructions
     */
    private void whole(CodeBuilder code, boolean paid) {
        Emitter out = new Emitter(code);
        begin(code);
        code.lconst_0().lstore(Locals.of(Reg.R0));
        for (Reg reg : List.of(Reg.R6, Reg.R7, Reg.R8, Reg.R9)) {
            code.lconst_0();
            out.store(reg);
        }
        if (!paid) {
            fuel(code, flow.entry());
        }
        code.loadConstant(JitRun.LOOPS).istore(Locals.LOOPS);
        if (BodyWriter.needsRules(unit, flow)) {
            CallTemplates.inFrame(out);
        }
        BodyWriter body = new BodyWriter(unit, flow, flow.slots(), code, null, Anchors.NONE, paid);
        body.write(() -> body.go(flow.entry()));
    }

    /** What chunks and whole functions begin with. */
    private void begin(CodeBuilder code) {
        code.aload(Locals.RUN).invokevirtual(Locals.RUN_CLASS, "memory", MethodTypeDesc.of(MemoryTemplates.MEMORY))
                .astore(Locals.MEMORY);
        code.loadConstant(CallTemplates.classData(unit.bytes(), CD_byte.arrayType())).astore(Locals.BYTES);
        code.aload(Locals.RUN).invokevirtual(Locals.RUN_CLASS, "home", MethodTypeDesc.of(CD_long))
                .lstore(Locals.HOME);
        code.aload(Locals.RUN).invokevirtual(Locals.RUN_CLASS, "origin", MethodTypeDesc.of(CD_long))
                .lstore(Locals.ORIGIN);
        code.lload(Locals.of(Reg.R10)).invokestatic(Locals.RUN_CLASS, "frame", MethodTypeDesc.of(CD_int, CD_long))
                .istore(Locals.FRAME);
        code.iconst_0().istore(Locals.SLOT);
        code.lconst_0().lstore(Locals.ADDRESS);
    }

    /** Takes the fuel over from the run. */
    private void fuel(CodeBuilder code, int slot) {
        Label enough = code.newLabel();
        code.aload(Locals.RUN).getfield(Locals.RUN_CLASS, "fuel", CD_int).istore(Locals.FUEL);
        code.iload(Locals.FUEL).ifgt(enough);
        code.aload(Locals.RUN).iload(Locals.FUEL).loadConstant(slot)
                .invokevirtual(Locals.RUN_CLASS, "refuel", MethodTypeDesc.of(CD_int, CD_int, CD_int))
                .istore(Locals.FUEL);
        code.labelBinding(enough);
        BodyWriter.add(code, unit.ordinal(slot));
    }

    /** A long function: registers into an array, and a loop over chunks. */
    private void driver(CodeBuilder code) {
        code.loadConstant(SPILLED_LOOPS + 1).newarray(TypeKind.LONG).astore(DRIVER_FRAME);
        for (Reg reg : List.of(Reg.R1, Reg.R2, Reg.R3, Reg.R4, Reg.R5)) {
            code.aload(DRIVER_FRAME).loadConstant(reg.index()).lload(Locals.of(reg)).lastore();
        }
        if (BodyWriter.needsRules(unit, flow)) {
            CallTemplates.inFrame(new Emitter(code));
        }
        fuel(code, flow.entry());
        code.aload(DRIVER_FRAME).loadConstant(SPILLED_FUEL).iload(Locals.FUEL).i2l().lastore();
        code.aload(DRIVER_FRAME).loadConstant(SPILLED_LOOPS).loadConstant((long) JitRun.LOOPS).lastore();
        Integer first = codes.get(flow.entry());
        code.aload(Locals.RUN).lload(Locals.of(Reg.R10)).aload(DRIVER_FRAME).loadConstant(first)
                .invokestatic(unit.owner(), rest(flow.entry()), CHUNK).pop();
        code.aload(DRIVER_FRAME).iconst_0().laload().lreturn();
    }

    /** The method that goes on with a cut function from where it is told to. */
    static String rest(int slot) {
        return "rest" + slot;
    }

    private void rest(CodeBuilder code) {
        if (isGrouped()) {
            relay(code, this::group, 0, groups(), ENTRY_BITS + GROUP_BITS);
        } else {
            relay(code, this::chunk, 0, chunks.size(), ENTRY_BITS);
        }
    }

    /** Whether there are so many chunks that one loop over all of them would be too long itself. */
    private boolean isGrouped() {
        return groups() > 1;
    }

    private int groups() {
        return (chunks.size() + GROUP - 1) / GROUP;
    }

    private String group(int index) {
        return "group" + flow.entry() + "_" + index;
    }

    /** A loop over the chunks of a group, which is called like a chunk. */
    private void group(CodeBuilder code, int index) {
        relay(code, this::chunk, index * GROUP, Math.min(chunks.size(), (index + 1) * GROUP), ENTRY_BITS);
    }

    /**
     * Calls one method after the other, as they say, until what is next is none of these.
     *
     * @param names of the methods
     * @param from  the first one's index
     * @param to    the index behind the last one's
     * @param shift how far left the index is in what says where to go on
     */
    private void relay(CodeBuilder code, IntFunction<String> names, int from, int to, int shift) {
        Label loop = code.newBoundLabel();
        Label done = code.newLabel();
        List<SwitchCase> cases = IntStream.range(from, to).mapToObj(i -> SwitchCase.of(i, code.newLabel())).toList();
        code.iload(CHUNK_NEXT).loadConstant(shift).ishr().tableswitch(from, to - 1, done, cases);
        for (SwitchCase one : cases) {
            code.labelBinding(one.target());
            code.aload(Locals.RUN).lload(Locals.of(Reg.R10)).aload(CHUNK_FRAME).iload(CHUNK_NEXT)
                    .invokestatic(unit.owner(), names.apply(one.caseValue()), CHUNK).istore(CHUNK_NEXT);
            // Most often the next one follows: a direct call, which the processor foresees, without the table.
            code.iload(CHUNK_NEXT).loadConstant((one.caseValue() + 1) << shift).if_icmpne(loop);
        }
        code.goto_(loop);
        code.labelBinding(done);
        code.iload(CHUNK_NEXT).ireturn();
    }

    /** A chunk: its first parameters are a function's, then the array and where to begin. */
    private void chunk(CodeBuilder code, BitSet slots, List<Integer> entries) {
        code.aload(CHUNK_FRAME).astore(Locals.SPILLED);
        code.iload(CHUNK_NEXT).istore(Locals.ENTRY);
        begin(code);
        for (Reg reg : Reg.values()) {
            if (reg != Reg.R10) {
                code.aload(Locals.SPILLED).loadConstant(reg.index()).laload().lstore(Locals.of(reg));
            }
        }
        code.aload(Locals.SPILLED).loadConstant(SPILLED_FUEL).laload().l2i().istore(Locals.FUEL);
        code.aload(Locals.SPILLED).loadConstant(SPILLED_LOOPS).laload().l2i().istore(Locals.LOOPS);
        Anchors anchors = unit.trusts() ? Anchors.of(unit, slots) : Anchors.NONE;
        Label distrust = code.newLabel();
        anchors.check(code, distrust);
        BodyWriter body = new BodyWriter(unit, flow, slots, code, codes, anchors, false);
        body.write(() -> body.enter(entries));
        if (!anchors.isEmpty()) {
            code.labelBinding(distrust);
            code.aload(Locals.RUN).loadConstant(flow.entry()).lload(Locals.of(Reg.R10)).aload(Locals.SPILLED)
                    .iload(Locals.ENTRY).invokevirtual(Locals.RUN_CLASS, "distrust",
                            MethodTypeDesc.of(CD_void, CD_int, CD_long, LONGS, CD_int))
                    .iconst_m1().ireturn();
        }
    }
}
