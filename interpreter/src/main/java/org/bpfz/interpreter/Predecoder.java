package org.bpfz.interpreter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.bpfz.interpreter.helper.Bindings;
import org.bpfz.interpreter.helper.Helper;
import org.bpfz.interpreter.map.FlatArray;
import org.bpfz.interpreter.map.FlatMap;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.PacketMode;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.program.HelperPrototype;

/** Makes {@link Code} of a program: one operation for each form of an instruction, targets found, what can only fault made a trap. */
final class Predecoder {
    private static final int ALU_FORM = Op.ADD64K - Op.ADD64X;
    private static final int JUMP_FORM = Op.JEQ64K - Op.JEQ64X;

    /** A register that is always 0. */
    private static final int ZERO = 11;

    private final Program program;
    private final List<? extends FlatMap> maps;
    private final HelperReading reading;
    private final int[] ordinals;
    private final List<Code.HelperCall> calls = new ArrayList<>();
    private final List<IntFunction<Fault>> traps = new ArrayList<>();
    private final List<Integer> stubOrdinals = new ArrayList<>();
    private long[] words;

    private Predecoder(Program program, List<? extends FlatMap> maps, HelperReading reading) {
        this.program = program;
        this.maps = maps;
        this.reading = reading;
        ordinals = new int[program.slotCount()];
        words = new long[2 * program.slotCount()];
    }

    static Code decode(Program program, List<? extends FlatMap> maps, HelperReading reading) {
        return new Predecoder(program, maps, reading).decode();
    }

    private Code decode() {
        int slots = program.slotCount();
        int count = 0;
        for (int slot = 0; slot < slots; slot++) {
            ordinals[slot] = count;
            count += program.isInstruction(slot) ? 1 : 0;
        }
        int last = 0;
        for (int slot = 0; slot < slots; slot = program.next(slot)) {
            last = slot;
        }
        // What runs off the end comes to the first stub.
        nowhere(last, slots);
        for (int slot = 0; slot < slots; slot++) {
            if (program.isInstruction(slot)) {
                decode(slot, program.at(slot));
            } else {
                words[2 * slot] = Code.SECOND_HALF;
            }
        }
        int[] all = Arrays.copyOf(ordinals, slots + stubOrdinals.size());
        for (int i = 0; i < stubOrdinals.size(); i++) {
            all[slots + i] = stubOrdinals.get(i);
        }
        Fusion.fuse(words, program);
        return new Code(words, all, slots, calls, traps);
    }

    private void decode(int slot, Instruction instruction) {
        switch (instruction) {
            case Instruction.Alu(Width width, var op, Reg dst, Source src) -> operands(slot,
                    (width == Width.W64 ? Op.ADD64X : Op.ADD32X) + op.ordinal(), ALU_FORM, dst, src);
            case Instruction.Mov mov -> move(slot, mov);
            case Instruction.Neg(Width width, Reg dst) -> write(slot, width == Width.W64 ? Op.NEG64 : Op.NEG32, dst,
                    0, 0, 0);
            case Instruction.End end -> write(slot, swap(end), end.dst(), end.dst().index(), 0, 0);
            case Instruction.Load load -> load(slot, load);
            case Instruction.Store store -> store(slot, store);
            case Instruction.Atomic atomic -> put(slot, Op.ATOMIC, atomic.base().index(), atomic.src().index(),
                    atomic.offset(), Atomics.encode(atomic.op(), atomic.size()));
            case Instruction.Jump(Width width, var condition, Reg left, Source right, short offset) -> {
                int op = (width == Width.W64 ? Op.JEQ64X : Op.JEQ32X) + condition.ordinal();
                switch (right) {
                    case Source.Register(Reg reg) -> jump(slot, op, left.index(), reg.index(), offset, 0);
                    case Source.Imm(int value) -> jump(slot, op + JUMP_FORM, left.index(), 0, offset, value);
                }
            }
            case Instruction.Goto(boolean wide, int offset) -> jump(slot, Op.GOTO, 0, 0, offset, 0);
            case Instruction.MayGoto(short offset) -> jump(slot, Op.MAY_GOTO, 0, 0, offset, 0);
            case Instruction.Call(CallTarget target) -> call(slot, target);
            case Instruction.Exit() -> put(slot, Op.EXIT, 0, 0, ordinals[slot] + 1, 0);
            case Instruction.LoadImm64 load -> immediate(slot, load);
            case Instruction.LegacyPacketLoad load -> {
                int src = load.mode() == PacketMode.ABS ? ZERO : load.src().index();
                int exit = stub(Op.EXIT, ordinals[slot] + 1, 0, ordinals[slot]);
                put(slot, Op.PACKET, load.size().bytes(), src, exit, load.imm());
            }
            // Without an arena map, user space sees an arena at 0.
            case Instruction.AddrSpaceCast(Reg dst, Reg src, int to, int from) -> write(slot, Op.MOV32X, dst,
                    src.index(), 0, 0);
        }
    }

    private void operands(int slot, int op, int form, Reg dst, Source src) {
        switch (src) {
            case Source.Register(Reg reg) -> write(slot, op, dst, reg.index(), 0, 0);
            // One operation less to fuse with others, but for the one number that has no negative.
            case Source.Imm(int value) when op == Op.SUB64X && value != Integer.MIN_VALUE ->
                write(slot, Op.ADD64K, dst, 0, -value, 0);
            case Source.Imm(int value) -> write(slot, op + form, dst, 0, value, 0);
        }
    }

    private void move(int slot, Instruction.Mov mov) {
        boolean wide = mov.width() == Width.W64;
        switch (mov.src()) {
            case Source.Register(Reg reg) -> {
                int op = switch (mov.signExtendFrom()) {
                    case 8 -> wide ? Op.MOVSX8_64 : Op.MOVSX8_32;
                    case 16 -> wide ? Op.MOVSX16_64 : Op.MOVSX16_32;
                    case 32 -> Op.MOVSX32_64;
                    default -> wide ? Op.MOV64X : Op.MOV32X;
                };
                write(slot, op, mov.dst(), reg.index(), 0, 0);
            }
            case Source.Imm(int value) -> write(slot, Op.MOV64K, mov.dst(), 0, 0,
                    wide ? value : Integer.toUnsignedLong(value));
        }
    }

    /** A swap to little endian only cuts, on a machine that is little-endian. */
    private static int swap(Instruction.End end) {
        boolean cuts = end.order() == Instruction.ByteOrder.LE;
        return switch (end.bits()) {
            case 16 -> cuts ? Op.ZEXT16 : Op.SWAP16;
            case 32 -> cuts ? Op.MOV32X : Op.SWAP32;
            default -> cuts ? Op.MOV64X : Op.SWAP64;
        };
    }

    /** What can not be loaded is no fault of R10, even where R10 is what it is loaded to. */
    private void load(int slot, Instruction.Load load) {
        int base = load.base().index();
        if (load.dst() == Reg.R10) {
            put(slot, Op.TRAP, load.size().bytes(), base, load.offset(), traps.size());
            traps.add(Fault.FramePointerWritten::new);
        } else {
            put(slot, operation(load), load.dst().index(), base, load.offset(), 0);
        }
    }

    private static int operation(Instruction.Load load) {
        return switch (load.size()) {
            case B -> load.signed() ? Op.LDSX8 : Op.LDX8;
            case H -> load.signed() ? Op.LDSX16 : Op.LDX16;
            case W -> load.signed() ? Op.LDSX32 : Op.LDX32;
            case DW -> Op.LDX64;
        };
    }

    private void store(int slot, Instruction.Store store) {
        int base = store.base().index();
        switch (store.src()) {
            case Source.Register(Reg reg) -> put(slot, Op.STX8 + rank(store.size()), base, reg.index(), store.offset(),
                    0);
            case Source.Imm(int value) -> put(slot, Op.ST8 + rank(store.size()), base, 0, store.offset(), value);
        }
    }

    private static int rank(MemSize size) {
        return Integer.numberOfTrailingZeros(size.bytes());
    }

    private void call(int slot, CallTarget target) {
        switch (target) {
            case CallTarget.Local(int offset) -> jump(slot, Op.CALL, 0, 0, offset, ordinals[slot] + 1);
            case CallTarget.Helper(int number) -> helper(slot, number);
            case CallTarget.Kfunc(int btfId, short module) -> unsupported(slot,
                    "kernel function " + btfId + " of module " + module + " is not modelled");
        }
    }

    private void helper(int slot, int number) {
        HelperPrototype prototype = Bindings.prototype(number, reading);
        if (prototype == null) {
            unsupported(slot, "helper " + number + " does not exist");
            return;
        }
        if (prototype.name().equals(Bindings.TAIL_CALL)) {
            put(slot, Op.TAIL_CALL, 0, 0, ordinals[slot] + 1, 0);
            return;
        }
        Helper helper = Bindings.of(prototype.name());
        if (helper == null) {
            unsupported(slot, prototype.name() + " is not there in the fast engines");
            return;
        }
        put(slot, Op.HELPER, 0, 0, 0, calls.size());
        calls.add(new Code.HelperCall(prototype, helper));
    }

    private void immediate(int slot, Instruction.LoadImm64 load) {
        switch (load.kind()) {
            case VALUE -> constant(slot, load, load.value());
            // Unlike a call's offset, this one counts from the slot behind the first (check_ld_imm in kernel/bpf/verifier.c).
            case FUNC -> constant(slot, load, Layout.function(slot + 1 + load.imm()));
            case MAP_IDX, MAP_IDX_VALUE -> map(slot, load);
            case MAP_FD, MAP_VALUE -> unsupported(slot, "an image refers to maps by index, not by descriptor");
            case BTF_ID -> unsupported(slot, "kernel variable " + load.imm() + " is not modelled");
        }
    }

    private void map(int slot, Instruction.LoadImm64 load) {
        if (load.imm() < 0 || load.imm() >= maps.size()) {
            unsupported(slot, "the image has no map " + load.imm());
            return;
        }
        FlatMap map = maps.get(load.imm());
        if (load.kind() == Instruction.ImmKind.MAP_IDX) {
            constant(slot, load, Layout.mapHandle(map.id()));
        } else if (map instanceof FlatArray array) {
            constant(slot, load, array.firstValue() + Integer.toUnsignedLong(load.nextImm()));
        } else {
            unsupported(slot, "map " + load.imm() + " has no value with an address");
        }
    }

    private void constant(int slot, Instruction.LoadImm64 load, long value) {
        write(slot, Op.LDDW, load.dst(), 0, 0, value);
    }

    /** A jump or call: to a stub where no instruction begins at the target. */
    private void jump(int slot, int op, int dst, int src, int offset, int constant) {
        int target = program.target(slot, offset);
        int index = 2 * target;
        int ahead = 0;
        if (program.isInstruction(target)) {
            ahead = ordinals[target];
        } else {
            index = nowhere(slot, target);
        }
        int back = ordinals[slot] + 1 - ahead;
        put(slot, op, dst, src, index, (long) back << 32 | Integer.toUnsignedLong(constant));
    }

    /** An operation that writes dst, which R10 can not be. */
    private void write(int slot, int op, Reg dst, int src, int high, long constant) {
        if (dst == Reg.R10) {
            trap(slot, Fault.FramePointerWritten::new);
        } else {
            put(slot, op, dst.index(), src, high, constant);
        }
    }

    private void unsupported(int slot, String what) {
        trap(slot, at -> new Fault.Unsupported(at, what));
    }

    private void trap(int slot, IntFunction<Fault> fault) {
        put(slot, Op.TRAP, 0, 0, 0, traps.size());
        traps.add(fault);
    }

    /** A stub behind the program for who goes from the slot to where no instruction begins; returns its index. */
    private int nowhere(int slot, int target) {
        traps.add(at -> new Fault.NoInstruction(slot, target));
        return stub(Op.TRAP, 0, traps.size() - 1, 0);
    }

    private int stub(int op, int high, int constant, int ordinal) {
        int index = 2 * (program.slotCount() + stubOrdinals.size());
        words = words.length > index ? words : Arrays.copyOf(words, 2 * index);
        stubOrdinals.add(ordinal);
        words[index] = op | (long) high << 32;
        words[index + 1] = constant;
        return index;
    }

    private void put(int slot, int op, int dst, int src, int high, long constant) {
        words[2 * slot] = op | (long) dst << 8 | (long) src << 12 | (long) high << 32;
        words[2 * slot + 1] = constant;
    }
}
