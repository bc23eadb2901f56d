package org.bpfz.verifier.search;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.Disassembler;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramTraits;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.log.SourceLines;
import org.bpfz.verifier.log.StatePrinter;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.bpfz.verifier.structure.CallKinds;
import org.bpfz.verifier.structure.Code;
import org.bpfz.verifier.structure.Landmarks;
import org.bpfz.verifier.structure.Opcodes;
import org.bpfz.verifier.structure.Subprogram;
import org.bpfz.verifier.structure.Subprograms;
import org.jspecify.annotations.Nullable;

/**
 * What one verification knows: the program, where the search is, and what it has learnt of each instruction (struct bpf_verifier_env). The
 * rules work on it.
 */
public final class Search {
    private final ProgramImage image;
    private final Options options;
    private final Code code;
    private final Subprograms subprograms;
    private final Landmarks landmarks;
    private final CallKinds calls;
    private final List<MapObject> maps;
    private final VerifierLog log;
    private final StatePrinter printer;
    private final SourceLines lines;
    private final Trace trace;

    private final History history = new History();
    private final WorkList work;
    private final Liveness liveness;
    private final Precision precision;
    private final Equivalence equivalence;
    private final Checkpoints checkpoints;
    private final InstructionNotes notes;
    private final Fastcall fastcall;

    private final boolean bpfCapable;
    private final boolean perfmonCapable;
    private final ProgramTraits traits;

    private boolean observed;
    private @Nullable State state;
    private int slot;
    private int previousSlot = -1;
    private int lastId;
    private int instructions;
    private int jumps;

    /** A search that has not begun; {@code maps} are those of the image, in its order. */
    public Search(ProgramImage image, Options options, ProgramTraits traits, Code code, Subprograms subprograms,
            Landmarks landmarks,
            CallKinds calls, List<MapObject> maps, VerifierLog log, SourceLines lines, CallNames names) {
        this.image = image;
        this.options = options;
        this.code = code;
        this.subprograms = subprograms;
        this.landmarks = landmarks;
        this.calls = calls;
        this.maps = List.copyOf(maps);
        this.log = log;
        this.lines = lines;
        bpfCapable = options.has(Capability.BPF);
        perfmonCapable = options.has(Capability.PERFMON);
        this.traits = traits;
        printer = new StatePrinter(log);
        work = new WorkList(log);
        liveness = new Liveness(log);
        precision = new Precision(this, history);
        equivalence = new Equivalence(this);
        checkpoints = new Checkpoints(this, equivalence, code.length());
        notes = new InstructionNotes(code.length(), this.maps);
        fastcall = new Fastcall(code, subprograms);
        trace = new Trace(this, new Disassembler(names));
    }

    // The program.

    public ProgramImage image() {
        return image;
    }

    public ProgramType programType() {
        return image.type();
    }

    /** What of the program and its loader the tables are asked with. */
    public ProgramTraits traits() {
        return traits;
    }

    public Options options() {
        return options;
    }

    public Code code() {
        return code;
    }

    public Subprograms subprograms() {
        return subprograms;
    }

    public Landmarks landmarks() {
        return landmarks;
    }

    CallKinds calls() {
        return calls;
    }

    public MapObject map(int index) {
        return maps.get(index);
    }

    /** The program's types, or null. */
    public @Nullable ProgramBtf btf() {
        return image.btf();
    }

    /** What was learnt of each instruction. */
    public InstructionNotes notes() {
        return notes;
    }

    /** Calls that leave most registers alone. */
    public Fastcall fastcall() {
        return fastcall;
    }

    // What the loader may do.

    /** CAP_BPF. */
    public boolean isBpfCapable() {
        return bpfCapable;
    }

    /** Whether the loader may learn addresses. */
    public boolean mayLeakPointers() {
        return perfmonCapable;
    }

    /** Whether the program may read stack that it never wrote. */
    public boolean mayReadUninitialised() {
        return perfmonCapable;
    }

    /** Whether paths that only a mispredicting CPU takes are left out (bypass_spec_v1). */
    public boolean ignoresSpeculation() {
        return perfmonCapable;
    }

    // The log.

    public VerifierLog log() {
        return log;
    }

    public StatePrinter printer() {
        return printer;
    }

    public SourceLines lines() {
        return lines;
    }

    /** An instruction as the log shows it. */
    public String textOf(int at) {
        return trace.textOf(at);
    }

    /** Shows what the instruction changed behind it (print_insn_state). */
    public void traceChanges() {
        trace.changes();
    }

    Trace trace() {
        return trace;
    }

    /** The memory instruction goes through a pointer of the type; all paths must agree on how the kernel translates it. */
    public void notePointerType(Type type, boolean allowTrustMismatch) {
        if (!notes.mergePointerType(slot, type, allowTrustMismatch)) {
            throw reject(Errno.EINVAL, "same insn cannot be used with different pointers");
        }
    }

    /** The instruction accessed memory: an engine may rely on where. */
    public void noteAccess(Value pointer, int off, int size) {
        if (state().isSpeculative()) {
            return;
        }
        Frame own = state().frame();
        Frame pointedTo = pointer.is(Kind.STACK) ? state().frame(pointer.frame()) : own;
        notes.collector().access(slot, pointer, off, size, own, pointedTo,
                subprograms.get(pointedTo.subprogram()).start());
    }

    /** Somebody else than the frame's function may access bytes of it, {@code first} to {@code end} from its end. */
    public void exposeStack(Frame frame, long first, long end) {
        notes.collector().expose(subprograms.get(frame.subprogram()).start(), first, end);
    }

    /** A value leaves the program's registers and stack: if it is the address of a frame, any helper may read all of that. */
    public void exposeIfStack(Value value) {
        if (value.kind() == Kind.STACK) {
            exposeStack(state().frame(value.frame()), -Frame.MAX_STACK, 0);
        }
    }

    /** The jump goes one way. */
    public void noteBranch(boolean taken) {
        if (!state().isSpeculative()) {
            notes.collector().branch(slot, taken);
        }
    }

    /** The jump goes both ways. */
    public void noteBranches() {
        if (!state().isSpeculative()) {
            notes.collector().branches(slot);
        }
    }

    /** Writes the reason and gives what to throw. */
    public Rejection reject(Errno errno, String reason) {
        return log.reject(errno, reason);
    }

    /** Somebody watches: paths end only at states that contain them whole. */
    public void setObserved(boolean newObserved) {
        observed = newObserved;
    }

    boolean isObserved() {
        return observed;
    }

    // Where the search is.

    /** The state of the path that is followed. */
    public State state() {
        if (state == null) {
            throw new IllegalStateException("no path is followed");
        }
        return state;
    }

    void setState(State newState) {
        state = newState;
    }

    /** The instruction that is looked at. */
    public int slot() {
        return slot;
    }

    public RawInstruction insn() {
        return code.at(slot);
    }

    /** Moves to another instruction. */
    public void setSlot(int newSlot) {
        slot = newSlot;
    }

    int previousSlot() {
        return previousSlot;
    }

    void setPreviousSlot(int newPreviousSlot) {
        previousSlot = newPreviousSlot;
    }

    /** How many instructions were looked at. */
    int instructions() {
        return instructions;
    }

    int countInstruction() {
        return ++instructions;
    }

    /** How many jumps, calls and exits were looked at. */
    int jumps() {
        return jumps;
    }

    /** A jump, call or exit is looked at. */
    public void countJump() {
        jumps++;
    }

    /** The id that was given out last. */
    int lastId() {
        return lastId;
    }

    /** A fresh id. */
    public int nextId() {
        return ++lastId;
    }

    // Registers of the innermost frame.

    public Register register(int index) {
        return state().register(index);
    }

    public Value value(int index) {
        return register(index).value();
    }

    /** An instruction reads a register: it must hold something (check_reg_arg with SRC_OP). */
    public Register read(int index) {
        checkNumber(index);
        Register register = register(index);
        printer.touch(index);
        if (register.value().is(Kind.NOT_INIT)) {
            throw reject(Errno.EACCES, "R" + index + " !read_ok");
        }
        if (index != Reg.R10.ordinal() && liveness.isMarkDue(register)) {
            boolean wide = OperandWidth.isWideRead(insn(), register.value());
            liveness.markRead(register, register.parent(), wide ? Register.READ64 : Register.READ32);
        }
        return register;
    }

    /** An instruction writes a register, of whose old value nothing stays (check_reg_arg with DST_OP). */
    public Register define(int index) {
        Register register = overwrite(index);
        forget(register);
        return register;
    }

    /** An instruction writes a register whose old value it still needs (check_reg_arg with DST_OP_NO_MARK). */
    public Register overwrite(int index) {
        checkNumber(index);
        printer.touch(index);
        if (index == Reg.R10.ordinal()) {
            throw reject(Errno.EACCES, "frame pointer is read only");
        }
        Register register = register(index);
        register.markWritten();
        return register;
    }

    private void checkNumber(int index) {
        if (index >= Reg.COUNT) {
            throw reject(Errno.EINVAL, "R" + index + " is invalid");
        }
    }

    /** The register holds any number. */
    public void forget(Register register) {
        register.set(Value.ANY_NUMBER, !isBpfCapable());
    }

    /** The register holds nothing. */
    public void clear(Register register) {
        register.set(Value.NOTHING, !isBpfCapable());
    }

    /** The register holds what nobody may use: nothing, or for those who may learn addresses any number (mark_reg_invalid). */
    public void invalidate(Register register) {
        if (mayLeakPointers()) {
            forget(register);
        } else {
            clear(register);
        }
    }

    /** R0 to R5 do not survive a call. */
    public void clearCallerSaved(Frame frame) {
        for (int i = 0; i <= Reg.R5.ordinal(); i++) {
            clear(frame.register(i));
            printer.touch(i);
            frame.register(i).markWritten();
        }
    }

    /** Whether a value is an address that the loader must not learn (is_pointer_value). */
    public boolean isSecret(Value value) {
        return !mayLeakPointers() && !value.isScalar();
    }

    /** The number must not contradict itself (reg_bounds_sanity_check). */
    public void checkInvariants(Register register, String where) {
        Value value = register.value();
        String violation = value.number().violation();
        if (violation == null) {
            return;
        }
        InvariantText.print(log, where, violation, value.number());
        if (options.has(Options.TEST_REG_INVARIANTS)) {
            throw new Rejection(Errno.EFAULT);
        }
        register.set(value.withNumber(value.number().unbounded()));
    }

    /** A number that is copied gets a name, so that what one copy learns the other does too (assign_scalar_id_before_mov). */
    public void nameForCopy(Register register) {
        Value value = register.value();
        if (!value.isScalar()) {
            return;
        }
        if (value.isLinkedByDistance()) {
            value = value.unlinked();
        }
        if (value.id() == 0 && !value.number().isConstant()) {
            value = value.withId(nextId());
        }
        register.set(value);
    }

    // The search itself.

    public Liveness liveness() {
        return liveness;
    }

    public Precision precision() {
        return precision;
    }

    Equivalence equivalence() {
        return equivalence;
    }

    Checkpoints checkpoints() {
        return checkpoints;
    }

    WorkList work() {
        return work;
    }

    History history() {
        return history;
    }

    /** Leaves a copy of the state for later and gives it, to be changed. */
    public State pushLater(int atSlot, int previous, boolean speculative) {
        return work.push(state(), atSlot, previous, speculative);
    }

    /** Leaves the begin of an asynchronous callback for later. */
    public void pushAsync(State callback, int atSlot, int previous) {
        work.pushAsync(callback, atSlot, previous);
    }

    /** Where the history of the path stands. */
    public int historyEnd() {
        return state().lineage().historyEnd();
    }

    /** Notes the instruction in the history. */
    void note(int flags) {
        history.note(state().lineage(), slot, previousSlot, flags, LinkedRegisters.NONE);
    }

    /** Notes that the instruction used a stack slot. */
    public void noteStackAccess(int frame, int stackSlot) {
        note(History.stackAccess(frame, stackSlot));
    }

    /** Notes which sides of a comparison are stack pointers. */
    public void noteComparison(boolean leftIsStack, boolean rightIsStack) {
        note((leftIsStack ? History.LEFT_IS_STACK : 0) | (rightIsStack ? History.RIGHT_IS_STACK : 0));
    }

    /** Notes which numbers a comparison links. */
    public void noteLinks(LinkedRegisters links) {
        history.note(state().lineage(), slot, previousSlot, 0, links);
    }

    /** A state saved at the slot whose paths are not through, on the way to the given one, or null. */
    public @Nullable State openAncestor(State of, int atSlot) {
        return checkpoints.openAncestor(of, atSlot);
    }

    /** Numbers that nobody needs exactly and that differ from those of a state before become any number (widen_imprecise_scalars). */
    public void widen(State before, State current) {
        new Widening(this, equivalence).apply(before, current);
    }

    boolean isIteratorNext(int at) {
        return notes.isIteratorNext(at);
    }

    boolean isMayGoto(int at) {
        return Opcodes.isMayGoto(code.at(at));
    }

    /** Whether limits for guarded arithmetic are explored: then numbers are compared exactly (explore_alu_limits). */
    boolean hasAluLimits() {
        return notes.hasAluLimits();
    }

    /** Whether the program may sleep here. */
    public boolean isSleepable() {
        return traits.sleepable() || state().isSleepable();
    }

    /** Whether RCU-protected objects stay here (in_rcu_cs). */
    public boolean isRcuProtected() {
        return state().isRcuLocked() || state().lock() != null || !isSleepable();
    }

    /** The function that a slot is in. */
    public Subprogram subprogramAt(int at) {
        return subprograms.get(subprograms.containing(at));
    }
}
