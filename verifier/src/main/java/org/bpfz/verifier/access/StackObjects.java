package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.DynptrKind;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.SlotType;
import org.bpfz.verifier.state.StackSlot;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;

/** Where dynptrs and iterators lie on the stack, and what happens when one is overwritten (stack_slot_obj_get_spi and its users). */
public final class StackObjects {
    /** A place that can't hold such an object. */
    public static final int INVALID = -1;
    /** A place in stack that was not used yet (-ERANGE in the kernel). */
    public static final int UNUSED = -2;

    /** A dynptr takes two slots; the first is the lower in address and so the higher in index. */
    public static final int DYNPTR_SLOTS = 2;

    private final Search search;

    public StackObjects(Search search) {
        this.search = search;
    }

    /** The slot that a byte offset lies in (__get_spi). */
    public static int slotOf(int off) {
        return (-off - 1) / StackSlot.BYTES;
    }

    /** The frame that a stack pointer points into. */
    public Frame frameOf(Value pointer) {
        return search.state().frame(pointer.frame());
    }

    /** The index of an object's first slot, {@link #INVALID} with a line in the log, or {@link #UNUSED}. */
    public int find(Value pointer, String objectName, int slots) {
        if (!pointer.number().isConstant()) {
            search.log().line(objectName + " has to be at a constant offset");
            return INVALID;
        }
        int off = (int) pointer.constantOffset();
        int slot = slotOf(off);
        if (off % StackSlot.BYTES != 0 || slot + 1 < slots) {
            search.log().line("cannot pass in " + objectName + " at an offset=" + off);
            return INVALID;
        }
        return slot - slots + 1 >= 0 && slot < frameOf(pointer).slots() ? slot : UNUSED;
    }

    /** {@link #find} for a dynptr. */
    public int findDynptr(Value pointer) {
        return find(pointer, "dynptr", DYNPTR_SLOTS);
    }

    /**
     * A store is about to hit a slot: a dynptr there is gone with both slots and all slices of it; one that has to be released must not go
     * this way (destroy_if_dynptr_stack_slot).
     */
    public void destroyDynptr(Frame frame, int hit) {
        if (frame.slot(hit).type(0) != SlotType.DYNPTR) {
            return;
        }
        Payload.OfDynptr dynptr = (Payload.OfDynptr) frame.slot(hit).spilled().value().payload();
        int first = dynptr.first() ? hit : hit + 1;
        if (kindAt(frame, first).isReferenced()) {
            throw search.reject(Errno.EINVAL, "cannot overwrite referenced dynptr");
        }
        search.printer().touchSlot(first);
        search.printer().touchSlot(first - 1);
        int id = frame.slot(first).spilled().value().id();
        frame.slot(first).setTypes(SlotType.INVALID.everywhere());
        frame.slot(first - 1).setTypes(SlotType.INVALID.everywhere());
        search.state().forEachRegister(register -> invalidateSlice(register, id));
        forget(frame.slot(first));
        forget(frame.slot(first - 1));
    }

    private void invalidateSlice(Register register, int dynptrId) {
        Type type = register.value().type();
        boolean plainMemory = type.kind() == Kind.MEM && (type.flags() & ~Type.MAYBE_NULL) == 0;
        if (plainMemory && register.value().regionDynptr() == dynptrId) {
            search.invalidate(register);
        }
    }

    private void forget(StackSlot slot) {
        search.clear(slot.spilled());
        slot.spilled().markWritten();
    }

    /** The kind of the dynptr whose first slot this is. */
    public static DynptrKind kindAt(Frame frame, int first) {
        return frame.slot(first).spilled().value().payload() instanceof Payload.OfDynptr dynptr
                ? dynptr.kind()
                : DynptrKind.INVALID;
    }

    /** Both slots of a dynptr become unwritten (invalidate_dynptr). */
    public void invalidateDynptr(Frame frame, int first) {
        for (int i = first; i > first - DYNPTR_SLOTS; i--) {
            frame.slot(i).setTypes(SlotType.INVALID.everywhere());
            forget(frame.slot(i));
        }
    }
}
