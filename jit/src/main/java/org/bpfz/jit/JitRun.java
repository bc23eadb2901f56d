package org.bpfz.jit;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.interpreter.FlatEnvironment;
import org.bpfz.interpreter.FlatProgram;
import org.bpfz.interpreter.helper.Bindings;
import org.bpfz.interpreter.helper.ControlBindings;
import org.bpfz.interpreter.helper.Run;
import org.bpfz.interpreter.helper.WrittenData;
import org.bpfz.interpreter.map.FlatMap;
import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Event;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.memory.Access;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.program.HelperPrototype;
import org.jspecify.annotations.Nullable;

/** One run of compiled code: what the code and the helpers that it calls find around them. */
final class JitRun implements Run, FlatProgram.FlatRun {
    /** How often may_goto falls through in a frame: BPF_MAX_LOOPS in include/linux/bpf.h. */
    static final int LOOPS = 8 << 20;

    /** How many instructions are granted at a time, so that an int counts them. */
    private static final int GRANT = 1 << 30;

    private static final int MOST_HOME = Layout.RAW_LIMIT - (Long.BYTES - 1);

    private static final long LOWEST_FRAME = Layout.framePointer(Layout.MAX_FRAMES - 1);

    /** How many instructions may be executed before {@link #refuel} is to be asked. Compiled code reads and writes it. */
    int fuel;

    private final FlatEnvironment environment;
    private final Invocation invocation;
    private final FlatMemory memory;
    private final List<Event> events = new ArrayList<>();
    private final int packetSize;
    private final int home;
    private final long origin;
    private JitProgram program;
    private int depth = 1;
    private int tailCalls;
    private long left;

    JitRun(FlatEnvironment environment, JitProgram program, Invocation invocation) {
        this.environment = environment;
        this.program = program;
        this.invocation = invocation;
        memory = environment.memory();
        left = invocation.budget();
        home = (int) homeOf(invocation);
        origin = Layout.CONTEXT;
        byte[] packet = invocation.packet();
        packetSize = packet == null ? 0 : packet.length;
    }

    private static long homeOf(Invocation invocation) {
        return invocation.isRaw() ? Math.max(0, invocation.context().length - (Long.BYTES - 1)) : 0;
    }

    @Override
    public long run() {
        return enter(Layout.STACK_TOP);
    }

    @Override
    public List<Event> events() {
        return events;
    }

    /** Runs the current program from its beginning in the frame. */
    private long enter(long r10) {
        long length = invocation.isRaw() ? invocation.context().length : 0;
        return program.code(0).call(0, this, r10, Layout.CONTEXT, length, 0, 0, 0);
    }

    // What compiled code calls.

    /**
     * Grants more instructions.
     *
     * @param remaining what is left of the last grant, 0 or less
     * @param slot      of the instruction that is next
     */
    int refuel(int remaining, int slot) {
        left += remaining;
        if (left <= 0) {
            throw new FaultSignal(at -> new Fault.OutOfBudget(at, invocation.budget())).at(slot);
        }
        int granted = (int) Math.min(left, GRANT);
        left -= granted;
        return granted;
    }

    /** How many offsets into a raw run's memory begin 8 bytes of it; 0 in any other run. In bounds that HotSpot sees. */
    long home() {
        return Math.min(Math.max(home, 0), MOST_HOME);
    }

    /** The address of a raw run's memory. */
    long origin() {
        return origin;
    }

    /** Where a frame pointer points in the bytes. In bounds that HotSpot sees: all accesses of a frame are of the array then. */
    static int frame(long r10) {
        return ((int) (r10 - LOWEST_FRAME) & Layout.MAX_FRAMES * Layout.FRAME_SIZE - 1) + Layout.FRAME_SIZE;
    }

    /** Makes the frame the innermost one, for the memory's rules. */
    void inFrame(long r10) {
        depth = (int) ((Layout.STACK_TOP - r10) / Layout.FRAME_SIZE) + 1;
        memory.setDepth(depth);
    }

    /** Whether so many bytes are of one region whose accesses have no further rules. */
    boolean reaches(long address, long length, boolean write) {
        return memory.permits(write ? Access.WRITE : Access.READ, address, length);
    }

    /** The frame pointer of a function that is called from the frame. */
    static long push(long r10) {
        if (r10 == LOWEST_FRAME) {
            throw new FaultSignal(Fault.TooManyFrames::new);
        }
        return r10 - Layout.FRAME_SIZE;
    }

    /**
     * bpf_copy_from_buffer of a program that a verifier has accepted: the context is the context and the target may be written, so only how much
     * of the written data is there is to be found out.
     *
     * @param offset into the written data, any number
     * @param target where in the bytes the target begins, which the array is asked once more
     * @param size   of the target
     */
    long copyFromBuffer(long offset, int target, long size) {
        return WrittenData.copy(environment.services().helpers(), invocation.data(), offset, memory.bytes(), target,
                size);
    }

    /** On which CPU it runs. */
    int cpu() {
        return invocation.cpu();
    }

    /** Whether events are to be recorded. */
    boolean recordsEvents() {
        return invocation.recordsEvents();
    }

    /** Records that a helper has returned. */
    void record(HelperPrototype helper, int slot, long r1, long r2, long r3, long r4, long r5, long r0) {
        List<Long> arguments = List.of(r1, r2, r3, r4, r5).subList(0, helper.arguments().size());
        events.add(new Event.HelperCall(slot, helper.name(), arguments, r0));
    }

    /** Looks for the program of a tail call; returns its id, or 0 where the caller goes on. */
    int tailCallTarget(int slot, long r1, long r2, long r3) {
        int target = ControlBindings.tailCallTarget(this, r1, r2, r3);
        if (target != 0) {
            tailCalls++;
        }
        if (recordsEvents()) {
            events.add(target == 0
                    ? new Event.HelperCall(slot, Bindings.TAIL_CALL, List.of(r1, r2, r3), 0)
                    : new Event.TailCall(slot, target));
        }
        return target;
    }

    /** Runs a program in place of the function that the frame is of; returns R0. */
    long tailCall(int id, long r10) {
        JitProgram caller = program;
        program = (JitProgram) environment.program(id);
        long r0 = enter(r10);
        program = caller;
        return r0;
    }

    /** Loads 1, 2 or 4 bytes of the packet in network order; -1 where they are not in it. */
    long packet(int offset, int size) {
        if (offset < 0 || offset > packetSize - size) {
            return -1;
        }
        byte[] bytes = memory.bytes();
        int at = FlatMemory.offset(Layout.PACKET) + offset;
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << Byte.SIZE | (bytes[at + i] & 0xff);
        }
        return value;
    }

    /** What is thrown for what compiled code has run into at the slot, the address being what it has accessed without rules. */
    static Throwable located(Throwable thrown, int slot, long address) {
        return switch (thrown) {
            case FaultSignal signal -> signal.at(slot);
            case IndexOutOfBoundsException e -> FlatMemory.outside(Access.READ, address, 1).at(slot);
            case ArithmeticException e -> FlatMemory.outside(Access.READ, address, 1).at(slot);
            default -> thrown;
        };
    }

    /** The fault of an instruction that writes R10. */
    static FaultSignal framePointerWritten() {
        return new FaultSignal(Fault.FramePointerWritten::new);
    }

    /** The fault of who leaves the slot for one where no instruction begins. */
    static FaultSignal nowhere(int slot, int target) {
        return new FaultSignal(at -> new Fault.NoInstruction(slot, target)).at(slot);
    }

    /** A chunk's {@link Anchors} are not of a raw run's memory: goes on with the function, from that chunk to its end, in a class without. */
    void distrust(int slot, long r10, long[] registers, int next) {
        program.distrust();
        program.code(slot).goOn(this, r10, registers, next);
    }

    // What helpers see.

    @Override
    public long callBack(int slot, long r1, long r2, long r3, long r4) {
        int caller = depth;
        long r10 = push(Layout.framePointer(caller - 1));
        inFrame(r10);
        long r0 = program.code(slot).call(slot, this, r10, r1, r2, r3, r4, 0);
        inFrame(Layout.framePointer(caller - 1));
        return r0;
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
        return program.isInstruction(slot);
    }

    @Override
    public int tailCalls() {
        return tailCalls;
    }

    @Override
    public int depth() {
        return depth;
    }
}
