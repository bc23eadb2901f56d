package org.bpfz.interpreter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfz.interpreter.helper.Bindings;
import org.bpfz.interpreter.helper.ControlBindings;
import org.bpfz.interpreter.helper.Run;
import org.bpfz.interpreter.map.FlatMap;
import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Event;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.memory.Layout;
import org.jspecify.annotations.Nullable;

/** One run: what it started from, where it is, and what it calls. {@link Loop} runs its instructions. */
final class Interpretation implements Run, FlatProgram.FlatRun {
    private final FlatEnvironment environment;
    private final Invocation invocation;
    private final FlatMemory memory;
    /** What the legacy loads read. */
    final Packet packet;
    private final List<Event> events = new ArrayList<>();
    /** The programs that have run, in their order; a program is known by its index in the registers. */
    private final List<Code> programs = new ArrayList<>();
    /** What the next slice begins with, by {@link Frames}. */
    private long[] registers;
    /** The index that the next slice begins at. */
    private int start;
    /** How many instructions the run may still execute. */
    private long left;
    /** R0 of the exit. */
    private long result;
    private int tailCalls;
    /** Of the frame that has called a helper, while the helper runs. */
    private int depth;
    /** The number of the program that has called a helper, while the helper runs. */
    private int caller;

    Interpretation(FlatEnvironment environment, Code code, Invocation invocation) {
        this.environment = environment;
        this.invocation = invocation;
        memory = environment.memory();
        packet = new Packet(memory, invocation);
        programs.add(code);
        left = invocation.budget();
        registers = Frames.begin(0, 0, memory);
        enterProgram(registers);
    }

    @Override
    public long run() {
        execute();
        return result;
    }

    @Override
    public List<Event> events() {
        return events;
    }

    /** What a program begins with: R1 and, in a raw run, R2. R10 is its frame's. */
    private void enterProgram(long[] r) {
        Arrays.fill(r, 0, 10, 0);
        r[1] = Layout.CONTEXT;
        r[2] = invocation.isRaw() ? invocation.context().length : 0;
    }

    /** Runs from {@link #start} until the frame exits that has no other to return to. */
    private void execute() {
        do {
            if (left < 0) {
                throw new FaultSignal(slot -> new Fault.OutOfBudget(slot, invocation.budget())).at(start >> 1);
            }
        } while (!Loop.slice(this));
    }

    /** What the next slice begins with, by {@link Frames}; shared. */
    long[] registers() {
        return registers;
    }

    /** The index that the next slice begins at. */
    int start() {
        return start;
    }

    /** What runs with these registers. */
    Code code(long[] r) {
        return programs.get(Frames.program(r));
    }

    /**
     * Takes at most so many instructions of those that the run has left; returns the fuel of a slice that begins at {@link #start}: the
     * instructions before that count as executed and paid for.
     */
    int grant(int most) {
        int granted = (int) Math.min(left, most);
        left -= granted;
        return granted + code(registers).ordinal(start);
    }

    /** Ends a slice with so many instructions unused; false, for what the next one begins with. */
    boolean pauseAt(int index, long[] r, int unused) {
        left += unused;
        start = index;
        registers = r;
        return false;
    }

    /** Ends the slices with so many instructions unused; true. */
    boolean finish(long r0, int unused) {
        left += unused;
        result = r0;
        return true;
    }

    /** Calls a helper for the call at the index, which may call back and use up what is left of the slice's fuel. */
    void call(int number, long[] r, int pc, int fuel) {
        Code code = code(r);
        int unused = fuel - code.ordinal(pc) - 1;
        left += unused;
        depth = Frames.depth(r);
        caller = Frames.program(r);
        call(code.call(number), r, pc);
        left -= unused;
    }

    private void call(Code.HelperCall call, long[] r, int pc) {
        long r1 = r[1];
        long r2 = r[2];
        long r3 = r[3];
        long r4 = r[4];
        long r5 = r[5];
        r[0] = call.helper().call(this, r1, r2, r3, r4, r5);
        if (invocation.recordsEvents()) {
            List<Long> arguments = List.of(r1, r2, r3, r4, r5).subList(0, call.prototype().arguments().size());
            events.add(new Event.HelperCall(pc >> 1, call.prototype().name(), arguments, r[0]));
        }
    }

    /** Whether another program now runs in place of the current one. */
    boolean tailCall(long[] r, int pc) {
        int target = ControlBindings.tailCallTarget(this, r[1], r[2], r[3]);
        if (target == 0) {
            if (invocation.recordsEvents()) {
                events.add(new Event.HelperCall(pc >> 1, Bindings.TAIL_CALL, List.of(r[1], r[2], r[3]), 0));
            }
            r[0] = 0;
            return false;
        }
        tailCalls++;
        if (invocation.recordsEvents()) {
            events.add(new Event.TailCall(pc >> 1, target));
        }
        programs.add(environment.program(target).code());
        Frames.replace(r, programs.size() - 1);
        enterProgram(r);
        return true;
    }

    @Override
    public long callBack(int slot, long r1, long r2, long r3, long r4) {
        int outerDepth = depth;
        int outerCaller = caller;
        long[] r = Frames.begin(depth + 1, caller, memory);
        r[1] = r1;
        r[2] = r2;
        r[3] = r3;
        r[4] = r4;
        registers = r;
        start = 2 * slot;
        execute();
        depth = outerDepth;
        caller = outerCaller;
        memory.setDepth(depth + 1);
        return result;
    }

    @Override
    public FlatMemory memory() {
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
    public @Nullable FlatMap map(int id) {
        return environment.map(id);
    }

    @Override
    public Iterable<FlatMap> maps() {
        return environment.flatMaps();
    }

    @Override
    public boolean isInstruction(int slot) {
        return programs.get(caller).isInstruction(slot);
    }

    @Override
    public int tailCalls() {
        return tailCalls;
    }

    @Override
    public int depth() {
        return depth + 1;
    }
}
