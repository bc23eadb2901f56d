package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.fuzz.Held.Kind;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.AddrSpaceCast;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.ByteOrder;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.End;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.Goto;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.LegacyPacketLoad;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.MayGoto;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Neg;
import org.bpfz.spec.isa.Instruction.PacketMode;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/** Writes the body of one function: statements that make sense where they stand, and now and then one that a rule forbids. */
final class FunctionWriter {
    private static final int HELPER_LOOKUP = 1;
    private static final int HELPER_LOOP = 181;
    private static final int MAX_DEPTH = 3;

    private final ProgramWriter program;
    private final Dice dice;
    private final CodeWriter code;
    private final Surface surface;
    private Sketch now = new Sketch();
    /** How many things that a rule forbids are still to be done. */
    private int sins;

    FunctionWriter(ProgramWriter program, int sins) {
        this.program = program;
        dice = program.dice();
        code = program.code();
        surface = program.surface();
        this.sins = sins;
    }

    /** The main function: R1 is the context, or memory with its length in R2. */
    void main(int statements) {
        if (program.profile().raw()) {
            now.set(Reg.R1, Held.OTHER);
            now.set(Reg.R2, Held.numberUpTo(ProgramWriter.RAW_BYTES));
        } else {
            now.set(Reg.R1, Held.CONTEXT);
        }
        if (dice.percent(80)) {
            move(Reg.R6, Reg.R1);
        }
        body(statements);
    }

    /** A function that is called with two numbers; nothing is known of R3 to R5. */
    void local(int statements) {
        now.set(Reg.R1, Held.NUMBER);
        now.set(Reg.R2, Held.NUMBER);
        body(statements);
    }

    /** A callback of bpf_loop: an index and a pointer to the caller's stack. */
    void callback(int statements) {
        now.set(Reg.R1, Held.NUMBER);
        now.set(Reg.R2, Held.OTHER);
        for (int i = 0; i < statements; i++) {
            statement(MAX_DEPTH);
        }
        code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.below(2))));
        code.emit(new Exit());
    }

    private void body(int statements) {
        for (int i = 0; i < statements; i++) {
            statement(0);
        }
        List<Reg> numbers = now.which(held -> held.is(Kind.NUMBER));
        if (!numbers.isEmpty() && program.returnsAnything() && dice.percent(60)) {
            code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.of(numbers))));
        } else if (!now.get(Reg.R0).is(Kind.NUMBER) || !program.returnsAnything() || dice.oneIn(2)) {
            code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.below(2))));
        }
        code.emit(new Exit());
    }

    private void statement(int depth) {
        if (sins > 0 && dice.oneIn(6)) {
            sins--;
            sin();
            return;
        }
        switch (dice.below(24)) {
            case 0, 1 -> constant();
            case 2, 3, 4, 5 -> arithmetic();
            case 6 -> unary();
            case 7, 8 -> storeToStack();
            case 9, 10 -> loadFromStack();
            case 11 -> context();
            case 12, 13 -> value();
            case 14 -> lookup();
            case 15 -> variableOffset();
            case 16 -> new HelperStatement(program, code, dice).write(now);
            case 17, 18 -> condition(depth);
            case 19 -> loop(depth);
            case 20 -> call(depth);
            case 21 -> packet();
            case 22 -> atomic();
            default -> raw();
        }
    }

    /** R0 to R9; most often one of the lower ones. */
    private Reg target() {
        return Reg.of(dice.below(10));
    }

    private Width width() {
        return dice.oneIn(2) ? Width.W64 : Width.W32;
    }

    /** A register that holds a number, made if there is none. */
    private Reg number() {
        List<Reg> numbers = now.which(held -> held.is(Kind.NUMBER));
        if (!numbers.isEmpty()) {
            return dice.of(numbers);
        }
        Reg register = target();
        code.emit(new Mov(Width.W64, 0, register, Source.of(dice.immediate())));
        now.set(register, Held.NUMBER);
        return register;
    }

    private void move(Reg to, Reg from) {
        code.emit(new Mov(Width.W64, 0, to, Source.of(from)));
        now.set(to, now.get(from));
    }

    private void constant() {
        Reg register = target();
        switch (dice.below(5)) {
            case 0 -> {
                long value = dice.anyLong();
                code.emit(new LoadImm64(ImmKind.VALUE, register, (int) value, (int) (value >>> 32)));
                now.set(register, Held.NUMBER);
            }
            case 1 -> {
                int offset = dice.below(Surface.MAPS.get(Surface.DIRECT_MAP).valueSize());
                code.emit(new LoadImm64(ImmKind.MAP_IDX_VALUE, register, Surface.DIRECT_MAP, offset));
                now.set(register, Held.value(Surface.DIRECT_MAP, offset));
            }
            case 2 -> move(register, dice.of(now.which(held -> !held.is(Kind.NOTHING))));
            default -> {
                int value = dice.immediate();
                code.emit(new Mov(width(), 0, register, Source.of(value)));
                now.set(register, value >= 0 ? Held.numberUpTo(value) : Held.NUMBER);
            }
        }
    }

    private void arithmetic() {
        Reg register = number();
        Width width = width();
        AluOp op = dice.of(AluOp.values());
        boolean shift = op == AluOp.LSH || op == AluOp.RSH || op == AluOp.ARSH;
        boolean division = op == AluOp.DIV || op == AluOp.SDIV || op == AluOp.MOD || op == AluOp.SMOD;
        if (dice.oneIn(2)) {
            int immediate = dice.immediate();
            if (shift) {
                immediate = dice.below(width.bits());
            } else if (division && immediate == 0) {
                immediate = 1;
            }
            code.emit(new Alu(width, op, register, Source.of(immediate)));
            boolean bounded = op == AluOp.AND && immediate >= 0;
            now.set(register, bounded ? Held.numberUpTo(immediate) : Held.NUMBER);
        } else {
            Reg other = dice.oneIn(6) ? register : number();
            code.emit(new Alu(width, op, register, Source.of(other)));
            now.set(register, Held.NUMBER);
        }
    }

    private void unary() {
        Reg register = number();
        switch (dice.below(3)) {
            case 0 -> code.emit(new Neg(width(), register));
            case 1 -> code.emit(new End(dice.of(ByteOrder.values()), 16 << dice.below(3), register));
            default -> {
                Width width = width();
                int bits = 8 << dice.below(width == Width.W64 ? 3 : 2);
                code.emit(new Mov(width, bits, register, Source.of(number())));
            }
        }
        now.set(register, Held.NUMBER);
    }

    private int stackOffset(int size) {
        int range = dice.oneIn(8) ? Sketch.STACK : 64;
        return -size * dice.between(1, range / size);
    }

    private void storeToStack() {
        MemSize size = dice.of(MemSize.values());
        int offset = stackOffset(size.bytes());
        if (dice.oneIn(2)) {
            code.emit(new Store(size, Reg.R10, (short) offset, Source.of(dice.immediate())));
            now.write(offset, size.bytes());
            return;
        }
        List<Reg> held = now.which(any -> !any.is(Kind.NOTHING));
        Reg register = size == MemSize.DW ? dice.of(held) : number();
        code.emit(new Store(size, Reg.R10, (short) offset, Source.of(register)));
        if (size == MemSize.DW) {
            now.spill(offset, now.get(register));
        } else {
            now.write(offset, size.bytes());
        }
    }

    private void loadFromStack() {
        MemSize size = dice.of(MemSize.values());
        int offset = stackOffset(size.bytes());
        if (!now.isWritten(offset, size.bytes()) || (size != MemSize.DW && !now.isPlain(offset, size.bytes()))) {
            code.emit(new Store(size, Reg.R10, (short) offset, Source.of(dice.immediate())));
            now.write(offset, size.bytes());
        }
        Reg register = target();
        boolean signed = size != MemSize.DW && dice.oneIn(4);
        code.emit(new Load(size, signed, register, Reg.R10, (short) offset));
        now.set(register, size == MemSize.DW && now.isPlain(offset, 8)
                ? Held.NUMBER
                : size == MemSize.DW ? now.reload(offset) : Held.NUMBER);
    }

    private void context() {
        List<Reg> contexts = now.which(held -> held.is(Kind.CONTEXT));
        if (contexts.isEmpty()) {
            arithmetic();
            return;
        }
        Reg base = dice.of(contexts);
        if (dice.oneIn(4) && !surface.stores().isEmpty()) {
            Surface.ContextAccess store = dice.of(surface.stores());
            code.emit(new Store(store.size(), base, (short) store.offset(), Source.of(number())));
        } else if (!surface.loads().isEmpty()) {
            Surface.ContextAccess load = dice.of(surface.loads());
            Reg register = target();
            code.emit(new Load(load.size(), false, register, base, (short) load.offset()));
            now.set(register, switch (load.field().pointer()) {
                case NONE -> Held.NUMBER;
                default -> load.field().name().equals("data_end")
                        ? Held.PACKET_END
                        : load.field().name().equals("data") ? Held.packet(0) : Held.OTHER;
            });
        }
    }

    private void value() {
        List<Reg> values = now.which(held -> held.is(Kind.VALUE));
        Reg base;
        if (values.isEmpty()) {
            base = target();
            code.emit(new LoadImm64(ImmKind.MAP_IDX_VALUE, base, Surface.DIRECT_MAP, 0));
            now.set(base, Held.value(Surface.DIRECT_MAP, 0));
        } else {
            base = dice.of(values);
        }
        Held held = now.get(base);
        MemSize size = dice.of(MemSize.values());
        int room = Surface.MAPS.get(held.map()).valueSize() - size.bytes();
        int offset = dice.between(0, room);
        if (!dice.oneIn(10)) {
            offset -= offset % size.bytes();
        }
        short displacement = (short) (offset - held.offset());
        switch (dice.below(3)) {
            case 0 -> {
                Reg register = target();
                code.emit(new Load(size, size != MemSize.DW && dice.oneIn(4), register, base, displacement));
                now.set(register, Held.NUMBER);
            }
            case 1 -> code.emit(new Store(size, base, displacement, Source.of(number())));
            default -> code.emit(new Store(size, base, displacement, Source.of(dice.immediate())));
        }
    }

    /** bpf_map_lookup_elem with a key on the stack, and most often the check for null. */
    private void lookup() {
        int map = dice.below(Surface.DIRECT_MAP);
        int keySize = Surface.MAPS.get(map).keySize();
        int offset = -8 * dice.between(1, 8);
        code.emit(new Store(keySize == 8 ? MemSize.DW : MemSize.W, Reg.R10, (short) offset,
                dice.oneIn(2) ? Source.of(dice.below(6)) : Source.of(number())));
        now.write(offset, keySize);
        code.emit(new LoadImm64(ImmKind.MAP_IDX, Reg.R1, map, 0));
        code.emit(new Mov(Width.W64, 0, Reg.R2, Source.of(Reg.R10)));
        code.emit(new Alu(Width.W64, AluOp.ADD, Reg.R2, Source.of(offset)));
        code.emit(new Call(new CallTarget.Helper(HELPER_LOOKUP)));
        now.call(Held.maybeValue(map));
        if (dice.percent(90)) {
            checkForNull(Reg.R0);
        }
    }

    private void checkForNull(Reg register) {
        int map = now.get(register).map();
        if (dice.oneIn(2)) {
            Reg copy = Reg.of(dice.between(6, 9));
            move(copy, register);
        }
        Held maybe = now.get(register);
        int jump = code.jump(new Jump(Width.W64, Condition.NE, register, Source.of(0), (short) 1));
        code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.below(2))));
        code.emit(new Exit());
        code.land(jump);
        for (Reg same : now.which(maybe::equals)) {
            now.set(same, Held.value(map, 0));
        }
    }

    /** A pointer moved by a bounded number, and an access through it. */
    private void variableOffset() {
        List<Reg> values = now.which(held -> held.is(Kind.VALUE) && held.offset() >= 0);
        boolean stack = values.isEmpty() || dice.oneIn(3);
        Reg index = number();
        int bound = dice.of(List.of(0, 1, 3, 7, 15, 8, 12));
        if (dice.oneIn(3)) {
            int over = code.jump(new Jump(width(), Condition.LE, index, Source.of(bound), (short) 1));
            code.emit(new Mov(Width.W64, 0, index, Source.of(dice.between(0, bound))));
            code.land(over);
        } else {
            code.emit(new Alu(width(), AluOp.AND, index, Source.of(bound)));
        }
        now.set(index, Held.numberUpTo(bound));
        Reg pointer = target();
        while (pointer == index) {
            pointer = target();
        }
        MemSize size = stack && !dice.oneIn(8) ? MemSize.B : dice.of(MemSize.values());
        if (stack) {
            int start = -8 * dice.between(3, 8);
            for (int at = start; at < start + 24; at += 8) {
                code.emit(new Store(MemSize.DW, Reg.R10, (short) at, Source.of(dice.immediate())));
                now.write(at, 8);
            }
            code.emit(new Mov(Width.W64, 0, pointer, Source.of(Reg.R10)));
            code.emit(new Alu(Width.W64, AluOp.ADD, pointer, Source.of(index)));
            now.set(pointer, Held.OTHER);
            access(pointer, size, start);
        } else {
            Held base = now.get(dice.of(values));
            Reg from = dice.of(now.which(base::equals));
            code.emit(new Mov(Width.W64, 0, pointer, Source.of(from)));
            code.emit(new Alu(Width.W64, AluOp.ADD, pointer, Source.of(index)));
            now.set(pointer, Held.OTHER);
            int room = Surface.MAPS.get(base.map()).valueSize() - size.bytes() - bound;
            access(pointer, size, Math.max(0, dice.between(0, Math.max(room, 0))) - base.offset());
        }
    }

    private void access(Reg pointer, MemSize size, int displacement) {
        if (dice.oneIn(2)) {
            Reg register = target();
            code.emit(new Load(size, false, register, pointer, (short) displacement));
            now.set(register, Held.NUMBER);
        } else {
            code.emit(new Store(size, pointer, (short) displacement, Source.of(dice.immediate())));
        }
    }

    private void condition(int depth) {
        if (depth >= MAX_DEPTH) {
            arithmetic();
            return;
        }
        Reg left = number();
        Source right = dice.oneIn(2) ? Source.of(dice.immediate()) : Source.of(number());
        int jump = code.jump(new Jump(width(), dice.of(Condition.values()), left, right, (short) 1));
        Sketch before = now.copy();
        for (int i = dice.between(1, 3); i > 0; i--) {
            statement(depth + 1);
        }
        if (dice.oneIn(2)) {
            int end = code.jump(new Goto(dice.oneIn(4), 1));
            code.land(jump);
            Sketch first = now;
            now = before;
            for (int i = dice.between(1, 3); i > 0; i--) {
                statement(depth + 1);
            }
            code.land(end);
            now.meet(first);
        } else {
            code.land(jump);
            now.meet(before);
        }
    }

    /** A counted loop, bpf_loop, or one that may_goto bounds. */
    private void loop(int depth) {
        if (depth >= MAX_DEPTH - 1) {
            arithmetic();
            return;
        }
        if (dice.oneIn(3) && program.mayCallBack()) {
            int context = -8 * dice.between(1, 8);
            code.emit(new Mov(Width.W64, 0, Reg.R1, Source.of(dice.of(List.of(0, 1, 2, 5, 17)))));
            int function = code.here();
            code.emit(new LoadImm64(ImmKind.FUNC, Reg.R2, 0, 0));
            code.emit(new Mov(Width.W64, 0, Reg.R3, Source.of(Reg.R10)));
            code.emit(new Alu(Width.W64, AluOp.ADD, Reg.R3, Source.of(context)));
            code.emit(new Mov(Width.W64, 0, Reg.R4, Source.of(0)));
            code.emit(new Call(new CallTarget.Helper(HELPER_LOOP)));
            program.wantCallback(function);
            now.call(Held.NUMBER);
            return;
        }
        Reg counter = Reg.of(dice.between(6, 9));
        Sketch before = now.copy();
        before.set(counter, Held.NUMBER);
        boolean may = dice.oneIn(3);
        code.emit(new Mov(Width.W64, 0, counter, Source.of(0)));
        now.set(counter, Held.NOTHING);
        int start = code.here();
        int out = may ? code.jump(new MayGoto((short) 1)) : -1;
        code.emit(new Alu(width(), AluOp.ADD, counter, Source.of(1)));
        for (int i = dice.between(1, 3); i > 0; i--) {
            // Inside, only what can not destroy the counter or what was known before.
            Reg scratch = Reg.of(dice.between(0, 5));
            code.emit(new Mov(Width.W64, 0, scratch, Source.of(counter)));
            code.emit(new Alu(width(), dice.of(List.of(AluOp.ADD, AluOp.XOR, AluOp.AND, AluOp.MUL)), scratch,
                    Source.of(dice.immediate())));
            before.set(scratch, Held.NOTHING);
        }
        int back = code.jump(new Jump(width(), dice.of(List.of(Condition.LT, Condition.NE, Condition.SLT)), counter,
                Source.of(dice.of(List.of(1, 2, 3, 8, 20))), (short) 1));
        code.aim(back, start);
        if (may) {
            code.land(out);
        }
        now = before;
    }

    private void call(int depth) {
        if (!program.mayCall() || depth >= MAX_DEPTH) {
            arithmetic();
            return;
        }
        Reg first = number();
        Reg second = number();
        if (second == Reg.R1) {
            code.emit(new Mov(Width.W64, 0, Reg.R2, Source.of(second)));
            code.emit(new Mov(Width.W64, 0, Reg.R1, Source.of(first == Reg.R2 ? Reg.R2 : first)));
        } else {
            code.emit(new Mov(Width.W64, 0, Reg.R1, Source.of(first)));
            code.emit(new Mov(Width.W64, 0, Reg.R2, Source.of(second)));
        }
        int call = code.jump(new Call(new CallTarget.Local(0)));
        program.wantFunction(call);
        now.call(Held.NUMBER);
    }

    /** Direct access: data + bytes compared with data_end, then loads and stores inside of them. */
    private void packet() {
        List<Reg> contexts = now.which(held -> held.is(Kind.CONTEXT));
        if (surface.hasPacketLoads() && now.get(Reg.R6).is(Kind.CONTEXT) && dice.oneIn(2)) {
            code.emit(packetLoad(dice.oneIn(2)));
            now.call(Held.NUMBER);
            return;
        }
        if (!surface.hasPacket() || contexts.isEmpty()) {
            arithmetic();
            return;
        }
        Reg context = dice.of(contexts);
        int[] fields = surface.packetFields();
        List<Reg> free = new ArrayList<>(List.of(Reg.R2, Reg.R3, Reg.R4, Reg.R5));
        free.remove(context);
        Reg data = free.get(0);
        Reg end = free.get(1);
        Reg probe = free.get(2);
        code.emit(new Load(MemSize.W, false, data, context, (short) fields[0]));
        code.emit(new Load(MemSize.W, false, end, context, (short) fields[1]));
        now.set(data, Held.packet(0));
        now.set(end, Held.PACKET_END);
        int bytes = dice.of(List.of(1, 2, 4, 8, 14, 20, 34, 64));
        code.emit(new Mov(Width.W64, 0, probe, Source.of(data)));
        code.emit(new Alu(Width.W64, AluOp.ADD, probe, Source.of(bytes)));
        now.set(probe, Held.OTHER);
        int fits = switch (dice.below(2)) {
            case 0 -> code.jump(new Jump(Width.W64, Condition.LE, probe, Source.of(end), (short) 1));
            default -> code.jump(new Jump(Width.W64, Condition.GE, end, Source.of(probe), (short) 1));
        };
        code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.below(2))));
        code.emit(new Exit());
        code.land(fits);
        MemSize size = dice.of(MemSize.values());
        if (size.bytes() <= bytes) {
            int offset = dice.between(0, bytes - size.bytes());
            Reg register = target();
            code.emit(new Load(size, false, register, data, (short) offset));
            now.set(register, Held.NUMBER);
        }
    }

    private Instruction packetLoad(boolean direct) {
        MemSize size = dice.of(List.of(MemSize.B, MemSize.H, MemSize.W));
        Reg index = direct ? Reg.R0 : number();
        return new LegacyPacketLoad(direct ? PacketMode.ABS : PacketMode.IND, size, index, dice.below(80));
    }

    private void atomic() {
        MemSize size = dice.oneIn(2) ? MemSize.W : MemSize.DW;
        AtomicOp op = dice.of(AtomicOp.values());
        Reg operand = number();
        if (op == AtomicOp.CMPXCHG && !now.get(Reg.R0).is(Kind.NUMBER)) {
            code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.immediate())));
            now.set(Reg.R0, Held.NUMBER);
        }
        List<Reg> values = now.which(held -> held.is(Kind.VALUE));
        if (values.isEmpty() || dice.oneIn(2)) {
            int offset = stackOffset(size.bytes());
            code.emit(new Store(size, Reg.R10, (short) offset, Source.of(dice.immediate())));
            now.write(offset, size.bytes());
            code.emit(new Atomic(op, size, Reg.R10, (short) offset, operand));
        } else {
            Reg base = dice.of(values);
            Held held = now.get(base);
            int cells = Surface.MAPS.get(held.map()).valueSize() / size.bytes();
            code.emit(new Atomic(op, size, base, (short) (size.bytes() * dice.below(cells) - held.offset()), operand));
        }
        if (op == AtomicOp.CMPXCHG) {
            now.set(Reg.R0, Held.NUMBER);
        } else {
            now.set(operand, Held.NUMBER);
        }
    }

    /** Memory that R1 is given: loads and stores, where the profile has it. */
    private void raw() {
        if (!program.profile().raw() || !now.get(Reg.R6).is(Kind.OTHER)) {
            arithmetic();
            return;
        }
        MemSize size = dice.of(MemSize.values());
        int offset = dice.between(0, ProgramWriter.RAW_BYTES - size.bytes());
        access(Reg.R6, size, offset);
    }

    /** Something that a rule of the verifier forbids, or may forbid. */
    private void sin() {
        Reg any = Reg.of(dice.below(11));
        Reg pointer = dice.of(now.which(held -> !held.is(Kind.NUMBER) && !held.is(Kind.NOTHING)));
        MemSize size = dice.of(MemSize.values());
        switch (dice.below(23)) {
            case 0 -> code.emit(new Mov(Width.W64, 0, target(), Source.of(any)));
            case 1 -> code.emit(new Load(size, false, target(), Reg.R10, (short) dice.between(-520, 8)));
            case 2 -> code.emit(new Store(size, Reg.R10, (short) dice.between(-520, 8), Source.of(dice.immediate())));
            case 3 -> code.emit(new Load(size, false, target(), pointer, (short) dice.between(-8, 80)));
            case 4 -> code.emit(new Store(size, pointer, (short) dice.between(-8, 80), Source.of(any)));
            case 5 -> code.emit(new Alu(width(), dice.of(AluOp.values()), pointer == Reg.R10 ? Reg.R1 : pointer,
                    Source.of(dice.immediate())));
            case 6 -> code.emit(new Alu(Width.W64, dice.of(AluOp.ADD, AluOp.SUB), target(), Source.of(pointer)));
            case 7 -> code.emit(new Alu(Width.W64, dice.of(AluOp.ADD, AluOp.SUB),
                    pointer == Reg.R10 ? Reg.R2 : pointer, Source.of(number())));
            case 8 -> code.emit(new Mov(Width.W32, 0, target(), Source.of(pointer)));
            case 9 -> code.emit(new Call(new CallTarget.Helper(dice.below(240))));
            case 10 -> code.emit(new Atomic(dice.of(AtomicOp.values()), dice.oneIn(2) ? MemSize.W : MemSize.DW, pointer,
                    (short) dice.between(-16, 16), any));
            case 11 -> code.emit(new Jump(width(), dice.of(Condition.values()), pointer, Source.of(any), (short) 0));
            case 12 -> code.emit(new Jump(width(), dice.of(Condition.values()), any, Source.of(dice.immediate()),
                    (short) dice.between(-4, 4)));
            case 13 -> code.emit(new Exit());
            case 14 -> code.emit(new Alu(width(), dice.of(AluOp.LSH, AluOp.RSH, AluOp.ARSH, AluOp.DIV, AluOp.MOD),
                    number(), Source.of(dice.of(List.of(0, 31, 32, 63, 64, -1)))));
            case 15 -> code.emit(new LoadImm64(ImmKind.MAP_IDX_VALUE, target(), dice.below(Surface.MAPS.size()),
                    dice.below(80)));
            case 18 -> code.emit(new Atomic(dice.of(AtomicOp.values()), dice.oneIn(2) ? MemSize.W : MemSize.DW, pointer,
                    (short) (-8 * dice.below(4)), pointer));
            case 19 -> code.emit(new Store(size, pointer, (short) (-8 * dice.below(4)), Source.of(pointer)));
            case 20 -> {
                int space = dice.below(2);
                code.emit(new AddrSpaceCast(target(), dice.oneIn(3) ? any : target(), space, 1 - space));
            }
            case 21 -> code.emit(new LoadImm64(ImmKind.BTF_ID, target(), dice.below(300), 0));
            case 22 -> code.emit(packetLoad(dice.oneIn(2)));
            case 16 -> code.emit(new Goto(dice.oneIn(2), dice.between(-6, 6)));
            default -> {
                Instruction end = new End(dice.of(ByteOrder.values()), 32, pointer == Reg.R10 ? Reg.R3 : pointer);
                code.emit(end);
            }
        }
    }
}
