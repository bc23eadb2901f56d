package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.access.Access;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.access.StackObjects;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.DynptrKind;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.SlotType;
import org.bpfz.verifier.state.StackSlot;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;

/** Dynptrs: pointers with a size that is known at run time only, kept on the stack in two slots (process_dynptr_func). */
final class Dynptrs {
    private static final int ARG_FLAGS = ArgumentRule.UNINIT | ArgumentRule.WRITE | ArgumentRule.RELEASE | Type.RDONLY;

    private final Search search;
    private final MemoryAccess memory;
    private final StackObjects objects;
    private final References references;

    Dynptrs(Search search, MemoryAccess memory, References references) {
        this.search = search;
        this.memory = memory;
        this.references = references;
        objects = memory.objects();
    }

    /** An argument that is a dynptr: a new one, or one that the helper uses. */
    void pass(int register, int flags, int clonedReference) {
        Value pointer = search.value(register);
        if (!pointer.is(Kind.STACK) && !pointer.is(Kind.DYNPTR)) {
            throw search.reject(Errno.EINVAL,
                    "arg#" + (register - 1) + " expected pointer to stack or const struct bpf_dynptr");
        }
        if ((flags & ArgumentRule.UNINIT) != 0) {
            create(register, pointer, DynptrKind.ofFlags(flags), clonedReference);
        } else {
            use(register, pointer, flags);
        }
    }

    private void create(int register, Value pointer, DynptrKind kind, int clonedReference) {
        boolean fits = pointer.is(Kind.STACK) && objects.findDynptr(pointer) != StackObjects.INVALID;
        if (!fits) {
            throw search.reject(Errno.EINVAL, "Dynptr has to be an uninitialized dynptr");
        }
        for (int i = 0; i < StackObjects.DYNPTR_SLOTS; i++) {
            memory.check(Access.store(register, i * StackSlot.BYTES, StackSlot.BYTES));
        }
        Frame frame = objects.frameOf(pointer);
        int first = objects.findDynptr(pointer);
        objects.destroyDynptr(frame, first);
        objects.destroyDynptr(frame, first - 1);
        int id = search.nextId();
        set(frame.slot(first), kind, true, id);
        set(frame.slot(first - 1), kind, false, id);
        if (kind.isReferenced()) {
            int reference = clonedReference != 0 ? clonedReference : references.acquire();
            refer(frame.slot(first), reference);
            refer(frame.slot(first - 1), reference);
        }
    }

    private static void set(StackSlot slot, DynptrKind kind, boolean first, int id) {
        slot.setTypes(SlotType.DYNPTR.everywhere());
        slot.spilled().set(constant(kind, first, id));
        slot.spilled().markWritten();
    }

    /** A dynptr as a value: on the stack, or a constant one that a callback gets. */
    static Value constant(DynptrKind kind, boolean first, int id) {
        return new Value(Kind.DYNPTR.plain(), 0, new Payload.OfDynptr(kind, first), Scalar.ZERO, id, 0, 0);
    }

    private static void refer(StackSlot slot, int reference) {
        slot.spilled().set(slot.spilled().value().withRefId(reference));
    }

    private void use(int register, Value pointer, int flags) {
        if (pointer.is(Kind.DYNPTR) && (flags & Type.RDONLY) == 0) {
            throw search.reject(Errno.EINVAL, "cannot pass pointer to const bpf_dynptr, the helper mutates it");
        }
        if (!isInitialised(pointer)) {
            throw search.reject(Errno.EINVAL, "Expected an initialized dynptr as arg #" + (register - 1));
        }
        int wantedFlags = flags & ~ARG_FLAGS;
        DynptrKind wanted = DynptrKind.ofFlags(flags);
        if (wantedFlags != 0 && kindOf(pointer) != wanted) {
            throw search.reject(Errno.EINVAL,
                    "Expected a dynptr of type " + wanted.logName() + " as arg #" + (register - 1));
        }
        if (pointer.is(Kind.STACK)) {
            Frame frame = objects.frameOf(pointer);
            int first = objects.findDynptr(pointer);
            search.liveness().markRead(frame.slot(first).spilled());
            search.liveness().markRead(frame.slot(first - 1).spilled());
        }
    }

    private boolean isInitialised(Value pointer) {
        if (pointer.is(Kind.DYNPTR)) {
            return true;
        }
        int first = objects.findDynptr(pointer);
        if (first < 0) {
            return false;
        }
        Frame frame = objects.frameOf(pointer);
        long whole = SlotType.DYNPTR.everywhere();
        return frame.slot(first).types() == whole && frame.slot(first - 1).types() == whole
                && ((Payload.OfDynptr) frame.slot(first).spilled().value().payload()).first();
    }

    private Value at(Value pointer) {
        return pointer.is(Kind.DYNPTR)
                ? pointer
                : objects.frameOf(pointer).slot(objects.findDynptr(pointer)).spilled().value();
    }

    DynptrKind kindOf(Value pointer) {
        return ((Payload.OfDynptr) at(pointer).payload()).kind();
    }

    int idOf(Value pointer) {
        return at(pointer).id();
    }

    int referenceOf(Value pointer) {
        return at(pointer).refId();
    }

    /** An argument that releases a dynptr must be one that was acquired. */
    void checkReleasable(int register, Value pointer) {
        if (!pointer.is(Kind.STACK)) {
            throw search.reject(Errno.EINVAL, "cannot release unowned const bpf_dynptr");
        }
        int first = objects.findDynptr(pointer);
        if (first < 0 || objects.frameOf(pointer).slot(first).spilled().value().refId() == 0) {
            throw search.reject(Errno.EINVAL, "arg " + register + " is an unacquired reference");
        }
    }

    /** The dynptr, and every clone of it, is gone (unmark_stack_slots_dynptr). */
    void release(Value pointer) {
        Frame frame = objects.frameOf(pointer);
        int first = objects.findDynptr(pointer);
        if (!StackObjects.kindAt(frame, first).isReferenced()) {
            objects.invalidateDynptr(frame, first);
            return;
        }
        int reference = frame.slot(first).spilled().value().refId();
        references.release(reference);
        for (int i = 1; i < frame.slots(); i++) {
            Value value = frame.slot(i).spilled().value();
            if (value.refId() == reference && value.payload() instanceof Payload.OfDynptr dynptr && dynptr.first()) {
                objects.invalidateDynptr(frame, i);
            }
        }
    }
}
