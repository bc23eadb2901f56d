package org.bpfz.spec.machine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.engine.Event;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.helper.ArgumentException;
import org.bpfz.spec.helper.HelperCall;
import org.bpfz.spec.helper.HelperFunction;
import org.bpfz.spec.helper.Implementations;
import org.bpfz.spec.helper.Machinery;
import org.bpfz.spec.helper.Outcome;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.AddrSpaceCast;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.End;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.Goto;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.LegacyPacketLoad;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.MayGoto;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Neg;
import org.bpfz.spec.isa.Instruction.PacketMode;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.map.ArrayMap;
import org.bpfz.spec.map.SpecMap;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.Memory;
import org.bpfz.spec.memory.Region;
import org.bpfz.spec.memory.RegionKind;
import org.bpfz.spec.memory.Stack;
import org.bpfz.spec.memory.ViolationException;
import org.bpfz.spec.memory.Word;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.ReturnKind;
import org.bpfz.spec.semantics.Semantics;
import org.bpfz.spec.semantics.Semantics.AtomicResult;
import org.jspecify.annotations.Nullable;

/**
 * One run of a program, instruction by instruction.
 *
 * <p>{@link #step} executes one instruction; a callback's instructions are steps of their own between two of the helper that called back. A run
 * ends with the exit of the outermost frame or with a fault, whatever the program does.
 */
public final class Machine {
    private static final Semantics<Long, Integer, Boolean> SEMANTICS = Semantics.CONCRETE;

    private final SpecEnvironment environment;
    private final Invocation invocation;
    private final Surroundings surroundings;
    private final Memory memory;
    private final Stack stack = new Stack();
    private final Registers registers;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final List<Event> events = new ArrayList<>();
    private final Machinery machinery = new ForHelpers();
    private long executed;
    private int tailCalls;
    private @Nullable Result result;

    Machine(SpecEnvironment environment, LoadedProgram program, Invocation invocation, Surroundings surroundings) {
        this.environment = environment;
        this.invocation = invocation;
        this.surroundings = surroundings;
        memory = new Memory(environment.services().memory());
        registers = new Registers(environment.services().memory().unwrittenRegisters());
        memory.add(stack);
        surroundings.addTo(memory);
        environment.addMapsTo(memory);
        frames.push(new Frame(program, 0, null, null));
        enterProgram();
    }

    /** What a program begins with: R1, in a raw run R2, and R10. */
    private void enterProgram() {
        registers.loseAll();
        registers.set(Reg.R1, Word.pointer(surroundings.context()));
        if (invocation.isRaw()) {
            registers.set(Reg.R2, Word.number(surroundings.context().size()));
        }
        registers.set(Reg.R10, stack.push());
    }

    /** Runs to the end. */
    public Result run() {
        while (step()) {
            // The condition does the work.
        }
        return result();
    }

    /** Whether the run has not ended. */
    public boolean isRunning() {
        return result == null;
    }

    /** What the run has left behind; an {@link IllegalStateException} before it has ended. */
    public Result result() {
        if (result == null) {
            throw new IllegalStateException("the run goes on at slot " + slot());
        }
        return result;
    }

    /** The slot of the instruction that is next. */
    public int slot() {
        return frame().slot();
    }

    /** The program that the next instruction is of: another than at the start after a tail call. */
    public LoadedProgram program() {
        return frame().program();
    }

    /** How many frames there are, 1 to 8. */
    public int depth() {
        return frames.size();
    }

    /** What a register of the innermost frame holds, or null. */
    public @Nullable Word register(Reg register) {
        return registers.peek(register);
    }

    /** How many instructions have been executed. */
    public long executed() {
        return executed;
    }

    /** The memory as it is now. */
    public Memory memory() {
        return memory;
    }

    /**
     * Executes one instruction.
     *
     * @return whether the run goes on
     */
    public boolean step() {
        if (result != null) {
            return false;
        }
        Frame frame = frame();
        if (!frame.program().code().isInstruction(frame.slot())) {
            fail(new Fault.NoInstruction(frame.last(), frame.slot()));
        } else if (executed == invocation.budget()) {
            fail(new Fault.OutOfBudget(frame.slot(), executed));
        } else {
            executed++;
            frame.advance();
            try {
                execute(frame.program().code().at(frame.last()));
            } catch (Trap trap) {
                fail(trap.at(frame().last()));
            } catch (ViolationException e) {
                fail(new Fault.Memory(frame().last(), e.violation()));
            }
        }
        return result == null;
    }

    private void execute(Instruction instruction) throws Trap, ViolationException {
        switch (instruction) {
            case Alu alu -> arithmetic(alu);
            case Mov mov -> move(mov);
            case Neg(Width width, Reg dst) -> registers.write(dst,
                    Word.number(SEMANTICS.neg(width, registers.read(dst).bits())));
            case End(Instruction.ByteOrder order, int bits, Reg dst) -> registers.write(dst,
                    Word.number(SEMANTICS.end(order, bits, registers.read(dst).bits())));
            case Load load -> load(load);
            case Store store -> store(store);
            case Atomic atomic -> atomic(atomic);
            case Jump(Width width, var condition, Reg left, Source right, short offset) -> {
                if (SEMANTICS.jumps(width, condition, registers.read(left).bits(), operand(right).bits())) {
                    jump(offset);
                }
            }
            case Goto(boolean wide, int offset) -> jump(offset);
            case MayGoto(short offset) -> {
                if (!frame().loops()) {
                    jump(offset);
                }
            }
            case Call(CallTarget.Local(int offset)) -> callLocal(offset);
            case Call(CallTarget.Helper(int number)) -> callHelper(number);
            case Call(CallTarget.Kfunc(int btfId, short module)) -> throw Trap
                    .unsupported("kernel function " + btfId + " of module " + module + " is not modelled");
            case Exit() -> exit();
            case LoadImm64 load -> registers.write(load.dst(), immediate(load));
            case LegacyPacketLoad load -> packetLoad(load);
            // Without an arena, user space sees it at 0.
            case AddrSpaceCast(Reg dst, Reg src, int to, int from) -> registers.write(dst,
                    Word.number(SEMANTICS.addrSpaceCast(to, registers.read(src).bits(), 0L)));
        }
    }

    private void arithmetic(Alu alu) throws Trap {
        Word dst = registers.read(alu.dst());
        Word src = operand(alu.src());
        long bits = SEMANTICS.alu(alu.width(), alu.op(), dst.bits(), src.bits());
        registers.write(alu.dst(), new Word(bits, alu.width() == Width.W64 ? origin(alu.op(), dst, src) : null));
    }

    /** A pointer plus or minus a number points into the same region; every other result is a number. */
    private static @Nullable Region origin(AluOp op, Word dst, Word src) {
        return switch (op) {
            case ADD -> dst.isPointer() && src.isPointer() ? null : dst.isPointer() ? dst.origin() : src.origin();
            case SUB -> src.isPointer() ? null : dst.origin();
            default -> null;
        };
    }

    private void move(Mov mov) throws Trap {
        Word src = operand(mov.src());
        boolean whole = mov.width() == Width.W64 && mov.signExtendFrom() == 0;
        long bits = SEMANTICS.mov(mov.width(), mov.signExtendFrom(), src.bits());
        registers.write(mov.dst(), new Word(bits, whole ? src.origin() : null));
    }

    private void load(Load load) throws Trap, ViolationException {
        Word address = registers.read(load.base()).plus(load.offset());
        Word pointer = surroundings.pointerAt(address, load.size().bytes(), load.signed());
        Word there = memory.load(address, load.size());
        if (pointer != null) {
            registers.write(load.dst(), pointer);
            return;
        }
        registers.write(load.dst(),
                new Word(SEMANTICS.load(load.size(), load.signed(), there.bits()), there.origin()));
    }

    private void store(Store store) throws Trap, ViolationException {
        Word address = registers.read(store.base()).plus(store.offset());
        Word value = operand(store.src());
        surroundings.requireWritable(address, store.size().bytes(), false);
        memory.store(address, store.size(), new Word(SEMANTICS.store(store.size(), value.bits()), value.origin()));
    }

    private void atomic(Atomic atomic) throws Trap, ViolationException {
        Word address = registers.read(atomic.base()).plus(atomic.offset());
        long src = registers.read(atomic.src()).bits();
        long r0 = atomic.op() == AtomicOp.CMPXCHG ? registers.read(Reg.R0).bits() : 0;
        surroundings.requireWritable(address, atomic.size().bytes(), true);
        long there = memory.load(address, atomic.size()).bits();
        AtomicResult<Long> done = SEMANTICS.atomic(atomic.op(), atomic.size(), there, src, r0);
        memory.store(address, atomic.size(), Word.number(done.stored()));
        if (atomic.op().fetches()) {
            registers.write(atomic.op() == AtomicOp.CMPXCHG ? Reg.R0 : atomic.src(), Word.number(done.old()));
        }
    }

    private Word immediate(LoadImm64 load) throws Trap {
        return switch (load.kind()) {
            case VALUE -> Word.number(SEMANTICS.immediate64(load.imm(), load.nextImm()));
            case MAP_IDX -> Word.pointer(map(load.imm()).handle());
            case MAP_IDX_VALUE -> {
                if (!(map(load.imm()) instanceof ArrayMap array)) {
                    throw Trap.unsupported("map " + load.imm() + " has no value with an address");
                }
                yield Word.pointer(array.firstValue().region()).plus(Integer.toUnsignedLong(load.nextImm()));
            }
            // Unlike a call's offset, this one counts from the slot right behind the first (check_ld_imm in kernel/bpf/verifier.c).
            case FUNC -> function(frame().last() + 1 + load.imm());
            case MAP_FD, MAP_VALUE -> throw Trap.unsupported("an image refers to maps by index, not by descriptor");
            case BTF_ID -> throw Trap.unsupported("kernel variable " + load.imm() + " is not modelled");
        };
    }

    private SpecMap map(int index) throws Trap {
        List<SpecMap> maps = frame().program().maps();
        if (index < 0 || index >= maps.size()) {
            throw Trap.unsupported("the image has no map " + index);
        }
        return maps.get(index);
    }

    private static Word function(int slot) {
        return Word.pointer(new Region(RegionKind.FUNCTION, "function at slot " + slot, Layout.function(slot), 1));
    }

    /** Loads from the packet; outside of it, the function ends with 0 (gen_ld_abs in net/core/filter.c). */
    private void packetLoad(LegacyPacketLoad load) throws Trap, ViolationException {
        registers.read(Reg.R6);
        int offset = load.mode() == PacketMode.ABS ? load.imm() : (int) registers.read(load.src()).bits() + load.imm();
        Region packet = surroundings.packet();
        if (offset < 0 || offset > packet.size() - load.size().bytes()) {
            registers.set(Reg.R0, Word.ZERO);
            exit();
            return;
        }
        Word there = memory.load(Word.pointer(packet).plus(offset), load.size());
        registers.loseArguments();
        registers.set(Reg.R0, Word.number(SEMANTICS.packetLoad(load.size(), there.bits())));
    }

    private void callLocal(int offset) throws Trap {
        Frame caller = frame();
        enterFunction(caller.program().code().target(caller.last(), offset), null);
    }

    private void enterFunction(int slot, @Nullable PendingCall pending) throws Trap {
        if (frames.size() == Layout.MAX_FRAMES) {
            throw new Trap(Fault.TooManyFrames::new);
        }
        Frame caller = frame();
        if (!caller.program().code().isInstruction(slot)) {
            throw new Trap(at -> new Fault.NoInstruction(at, slot));
        }
        List<@Nullable Word> arguments = registers.arguments();
        frames.push(new Frame(caller.program(), slot, registers.saved(), pending));
        registers.loseAll();
        for (int i = 0; i < arguments.size(); i++) {
            registers.set(Reg.of(i + 1), arguments.get(i));
        }
        registers.set(Reg.R10, stack.push());
    }

    private void callHelper(int number) throws Trap, ViolationException {
        HelperPrototype helper = Implementations.prototype(number, services().helpers());
        if (helper == null) {
            throw Trap.unsupported("helper " + number + " does not exist");
        }
        HelperFunction implementation = Implementations.of(helper.name());
        if (implementation == null) {
            throw Trap.unsupported(helper.name() + " is not modelled");
        }
        for (int i = 1; i <= helper.arguments().size(); i++) {
            registers.read(Reg.of(i));
        }
        PendingCall call = new PendingCall(frame().last(), helper, registers.arguments(), null);
        goOn(call, () -> implementation.apply(new HelperCall(machinery, call.arguments())));
    }

    /** A piece of a helper's work. */
    private interface Work {
        Outcome done() throws ViolationException, ArgumentException;
    }

    private void goOn(PendingCall call, Work work) throws Trap, ViolationException {
        Outcome outcome;
        try {
            outcome = work.done();
        } catch (ArgumentException e) {
            throw new Trap(slot -> new Fault.BadArgument(slot, call.helper().name(), e.argument(), e.getMessage()));
        }
        switch (outcome) {
            case Outcome.Return(Word value) -> {
                record(call.returned(value));
                registers.loseArguments();
                registers.set(Reg.R0, call.helper().result().kind() == ReturnKind.VOID ? null : value);
            }
            case Outcome.Callback(int slot, List<Word> arguments, Outcome.Continuation then) -> {
                for (int i = 1; i <= Reg.R5.index(); i++) {
                    registers.set(Reg.of(i), i <= arguments.size() ? arguments.get(i - 1) : Word.ZERO);
                }
                enterFunction(slot, call.waitingFor(then));
            }
            case Outcome.TailCall(int program) -> tailCall(call, program);
        }
    }

    private void tailCall(PendingCall call, int program) throws Trap {
        LoadedProgram target = environment.program(program);
        if (target == null) {
            throw Trap.unsupported("program " + program + " does not exist");
        }
        tailCalls++;
        record(new Event.TailCall(call.slot(), program));
        frame().replace(target);
        stack.pop();
        enterProgram();
    }

    /** Ends the innermost frame with what R0 holds. Only the program itself and callbacks must have something there. */
    private void exit() throws Trap, ViolationException {
        Frame frame = frame();
        if (frame.callers == null) {
            finish(registers.read(Reg.R0).bits(), null);
            return;
        }
        PendingCall call = frame.pending;
        long returned = call == null ? 0 : registers.read(Reg.R0).bits();
        frames.pop();
        stack.pop();
        registers.restore(frame.callers);
        registers.loseArguments();
        if (call != null && call.then() != null) {
            goOn(call, () -> call.then().resume(returned));
        }
    }

    private Word operand(Source source) throws Trap {
        return switch (source) {
            case Source.Imm(int value) -> Word.number(value);
            case Source.Register(Reg register) -> registers.read(register);
        };
    }

    private void jump(int offset) {
        Frame frame = frame();
        frame.jump(frame.program().code().target(frame.last(), offset));
    }

    private Frame frame() {
        return frames.element();
    }

    private Services services() {
        return environment.services();
    }

    private void record(Event event) {
        if (invocation.recordsEvents()) {
            events.add(event);
        }
    }

    private void fail(Fault fault) {
        finish(0, fault);
    }

    private void finish(long r0, @Nullable Fault fault) {
        result = new Result(r0, fault, surroundings.contextBytes(), surroundings.packetBytes(), events);
    }

    /** What helpers see of the machine. */
    private final class ForHelpers implements Machinery {
        @Override
        public Memory memory() {
            return memory;
        }

        @Override
        public Services services() {
            return environment.services();
        }

        @Override
        public Invocation invocation() {
            return invocation;
        }

        @Override
        public Region context() {
            return surroundings.context();
        }

        @Override
        public @Nullable SpecMap map(int id) {
            return environment.map(id);
        }

        @Override
        public <M extends SpecMap> List<M> maps(Class<M> kind) {
            return environment.maps(kind);
        }

        @Override
        public boolean isInstruction(int slot) {
            return frame().program().code().isInstruction(slot);
        }

        @Override
        public int tailCalls() {
            return tailCalls;
        }

        @Override
        public int frames() {
            return frames.size();
        }
    }
}
