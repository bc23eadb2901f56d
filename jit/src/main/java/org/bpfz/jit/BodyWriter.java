package org.bpfz.jit;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bpfz.interpreter.helper.Bindings;
import org.bpfz.interpreter.map.FlatArray;
import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.jit.MemoryTemplates.Way;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Facts.BranchFact;
import org.bpfz.spec.engine.Facts.MemoryFact;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.program.HelperPrototype;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of a method: the instructions of a function or of a chunk, one behind the other, and how control goes from one to another.
 *
 * <p>Fuel is not settled with each instruction. {@link Locals#FUEL} holds what is left plus the ordinal of the instruction that is being
 * executed, so that a straight line costs nothing, and a jump adds or subtracts what it skips or repeats; only where it leads back is the fuel
 * looked at.
 */
final class BodyWriter {
    private static final ClassDesc SIGNAL = FaultSignal.class.describeConstable().orElseThrow();

    private final Unit unit;
    private final Flow flow;
    private final BitSet slots;
    private final CodeBuilder code;
    private final Emitter out;
    private final @Nullable Map<Integer, Integer> exits;
    private final Map<Integer, Label> labels = new HashMap<>();
    private final Map<Integer, Label> departures = new HashMap<>();
    private final Deque<Runnable> stubs = new ArrayDeque<>();
    private final Map<Integer, LoopShape> loops = new HashMap<>();
    private final Map<Integer, Label> plainHeads = new HashMap<>();
    private final FrameSlots frameSlots;
    private final Anchors anchors;
    private final boolean hasRules;
    private final boolean paid;

    /**
     * A writer of the slots.
     *
     * @param exits what a chunk returns for each slot that it may leave for; null for a whole function
     * @param anchors registers whose accesses have been checked
     * @param paid  whether the caller pays for the instructions, which are a straight line
     */
    BodyWriter(Unit unit, Flow flow, BitSet slots, CodeBuilder code, @Nullable Map<Integer, Integer> exits,
            Anchors anchors, boolean paid) {
        this.unit = unit;
        this.flow = flow;
        this.slots = slots;
        this.code = code;
        this.exits = exits;
        this.paid = paid;
        this.anchors = anchors;
        out = new Emitter(code) {
            @Override
            void index(Reg base, int offset) {
                anchors.index(base, offset, code);
            }
        };
        hasRules = needsRules(unit, flow);
        // Chunks would have to hand them on.
        frameSlots = exits == null ? FrameSlots.of(unit, flow, LaneWriter.FREE) : FrameSlots.NONE;
    }

    /** Whether a function accesses memory by its rules, which depend on how many frames there are. */
    static boolean needsRules(Unit unit, Flow flow) {
        return flow.slots().stream().anyMatch(slot -> way(unit, slot) == Way.ANY);
    }

    /** Where the jump at the slot goes; -1 for anything else. */
    static int target(Program program, int slot) {
        return switch (program.at(slot)) {
            case Instruction.Goto(boolean wide, int offset) -> program.target(slot, offset);
            case Instruction.MayGoto(short offset) -> program.target(slot, offset);
            case Instruction.Jump jump -> program.target(slot, jump.offset());
            default -> -1;
        };
    }

    /** Adds to the fuel. */
    static void add(CodeBuilder code, int amount) {
        if (amount == 0) {
            return;
        }
        if (amount == (short) amount) {
            code.iinc(Locals.FUEL, amount);
        } else {
            code.iload(Locals.FUEL).loadConstant(amount).iadd().istore(Locals.FUEL);
        }
    }

    /** Writes everything. */
    void write(Runnable beginning) {
        Label start = code.newBoundLabel();
        Label end = code.newLabel();
        Label handler = code.newLabel();
        frameSlots.forEach(this::fill);
        slots.stream().forEach(this::findLoop);
        beginning.run();
        for (int slot = slots.nextSetBit(0); slot >= 0; slot = slots.nextSetBit(slot + 1)) {
            if (flow.targets().get(slot) || labels.containsKey(slot)) {
                code.labelBinding(label(slot));
            }
            LoopShape loop = loops.get(slot);
            if (loop != null) {
                loop(loop);
            }
            Obstacles.Obstacle obstacle = unit.obstacles().at(slot);
            if (obstacle != null) {
                stop(slot, obstacle);
            } else if (instruction(slot, unit.program().at(slot), out)) {
                fallThrough(slot);
            }
        }
        while (!stubs.isEmpty()) {
            stubs.pop().run();
        }
        code.labelBinding(end);
        code.exceptionCatchAll(start, end, handler);
        code.labelBinding(handler);
        code.iload(Locals.SLOT).lload(Locals.ADDRESS).invokestatic(Locals.RUN_CLASS, "located",
                MethodTypeDesc.of(ConstantDescs.CD_Throwable, ConstantDescs.CD_Throwable, CD_int,
                        ConstantDescs.CD_long))
                .athrow();
    }

    /** Notes the counting loop that the jump at the slot closes, if it does and all of it is here. */
    private void findLoop(int slot) {
        LoopShape shape = LoopShape.closedBy(unit, flow, slot);
        if (shape != null && slots.get(shape.head()) && unit.facts().branch(slot) == BranchFact.BOTH) {
            loops.putIfAbsent(shape.head(), shape);
            plainHeads.put(shape.head(), code.newLabel());
        }
    }

    private void loop(LoopShape shape) {
        Label plain = Objects.requireNonNull(plainHeads.get(shape.head()));
        new LoopWriter(unit, shape, code).write(plain, label(shape.head()), this::instruction, () -> {
            int next = unit.program().next(shape.latchSlot());
            if (slots.get(next)) {
                code.goto_(label(next));
            } else {
                depart(next);
            }
        });
        code.labelBinding(plain);
    }

    /** Goes to the first instruction where it does not stand first. */
    void go(int entry) {
        if (slots.nextSetBit(0) != entry) {
            code.goto_(label(entry));
        }
    }

    /** Goes to one of the entries, which {@link Locals#ENTRY} chooses. */
    void enter(List<Integer> entries) {
        if (entries.size() == 1) {
            go(entries.getFirst());
            return;
        }
        List<SwitchCase> cases = new ArrayList<>();
        for (int i = 1; i < entries.size(); i++) {
            cases.add(SwitchCase.of(i, label(entries.get(i))));
        }
        code.iload(Locals.ENTRY).loadConstant((1 << FunctionWriter.ENTRY_BITS) - 1).iand().tableswitch(1,
                entries.size() - 1, label(entries.getFirst()), cases);
    }

    /** Writes one instruction; returns whether control goes on behind it. */
    private boolean instruction(int slot, Instruction instruction, Emitter out) {
        switch (instruction) {
            case Instruction.Alu alu -> AluTemplates.alu(alu, out);
            case Instruction.Mov mov -> AluTemplates.mov(mov, out);
            case Instruction.Neg neg -> AluTemplates.neg(neg, out);
            case Instruction.End end -> AluTemplates.end(end, out);
            case Instruction.AddrSpaceCast cast -> AluTemplates.cast(cast, out);
            case Instruction.LoadImm64 load -> {
                code.loadConstant(unit.obstacles().value(slot, load));
                out.store(load.dst());
            }
            case Instruction.Load load -> load(slot, load, out);
            case Instruction.Store store -> store(slot, store, out);
            case Instruction.Atomic atomic -> {
                mark(slot);
                AtomicTemplates.atomic(atomic, way(unit, slot), out);
            }
            case Instruction.Jump jump -> {
                return jump(slot, jump);
            }
            case Instruction.Goto(boolean wide, int offset) -> {
                jump(slot, unit.program().target(slot, offset));
                return false;
            }
            case Instruction.MayGoto(short offset) -> mayGoto(slot, offset);
            case Instruction.Call(CallTarget.Local(int offset)) -> local(slot, unit.program().target(slot, offset));
            case Instruction.Call(CallTarget.Helper(int number)) -> helper(slot, number);
            case Instruction.Call(CallTarget.Kfunc kfunc) -> throw new IllegalStateException("slot " + slot);
            case Instruction.LegacyPacketLoad load -> packet(slot, load);
            case Instruction.Exit() -> {
                leave(slot, () -> out.load(Reg.R0));
                return false;
            }
        }
        if (Obstacles.writesFramePointer(instruction)) {
            stop(slot, new Obstacles.Obstacle.FramePointer());
            return false;
        }
        return true;
    }

    /** What a slot of the frame begins with. */
    private void fill(int offset, int local) {
        if (frameSlots.areCopies()) {
            MemoryTemplates.place(MemSize.DW, Reg.R10, offset, Way.FRAME, out);
            MemoryTemplates.get(MemSize.DW, false, code);
        } else {
            code.lconst_0();
        }
        code.lstore(local);
    }

    private void store(int slot, Instruction.Store store, Emitter out) {
        int local = frameSlots.local(store.base(), store.offset());
        if (local < 0 || frameSlots.areCopies()) {
            mark(slot);
            MemoryTemplates.store(store, way(slot, store.base()), out);
        }
        if (local >= 0) {
            out.load(store.src());
            code.lstore(local);
        }
    }

    private void load(int slot, Instruction.Load load, Emitter out) {
        int local = frameSlots.local(load.base(), load.offset());
        Long constant = unit.constant(slot, load);
        if (load.dst() != Reg.R10 && (local >= 0 || constant != null)) {
            if (constant != null) {
                code.loadConstant(constant.longValue());
            } else {
                code.lload(local);
            }
            out.store(load.dst());
            return;
        }
        mark(slot);
        MemoryTemplates.load(load, way(slot, load.base()), out);
    }

    /** How the instruction at the slot accesses memory. */
    static Way way(Unit unit, int slot) {
        Facts facts = unit.facts();
        boolean proved = facts.verified() && switch (facts.memory(slot)) {
            case MemoryFact.OwnFrame frame -> true;
            case MemoryFact.MapValue value -> true;
            case MemoryFact.Packet packet -> true;
            case MemoryFact.RawMemory memory -> true;
            // Fields of a context have rules of their own.
            case MemoryFact.Context context -> false;
            case MemoryFact.Unknown unknown -> false;
        };
        return switch (unit.program().at(slot)) {
            case Instruction.Load load -> MemoryTemplates.way(load.base(), load.offset(), load.size(), proved);
            case Instruction.Store store -> MemoryTemplates.way(store.base(), store.offset(), store.size(), proved);
            case Instruction.Atomic atomic -> MemoryTemplates.way(atomic.base(), atomic.offset(), atomic.size(),
                    proved);
            default -> Way.FRAME;
        };
    }

    /** The same in this body, by the register. */
    private Way way(int slot, Reg base) {
        Way way = way(unit, slot);
        return way == Way.ANY && anchors.has(base) ? Way.CHECKED : way;
    }

    /** Notes which instruction is at work, for the fault that it may run into. */
    private void mark(int slot) {
        code.loadConstant(slot).istore(Locals.SLOT);
    }

    private Label label(int slot) {
        return labels.computeIfAbsent(slot, missing -> code.newLabel());
    }

    private void fallThrough(int slot) {
        int next = unit.program().next(slot);
        if (!unit.program().isInstruction(next)) {
            nowhere(slot, next);
        } else if (!slots.get(next)) {
            depart(next);
        }
    }

    private boolean jump(int slot, Instruction.Jump jump) {
        int target = unit.program().target(slot, jump.offset());
        BranchFact fact = unit.facts().branch(slot);
        if (fact == BranchFact.NEVER) {
            return true;
        }
        if (fact == BranchFact.ALWAYS) {
            jump(slot, target);
            return false;
        }
        Label stays = code.newLabel();
        JumpTemplates.branchUnless(jump, stays, out);
        jump(slot, target);
        code.labelBinding(stays);
        return true;
    }

    /** Control goes from the slot to the target. */
    private void jump(int slot, int target) {
        if (!unit.program().isInstruction(target)) {
            nowhere(slot, target);
            return;
        }
        add(code, unit.ordinal(target) - unit.ordinal(slot) - 1);
        if (target <= slot) {
            requireFuel(unit.ordinal(target), target, slots.get(target) ? label(target) : null);
        }
        LoopShape loop = loops.get(target);
        if (loop != null && loop.latchSlot() == slot) {
            code.goto_(Objects.requireNonNull(plainHeads.get(target)));
        } else if (slots.get(target)) {
            code.goto_(label(target));
        } else {
            depart(target);
        }
    }

    /**
     * Asks for more where no fuel is left.
     *
     * @param ordinal of the instruction that is next, as the fuel has it
     * @param target  its slot
     * @param again   where it begins, or null where it stands here
     */
    private void requireFuel(int ordinal, int target, @Nullable Label again) {
        Label empty = code.newLabel();
        Label enough = code.newLabel();
        code.iload(Locals.FUEL).loadConstant(ordinal).if_icmple(empty);
        code.labelBinding(enough);
        stubs.push(() -> {
            code.labelBinding(empty);
            code.aload(Locals.RUN).iload(Locals.FUEL).loadConstant(ordinal).isub().loadConstant(target)
                    .invokevirtual(Locals.RUN_CLASS, "refuel", MethodTypeDesc.of(CD_int, CD_int, CD_int))
                    .loadConstant(ordinal).iadd().istore(Locals.FUEL).goto_(again == null ? enough : again);
        });
    }

    /** Leaves the chunk for an instruction of another. */
    private void depart(int target) {
        Label departure = departures.get(target);
        if (departure == null) {
            departure = code.newLabel();
            departures.put(target, departure);
            Label bound = departure;
            stubs.push(() -> {
                code.labelBinding(bound);
                if (exits == null) {
                    throw new IllegalStateException("a whole function is left for slot " + target);
                }
                Integer next = exits.get(target);
                spill();
                code.loadConstant(next).ireturn();
            });
        }
        code.goto_(departure);
    }

    private void spill() {
        for (Reg reg : Reg.values()) {
            if (reg != Reg.R10) {
                code.aload(Locals.SPILLED).loadConstant(reg.index()).lload(Locals.of(reg)).lastore();
            }
        }
        code.aload(Locals.SPILLED).loadConstant(FunctionWriter.SPILLED_FUEL).iload(Locals.FUEL).i2l().lastore();
        code.aload(Locals.SPILLED).loadConstant(FunctionWriter.SPILLED_LOOPS).iload(Locals.LOOPS).i2l().lastore();
    }

    /** Ends the function behind the slot, with what is pushed as R0. */
    private void leave(int slot, Runnable push) {
        if (!paid) {
            give(slot);
        }
        if (exits == null) {
            push.run();
            code.lreturn();
        } else {
            code.aload(Locals.SPILLED).iconst_0();
            push.run();
            code.lastore().iconst_m1().ireturn();
        }
    }

    /** Hands the fuel that is left behind the slot over to the run. */
    private void give(int slot) {
        code.aload(Locals.RUN).iload(Locals.FUEL).loadConstant(unit.ordinal(slot) + 1).isub()
                .putfield(Locals.RUN_CLASS, "fuel", CD_int);
    }

    /** Takes it back. */
    private void take(int slot) {
        code.aload(Locals.RUN).getfield(Locals.RUN_CLASS, "fuel", CD_int).loadConstant(unit.ordinal(slot) + 1).iadd()
                .istore(Locals.FUEL);
    }

    private void mayGoto(int slot, short offset) {
        Label stays = code.newLabel();
        code.iinc(Locals.LOOPS, -1);
        code.iload(Locals.LOOPS).ifge(stays);
        code.iconst_0().istore(Locals.LOOPS);
        jump(slot, unit.program().target(slot, offset));
        code.labelBinding(stays);
    }

    private void local(int slot, int target) {
        mark(slot);
        int length = unit.straight(target);
        if (length > 0) {
            CallTemplates.local(unit.owner(), CallTemplates.paid(target), out);
            add(code, -length);
            requireFuel(unit.ordinal(slot) + 1, slot + 1, null);
        } else {
            give(slot);
            CallTemplates.local(unit.owner(), CallTemplates.function(target), out);
            take(slot);
        }
        if (hasRules) {
            CallTemplates.inFrame(out);
        }
    }

    private void helper(int slot, int number) {
        HelperPrototype prototype = unit.obstacles().prototype(number);
        mark(slot);
        if (prototype.name().equals(Bindings.TAIL_CALL)) {
            Label found = code.newLabel();
            CallTemplates.tailCallTarget(slot, found, out);
            stubs.push(() -> {
                code.labelBinding(found);
                give(slot);
                code.loadConstant(slot).istore(Locals.SLOT);
                CallTemplates.tailCall(out);
                if (exits == null) {
                    code.lreturn();
                } else {
                    out.store(Reg.R0);
                    code.aload(Locals.SPILLED).iconst_0();
                    out.load(Reg.R0);
                    code.lastore().iconst_m1().ireturn();
                }
            });
            return;
        }
        give(slot);
        int constant = unit.helper(prototype);
        int callback = prototype.name().equals("bpf_loop") ? callback(slot) : -1;
        FlatArray array = prototype.name().equals("bpf_map_lookup_elem") ? unit.calledArray(slot) : null;
        if (callback >= 0) {
            CallTemplates.loop(unit.owner(), callback, constant, slot, out);
        } else if (array != null) {
            CallTemplates.lookup(unit.array(array), constant, slot, out);
        } else if (prototype.name().equals("bpf_copy_from_buffer") && unit.facts().verified()) {
            CallTemplates.copyFromBuffer(constant, slot, out);
        } else {
            CallTemplates.helper(constant, slot, out);
        }
        take(slot);
        if (hasRules && callback >= 0) {
            CallTemplates.inFrame(out);
        }
    }

    /** The function that R2 names at the call, as the straight line before it shows; -1 where it does not. */
    private int callback(int slot) {
        for (int at = slot; at != flow.entry() && !flow.targets().get(at);) {
            at = slots.previousSetBit(at - 1);
            if (at < 0 || LoopShape.target(unit.program().at(at)) == Reg.R2) {
                boolean names = at >= 0 && unit.program().at(at) instanceof Instruction.LoadImm64 load
                        && load.kind() == Instruction.ImmKind.FUNC && unit.obstacles().at(at) == null;
                int target = names ? at + 1 + ((Instruction.LoadImm64) unit.program().at(at)).imm() : -1;
                return unit.program().isInstruction(target) ? target : -1;
            }
            if (!isStraight(unit.program().at(at))) {
                return -1;
            }
        }
        return -1;
    }

    /** Whether control goes on behind the instruction with R2 as {@link LoopShape#target} says. */
    private static boolean isStraight(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu alu -> true;
            case Instruction.Mov mov -> true;
            case Instruction.LoadImm64 load -> true;
            case Instruction.Load load -> true;
            case Instruction.Store store -> true;
            default -> false;
        };
    }

    private void packet(int slot, Instruction.LegacyPacketLoad load) {
        Label outside = code.newLabel();
        CallTemplates.packet(load, outside, out);
        stubs.push(() -> {
            code.labelBinding(outside);
            leave(slot, code::lconst_0);
        });
    }

    private void nowhere(int slot, int target) {
        code.loadConstant(slot).loadConstant(target)
                .invokestatic(Locals.RUN_CLASS, "nowhere", MethodTypeDesc.of(SIGNAL, CD_int, CD_int)).athrow();
    }

    private void stop(int slot, Obstacles.Obstacle obstacle) {
        mark(slot);
        switch (obstacle) {
            case Obstacles.Obstacle.FramePointer() -> code.invokestatic(Locals.RUN_CLASS, "framePointerWritten",
                    MethodTypeDesc.of(SIGNAL)).athrow();
            case Obstacles.Obstacle.Unsupported(String what) -> code.ldc(what)
                    .invokestatic(SIGNAL, "unsupported", MethodTypeDesc.of(SIGNAL, ConstantDescs.CD_String)).athrow();
            case Obstacles.Obstacle.NoFunction(int target) -> {
                // The frames are counted first.
                out.load(Reg.R10);
                code.invokestatic(Locals.RUN_CLASS, "push",
                        MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long)).pop2();
                nowhere(slot, target);
            }
        }
    }
}
