package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.log.Numbers;
import org.bpfz.verifier.search.Fastcall;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.SlotType;
import org.bpfz.verifier.state.StackSlot;
import org.bpfz.verifier.state.Value;

/** Loads from the stack: spilled registers are filled, whole or their low part; zeros are zeros (check_stack_read). */
final class StackLoad {
    private final Search search;
    private final StackBounds bounds;
    private final Fastcall fastcall;

    StackLoad(Search search, StackBounds bounds, Fastcall fastcall) {
        this.search = search;
        this.bounds = bounds;
        this.fastcall = fastcall;
    }

    void check(Access access, Frame frame, Value pointer, int off) {
        if (pointer.number().isConstant()) {
            load(frame, (int) (off + pointer.number().bits().value()), access.size(), access.value());
            return;
        }
        if (!access.hasValue()) {
            throw search.reject(Errno.EACCES,
                    "variable offset stack pointer cannot be passed into helper function; var_off="
                            + Numbers.tnum(pointer.number().bits()) + " off=" + off + " size=" + access.size());
        }
        bounds.checkInitialised(access.base(), off, access.size(), false, false, null);
        int from = (int) (pointer.number().wide().smin() + off);
        int to = (int) (pointer.number().wide().smax() + off) + access.size();
        loadBytes(frame, from, to, access.value());
        fastcall.access(frame.subprogram(), search.slot(), from);
    }

    private void load(Frame frame, int off, int size, int valueRegister) {
        int index = StackObjects.slotOf(off);
        StackSlot slot = frame.slot(index);
        search.printer().touchSlot(index);
        fastcall.access(search.state().frame().subprogram(), search.slot(), off);
        if (slot.isSpill()) {
            if (fill(slot, off, size, valueRegister)) {
                search.noteStackAccess(frame.number(), index);
            }
            return;
        }
        checkInitialised(slot, off, size, false);
        search.liveness().markRead(slot.spilled());
        if (valueRegister >= 0) {
            loadBytes(frame, off, off + size, valueRegister);
        }
    }

    /** A load from a slot that holds a register; whether the loaded value comes from that register. */
    private boolean fill(StackSlot slot, int off, int size, int valueRegister) {
        int spillSize = spillSize(slot);
        Register spilled = slot.spilled();
        if (size == StackSlot.BYTES && spillSize == StackSlot.BYTES) {
            fillWhole(spilled, off, valueRegister);
            search.liveness().markRead(spilled);
            return true;
        }
        if (!spilled.value().isScalar()) {
            search.lines().print(search.slot(), "; ");
            throw search.reject(Errno.EACCES, "invalid size of register fill");
        }
        search.liveness().markRead(spilled);
        if (valueRegister < 0) {
            return false;
        }
        Register target = search.register(valueRegister);
        boolean fromSpill = fillPart(slot, off, size, spillSize, target);
        target.markWritten();
        return fromSpill;
    }

    private void fillWhole(Register spilled, int off, int valueRegister) {
        if (valueRegister >= 0) {
            Register target = search.register(valueRegister);
            target.copyValue(spilled);
            target.markWritten();
        } else if (search.isSecret(spilled.value())) {
            throw search.reject(Errno.EACCES, "leaking pointer from stack off " + off);
        }
    }

    private boolean fillPart(StackSlot slot, int off, int size, int spillSize, Register target) {
        Value spilled = slot.spilled().value();
        if (size <= spillSize && off % StackSlot.BYTES == 0) {
            target.copyValue(slot.spilled());
            if (StackAccess.widthOf(spilled) > size * Byte.SIZE) {
                target.set(target.value().unlinked());
            }
            return true;
        }
        checkInitialised(slot, off, size, true);
        boolean zeroSpill = count(slot, off, size, SlotType.SPILL) == size && spilled.number().isConstant(0);
        if (zeroSpill || count(slot, off, size, SlotType.ZERO) == size) {
            target.set(Value.constant(0), !search.isBpfCapable());
        } else {
            search.forget(target);
        }
        return zeroSpill;
    }

    private static int count(StackSlot slot, int off, int size, SlotType type) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (slot.type(StackAccess.byteIndex(off + i)) == type) {
                count++;
            }
        }
        return count;
    }

    /** How many bytes of the slot the spilled register covers. */
    private static int spillSize(StackSlot slot) {
        int size = 1;
        for (int i = StackSlot.BYTES - 1; i > 0 && slot.type(i - 1) == SlotType.SPILL; i--) {
            size++;
        }
        return size;
    }

    /** Each byte must have been written, unless the loader may see what was there before. */
    private void checkInitialised(StackSlot slot, int off, int size, boolean spillsToo) {
        for (int i = 0; i < size; i++) {
            boolean readable = switch (slot.type(StackAccess.byteIndex(off + i))) {
                case MISC, ZERO -> true;
                case INVALID -> search.mayReadUninitialised();
                case SPILL -> spillsToo;
                case DYNPTR, ITER -> false;
            };
            if (!readable) {
                throw search.reject(Errno.EACCES, "invalid read from stack off " + off + "+" + i + " size " + size);
            }
        }
    }

    /** What lies in the bytes is 0 if all are known to be, else any number (mark_reg_stack_read). */
    private void loadBytes(Frame frame, int from, int to, int valueRegister) {
        boolean zeros = true;
        for (int i = from; i < to && zeros; i++) {
            int index = StackObjects.slotOf(i);
            search.printer().touchSlot(index);
            zeros = frame.slot(index).type(StackAccess.byteIndex(i)) == SlotType.ZERO;
        }
        Register target = search.register(valueRegister);
        if (zeros) {
            target.set(Value.constant(0), !search.isBpfCapable());
        } else {
            search.forget(target);
        }
        target.markWritten();
    }
}
