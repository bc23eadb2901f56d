package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.log.Numbers;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.SlotType;
import org.bpfz.verifier.state.StackSlot;
import org.bpfz.verifier.state.Value;
import org.bpfz.verifier.structure.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Stack accesses stay in the frame, and what helpers read was written before (check_stack_access_within_bounds,
 * check_stack_range_initialized).
 */
final class StackBounds {
    private final Search search;
    private final StackObjects objects;

    StackBounds(Search search, StackObjects objects) {
        this.search = search;
        this.objects = objects;
    }

    /**
     * Refuses an access that leaves the frame, and tracks the stack as far down as it goes.
     *
     * @param helper whether a helper accesses
     * @param write  whether it stores
     */
    void check(int register, int off, int size, boolean helper, boolean write) {
        Value pointer = search.value(register);
        Frame frame = objects.frameOf(pointer);
        String what = helper ? " indirect access to" : write ? " write to" : " read from";
        boolean constant = pointer.number().isConstant();
        long from;
        long to;
        if (constant) {
            from = pointer.number().bits().value() + off;
            to = from + size;
        } else {
            long min = pointer.number().wide().smin();
            long max = pointer.number().wide().smax();
            if (max >= Limits.MAX_OFFSET || min <= -Limits.MAX_OFFSET) {
                throw search.reject(Errno.EACCES, "invalid unbounded variable-offset" + what + " stack R" + register);
            }
            from = min + off;
            to = max + off + size;
        }
        int lowest = write || search.mayReadUninitialised() ? -Frame.MAX_STACK : -frame.stackBytes();
        Errno error = from < lowest || from > -1
                ? Errno.EACCES
                : to > 0 ? Errno.EINVAL : size < 0 ? Errno.EFAULT : null;
        if (error != null) {
            throw search.reject(error, constant
                    ? "invalid" + what + " stack R" + register + " off=" + off + " size=" + size
                    : "invalid variable-offset" + what + " stack R" + register + " var_off="
                            + Numbers.tnum(pointer.number().bits()) + " off=" + off + " size=" + size);
        }
        if (helper || Opcodes.isCall(search.insn())) {
            search.exposeStack(frame, from, to);
        }
        if (frame.growStack((int) -from)) {
            search.subprograms().get(frame.subprogram()).useStack(frame.stackBytes());
        }
    }

    /**
     * Refuses to read bytes that were never written; those that a helper gets are something unknown afterwards.
     *
     * @param raw how to treat memory that a helper only writes, or null
     */
    void checkInitialised(int register, int off, int size, boolean zeroSizeAllowed, boolean helper,
            @Nullable RawMemory raw) {
        if (size == 0 && !zeroSizeAllowed) {
            throw search.reject(Errno.EACCES, "invalid zero-sized read");
        }
        check(register, off, size, helper, helper);
        Value pointer = search.value(register);
        Frame frame = objects.frameOf(pointer);
        boolean constant = pointer.number().isConstant();
        if (!constant && !search.ignoresSpeculation()) {
            throw search.reject(Errno.EACCES, "R" + register + (helper ? " indirect" : "")
                    + " variable offset stack access prohibited for !root, var_off="
                    + Numbers.tnum(pointer.number().bits()));
        }
        long bits = pointer.number().bits().value();
        int from = (int) ((constant ? bits : pointer.number().wide().smin()) + off);
        int to = (int) ((constant ? bits : pointer.number().wide().smax()) + off) + size;
        if (constant && raw != null && raw.isRaw()) {
            refuseDynptrs(frame, from, to);
            raw.defer(register, size);
            return;
        }
        for (int i = from; i < to; i++) {
            if (!read(frame, i, helper)) {
                String where = constant
                        ? " off " + from + "+"
                        : " var_off " + Numbers.tnum(pointer.number().bits()) + "+";
                throw search.reject(Errno.EACCES,
                        "invalid" + (helper ? " indirect" : "") + " read from stack R" + register
                                + where + (i - from) + " size " + size);
            }
            search.liveness().markRead(frame.slot(StackObjects.slotOf(i)).spilled());
        }
    }

    private void refuseDynptrs(Frame frame, int from, int to) {
        for (int i = from; i < to; i++) {
            int index = StackObjects.slotOf(i);
            if (index < frame.slots() && frame.slot(index).type(StackAccess.byteIndex(i)) == SlotType.DYNPTR) {
                throw search.reject(Errno.EACCES, "potential write to dynptr at off=" + i + " disallowed");
            }
        }
    }

    /** Whether the byte may be read; what a helper may have written is no longer known. */
    private boolean read(Frame frame, int off, boolean helper) {
        StackSlot slot = frame.slot(StackObjects.slotOf(off));
        int position = StackAccess.byteIndex(off);
        SlotType type = slot.type(position);
        if (type == SlotType.MISC) {
            return true;
        }
        if (type == SlotType.ZERO || (type == SlotType.INVALID && search.mayReadUninitialised())) {
            if (helper) {
                slot.setType(position, SlotType.MISC);
            }
            return true;
        }
        boolean readable = slot.isSpill() && (slot.spilled().value().isScalar() || search.mayLeakPointers());
        if (readable && helper) {
            search.forget(slot.spilled());
            slot.scrub();
        }
        return readable;
    }
}
