package org.bpfz.verifier.search;

import java.util.Objects;
import org.bpfz.spec.isa.Reg;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.Tnum;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.SlotType;
import org.bpfz.verifier.state.StackSlot;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/**
 * Whether a saved state covers the current one: whatever can happen from here was looked at from there (states_equal). All frames have to, in
 * any order; most differences are in the innermost one.
 *
 * <p>Of two values, by the kind of the saved one:
 *
 * <table>
 * <caption>When a saved value covers the current one</caption>
 * <tr><td>not read since</td><td>always</td></tr>
 * <tr><td>number that nobody needed exactly</td><td>any number</td></tr>
 * <tr><td>number</td><td>bounds and bits contain the current ones, links match</td></tr>
 * <tr><td>map value, memory, buffer</td><td>same target and fixed offset, variable offset contained, ids match</td></tr>
 * <tr><td>packet</td><td>no more bytes known than now, same fixed offset, variable offset contained, ids match</td></tr>
 * <tr><td>any other pointer</td><td>same, ids match</td></tr>
 * </table>
 */
final class Equivalence {
    /** How much has to be the same. */
    enum Mode {
        /** What was read and matters. */
        COVERED,
        /** Everything, to the bit: the path is back where it was. */
        EXACT,
        /** Everything that is there, numbers within numbers: convergence of a loop whose body is not through yet. */
        RANGE_WITHIN
    }

    private static final Register UNBOUNDED = unbounded();

    private final Search search;
    private final IdMap ids = new IdMap();

    Equivalence(Search search) {
        this.search = search;
    }

    private static Register unbounded() {
        Register register = Register.detached(Value.ANY_NUMBER);
        register.setLive(Register.READ);
        return register;
    }

    /** A fresh map of ids. */
    IdMap freshIds() {
        ids.reset(search.lastId());
        return ids;
    }

    boolean covers(State saved, State current, Mode mode) {
        if (saved.depth() != current.depth()) {
            return false;
        }
        freshIds();
        if ((saved.isSpeculative() && !current.isSpeculative()) || !sameLocks(saved, current)
                || saved.isSleepable() != current.isSleepable()) {
            return false;
        }
        if (!saved.sameCallSites(current)) {
            return false;
        }
        return coversFrames(saved, current, mode, false) && coversFrames(saved, current, mode, true);
    }

    /**
     * Compares the places that hold the very same value as when the state was saved, or the others. Those others come first: most differences
     * are there, and of what is the same only ids can be in the way.
     */
    private boolean coversFrames(State saved, State current, Mode mode, boolean untouched) {
        for (int i = saved.depth(); i >= 0; i--) {
            if (!covers(saved.frame(i), current.frame(i), mode, untouched)) {
                return false;
            }
        }
        return true;
    }

    /** Whether these two values are to be compared now; what is the same and has no id never need be. */
    @SuppressWarnings("ReferenceEquality") // A quick look: those that are equal but not the same are compared in full.
    private static boolean isDue(Value saved, Value current, boolean untouched) {
        return saved == current ? untouched && (saved.id() != 0 || saved.refId() != 0) : !untouched;
    }

    @SuppressWarnings("ReferenceEquality") // Two maps are the same map when they are the same object.
    private boolean sameLocks(State saved, State current) {
        Object oldOwner = saved.lock() == null ? null : saved.lock().owner();
        Object newOwner = current.lock() == null ? null : current.lock().owner();
        int oldId = saved.lock() == null ? 0 : saved.lock().id();
        int newId = current.lock() == null ? 0 : current.lock().id();
        return oldOwner == newOwner && ids.match(oldId, newId) && saved.isRcuLocked() == current.isRcuLocked()
                && saved.preemptLocks() == current.preemptLocks();
    }

    private boolean covers(Frame saved, Frame current, Mode mode, boolean untouched) {
        if (saved.callbackDepth() > current.callbackDepth()) {
            return false;
        }
        for (int i = 0; i < Reg.COUNT; i++) {
            Register old = saved.register(i);
            Register now = current.register(i);
            if (isDue(old.value(), now.value(), untouched) && !covers(old, now, mode)) {
                return false;
            }
        }
        return coversStack(saved, current, mode, untouched) && sameReferences(saved, current);
    }

    private boolean sameReferences(Frame saved, Frame current) {
        int count = saved.references().size();
        if (count != current.references().size()) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (!ids.match(saved.references().get(i).id(), current.references().get(i).id())) {
                return false;
            }
        }
        return true;
    }

    /** Whether the two are the same but for the names of their ids (regs_exact). */
    boolean isExact(Value saved, Value current) {
        return saved.sameContent(current) && ids.match(saved.id(), current.id())
                && ids.match(saved.refId(), current.refId());
    }

    private boolean covers(Register savedRegister, Register currentRegister, Mode mode) {
        Value saved = savedRegister.value();
        Value current = currentRegister.value();
        if (mode == Mode.EXACT) {
            return isExact(saved, current);
        }
        if (mode == Mode.COVERED && !savedRegister.isLive(Register.READ)) {
            return true;
        }
        if (saved.is(Kind.NOT_INIT) && (mode == Mode.COVERED || current.is(Kind.NOT_INIT))) {
            return true;
        }
        if (!saved.type().equals(current.type())) {
            return false;
        }
        return switch (saved.kind()) {
            case SCALAR -> coversNumber(savedRegister, saved, current, mode);
            case MAP_KEY, MAP_VALUE, MEM, BUF, TP_BUFFER -> saved.sameShape(current) && contains(saved, current)
                    && ids.match(saved.id(), current.id()) && ids.match(saved.refId(), current.refId());
            case PACKET, PACKET_META ->
                coversRange(saved.packetRange(), current.packetRange()) && saved.off() == current.off()
                        && ids.match(saved.id(), current.id()) && contains(saved, current);
            case STACK -> isExact(saved, current) && saved.frame() == current.frame();
            case ARENA -> true;
            default -> isExact(saved, current);
        };
    }

    private boolean coversNumber(Register savedRegister, Value saved, Value current, Mode mode) {
        if (search.hasAluLimits()) {
            return saved.sameContent(current) && ids.matchLinks(saved.id(), current.id());
        }
        if (!savedRegister.isPrecise() && mode == Mode.COVERED) {
            return true;
        }
        boolean sameLinking = saved.id() == 0 || saved.isLinkedByDistance() == current.isLinkedByDistance();
        if (!sameLinking || (saved.isLinkedByDistance() && saved.off() != current.off())) {
            return false;
        }
        return ids.matchLinks(saved.id(), current.id()) && contains(saved, current);
    }

    private static boolean coversRange(int saved, int current) {
        return (saved < 0 || current < 0) ? saved == current : saved <= current;
    }

    private static boolean contains(Value saved, Value current) {
        return Scalar.boundsContain(saved.number(), current.number())
                && Tnum.contains(saved.number().bits(), current.number().bits());
    }

    private boolean coversStack(Frame saved, Frame current, Mode mode, boolean untouched) {
        for (int i = 0; i < saved.slots(); i++) {
            StackSlot old = saved.slot(i);
            StackSlot now = i < current.slots() ? current.slot(i) : null;
            boolean due = (now != null && old.types() == now.types())
                    ? isDue(old.spilled().value(), now.spilled().value(), untouched)
                    : !untouched;
            if (due && !covers(old, now, mode)) {
                return false;
            }
        }
        return true;
    }

    private boolean covers(StackSlot saved, @Nullable StackSlot current, Mode mode) {
        if (mode != Mode.COVERED && (current == null || saved.types() != current.types())) {
            return false;
        }
        if (mode == Mode.COVERED && !saved.spilled().isLive(Register.READ)) {
            return true;
        }
        for (int i = 0; i < StackSlot.BYTES; i++) {
            SlotType type = saved.type(i);
            if (type == SlotType.INVALID || (type == SlotType.MISC && search.mayReadUninitialised())) {
                continue;
            }
            if (current == null) {
                return false;
            }
            Register savedNumber = wholeNumber(saved);
            Register currentNumber = wholeNumber(current);
            if (savedNumber != null && currentNumber != null) {
                return covers(savedNumber, currentNumber, mode);
            }
            if (type == SlotType.MISC && current.type(i) == SlotType.ZERO) {
                continue;
            }
            if (type != current.type(i)) {
                return false;
            }
            if (i == StackSlot.BYTES - 1) {
                return coversObject(saved, current, mode);
            }
        }
        return true;
    }

    /** The number that a slot holds: spilled with all its bits, or any number where all bytes were written (scalar_reg_for_stack). */
    private @Nullable Register wholeNumber(StackSlot slot) {
        if (slot.isWholeScalarSpill()) {
            return slot.spilled();
        }
        for (int i = 0; i < StackSlot.BYTES; i++) {
            SlotType type = slot.type(i);
            if (type != SlotType.MISC && !(type == SlotType.INVALID && search.mayReadUninitialised())) {
                return null;
            }
        }
        return UNBOUNDED;
    }

    private boolean coversObject(StackSlot saved, StackSlot current, Mode mode) {
        Value old = saved.spilled().value();
        Value now = current.spilled().value();
        return switch (saved.kind()) {
            case SPILL -> covers(saved.spilled(), current.spilled(), mode);
            case DYNPTR -> Objects.equals(old.payload(), now.payload()) && ids.match(old.refId(), now.refId());
            case ITER -> old.type().equals(now.type()) && sameIterator(old, now) && ids.match(old.refId(), now.refId());
            case MISC, ZERO, INVALID -> true;
        };
    }

    private static boolean sameIterator(Value saved, Value current) {
        return saved.payload() instanceof Payload.OfIterator old && current.payload() instanceof Payload.OfIterator now
                && old.btf() == now.btf() && old.typeId() == now.typeId() && old.state() == now.state();
    }
}
