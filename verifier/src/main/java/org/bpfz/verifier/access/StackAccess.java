package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.domain.Tnum;
import org.bpfz.verifier.search.Fastcall;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.SlotType;
import org.bpfz.verifier.state.StackSlot;
import org.bpfz.verifier.state.Value;
import org.bpfz.verifier.structure.Opcodes;

/**
 * Stores to the stack, byte by byte: registers are spilled, zeros are known as zeros, everything else is just something
 * (check_stack_write).
 *
 * <table>
 * <caption>What a store leaves in its bytes</caption>
 * <tr><td>a number at a multiple of 8, with CAP_BPF</td><td>SPILL; the slot's other bytes MISC unless ZERO or INVALID</td></tr>
 * <tr><td>a pointer of 8 bytes</td><td>SPILL</td></tr>
 * <tr><td>0 elsewhere</td><td>ZERO</td></tr>
 * <tr><td>anything else</td><td>MISC</td></tr>
 * </table>
 */
final class StackAccess {
    private final Search search;
    private final StackObjects objects;
    private final StackBounds bounds;
    private final StackLoad loads;
    private final Fastcall fastcall;

    StackAccess(Search search, StackObjects objects, StackBounds bounds, Fastcall fastcall) {
        this.search = search;
        this.objects = objects;
        this.bounds = bounds;
        this.fastcall = fastcall;
        loads = new StackLoad(search, bounds, fastcall);
    }

    /** A load or store through the stack pointer in {@code access.base()}; {@code off} is all but its variable offset. */
    void check(Access access, int off) {
        bounds.check(access.base(), off, access.size(), false, access.write());
        Value pointer = search.value(access.base());
        Frame frame = objects.frameOf(pointer);
        Tnum variable = pointer.number().bits();
        if (!access.write()) {
            loads.check(access, frame, pointer, off);
        } else if (variable.isConstant()) {
            store(frame, (int) (off + variable.value()), access.size(), access.value());
        } else {
            storeSomewhere(frame, pointer, off, access.size(), access.value());
        }
    }

    private void store(Frame frame, int off, int size, int valueRegister) {
        int index = StackObjects.slotOf(off);
        StackSlot slot = frame.slot(index);
        if (!search.mayLeakPointers() && slot.isSpill() && !slot.isScalarSpill() && size != StackSlot.BYTES) {
            throw search.reject(Errno.EACCES, "attempt to corrupt spilled pointer on stack");
        }
        objects.destroyDynptr(frame, index);
        fastcall.access(frame.subprogram(), search.slot(), off);
        search.printer().touchSlot(index);
        boolean trackable = off % StackSlot.BYTES == 0 && search.isBpfCapable();
        if (valueRegister >= 0) {
            storeRegister(frame, off, size, valueRegister, trackable);
        } else if (trackable && isImmediateStore(search.insn())) {
            spill(slot, Register.detached(Value.constant(search.insn().imm())), size);
            search.noteStackAccess(frame.number(), index);
        } else {
            scribble(slot, off, size, isZeroStore(valueRegister));
        }
    }

    private void storeRegister(Frame frame, int off, int size, int valueRegister, boolean trackable) {
        int index = StackObjects.slotOf(off);
        StackSlot slot = frame.slot(index);
        Register register = search.register(valueRegister);
        Value value = register.value();
        if (trackable && value.isScalar()) {
            storeNumber(slot, register, size);
            search.noteStackAccess(frame.number(), index);
        } else if (isSpillable(value.kind())) {
            checkPointerSpill(frame, value, size);
            spill(slot, register, size);
            search.noteStackAccess(frame.number(), index);
        } else {
            if (value.isNull()) {
                search.precision().require(valueRegister);
            }
            scribble(slot, off, size, value.isNull());
        }
    }

    private static boolean isImmediateStore(RawInstruction insn) {
        return Opcodes.classOf(insn) == Opcodes.ST && Opcodes.modeOf(insn) == Opcodes.MEM;
    }

    private boolean isZeroStore(int valueRegister) {
        return valueRegister >= 0
                ? search.value(valueRegister).isNull()
                : isImmediateStore(search.insn()) && search.insn().imm() == 0;
    }

    private void storeNumber(StackSlot slot, Register register, int size) {
        boolean fits = widthOf(register.value()) <= size * Byte.SIZE;
        if (fits) {
            search.nameForCopy(register);
        }
        spill(slot, register, size);
        if (!fits) {
            slot.spilled().set(slot.spilled().value().withId(0));
        }
    }

    private void checkPointerSpill(Frame frame, Value value, int size) {
        if (size != StackSlot.BYTES) {
            search.lines().print(search.slot(), "; ");
            throw search.reject(Errno.EACCES, "invalid size of register spill");
        }
        if (frame != search.state().frame() && value.is(Kind.STACK)) {
            throw search.reject(Errno.EINVAL, "cannot spill pointers to stack into stack frame of the caller");
        }
    }

    /** The register goes into the slot; bytes of the slot that it does not cover are no part of a spill any more (save_register_state). */
    private static void spill(StackSlot slot, Register register, int size) {
        slot.spilled().copyValue(register);
        if (size == StackSlot.BYTES) {
            slot.spilled().markWritten();
        }
        for (int i = 0; i < StackSlot.BYTES; i++) {
            SlotType type = slot.type(i);
            if (i >= StackSlot.BYTES - size) {
                slot.setType(i, SlotType.SPILL);
            } else if (type != SlotType.ZERO && type != SlotType.INVALID) {
                slot.setType(i, SlotType.MISC);
            }
        }
    }

    private static void scribble(StackSlot slot, int off, int size, boolean zero) {
        scrubObject(slot);
        if (size == StackSlot.BYTES) {
            slot.spilled().markWritten();
        }
        for (int i = 0; i < size; i++) {
            slot.setType(byteIndex(off + i), zero ? SlotType.ZERO : SlotType.MISC);
        }
    }

    /** What was spilled here is no longer a whole (scrub_special_slot). */
    private static void scrubObject(StackSlot slot) {
        slot.spilled().set(slot.spilled().value().withType(Kind.NOT_INIT.plain()));
        SlotType kind = slot.kind();
        if (kind == SlotType.SPILL || kind == SlotType.DYNPTR || kind == SlotType.ITER) {
            slot.scrub();
        }
    }

    /** The index in its slot of the byte at an offset. */
    static int byteIndex(int off) {
        return (-off - 1) % StackSlot.BYTES;
    }

    /** A store that may hit any byte of a stretch: each of them may hold what it did, or what is stored (check_stack_write_var_off). */
    private void storeSomewhere(Frame frame, Value pointer, int off, int size, int valueRegister) {
        int from = (int) (pointer.number().wide().smin() + off);
        int to = (int) (pointer.number().wide().smax() + off + size);
        boolean zero = isZeroStore(valueRegister);
        for (int i = from; i < to; i++) {
            objects.destroyDynptr(frame, StackObjects.slotOf(i));
        }
        fastcall.access(frame.subprogram(), search.slot(), from);
        boolean zeroUsed = false;
        for (int i = from; i < to; i++) {
            zeroUsed |= mayStore(frame, i, zero);
        }
        if (zeroUsed && valueRegister >= 0) {
            search.precision().require(valueRegister);
        }
    }

    /** One byte that may be stored to; whether it stays a known zero because zero is stored. */
    private boolean mayStore(Frame frame, int off, boolean zero) {
        int index = StackObjects.slotOf(off);
        StackSlot slot = frame.slot(index);
        int position = byteIndex(off);
        SlotType before = slot.type(position);
        search.printer().touchSlot(index);
        if (!search.mayLeakPointers() && before != SlotType.MISC && before != SlotType.ZERO) {
            throw rejectOpenLine(
                    "spilled ptr in range of var-offset stack write; insn " + search.slot() + ", ptr off: " + off);
        }
        if (zero && before == SlotType.SPILL && slot.isScalarSpill() && slot.spilled().value().number().isConstant(0)) {
            return true;
        }
        scrubObject(slot);
        SlotType type = slot.type(position);
        if (type == SlotType.INVALID && !search.mayReadUninitialised()) {
            throw rejectOpenLine("uninit stack in range of var-offset write prohibited for !root; insn " + search.slot()
                    + ", off: " + off);
        }
        boolean staysZero = zero && type == SlotType.ZERO;
        slot.setType(position, staysZero ? SlotType.ZERO : SlotType.MISC);
        return staysZero;
    }

    /** The kernel ends these two messages without a line end. */
    private Rejection rejectOpenLine(String reason) {
        search.log().print(reason);
        return new Rejection(Errno.EINVAL);
    }

    /** How many bits the greatest value of a number needs (get_reg_width). */
    static int widthOf(Value value) {
        return Long.SIZE - Long.numberOfLeadingZeros(value.number().wide().umax());
    }

    private static boolean isSpillable(Kind kind) {
        return switch (kind) {
            case NOT_INIT, SCALAR, TP_BUFFER, DYNPTR -> false;
            default -> true;
        };
    }
}
