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
    private static final int REGISTERS = 16;

    private final FlatEnvironment environment;
    private final Invocation invocation;
    private final FlatMemory memory;
    /** What the legacy loads read. */
    final Packet packet;
    /** The functions that are active. */
    final Frames frames;
    private final List<Event> events = new ArrayList<>();
    private final long[] registers = new long[REGISTERS];
    private int tailCalls;
    /** The index that the next slice begins at. */
    int start;
    /** The depth whose exit ends the slices. */
    int floor = 1;
    /** How many instructions the run may still execute. */
    long left;
    /** R0 of the exit. */
    long result;

    Interpretation(FlatEnvironment environment, Code code, Invocation invocation) {
        this.environment = environment;
        this.invocation = invocation;
        memory = environment.memory();
        packet = new Packet(memory, invocation);
        frames = new Frames(memory, code);
        left = invocation.budget();
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

    /** What a program begins with: R1, in a raw run R2, and R10. */
    private void enterProgram(long[] r) {
        Arrays.fill(r, 0);
        r[1] = Layout.CONTEXT;
        r[2] = invocation.isRaw() ? invocation.context().length : 0;
        r[10] = Layout.framePointer(frames.depth() - 1);
    }

    /** Runs from {@link #start} until the frame at the floor exits. */
    private void execute() {
        do {
            if (left < 0) {
                throw new FaultSignal(slot -> new Fault.OutOfBudget(slot, invocation.budget())).at(start >> 1);
            }
        } while (!Loop.slice(this, Arrays.copyOf(registers, REGISTERS)));
    }

    /** Keeps what the next slice begins with. */
    void pauseAt(int index, long[] r) {
        start = index;
        System.arraycopy(r, 0, registers, 0, REGISTERS);
    }

    /** Calls a helper for the call at the index. */
    void call(int number, long[] r, int pc) {
        Code.HelperCall call = frames.code().call(number);
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
        frames.replace(environment.program(target).code());
        enterProgram(r);
        return true;
    }

    @Override
    public long callBack(int slot, long r1, long r2, long r3, long r4) {
        int outerFloor = floor;
        frames.push(0, registers);
        floor = frames.depth();
        Arrays.fill(registers, 0);
        registers[1] = r1;
        registers[2] = r2;
        registers[3] = r3;
        registers[4] = r4;
        registers[10] = Layout.framePointer(floor - 1);
        start = 2 * slot;
        execute();
        floor = outerFloor;
        frames.pop(registers);
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
        return frames.code().isInstruction(slot);
    }

    @Override
    public int tailCalls() {
        return tailCalls;
    }

    @Override
    public int depth() {
        return frames.depth();
    }
}
