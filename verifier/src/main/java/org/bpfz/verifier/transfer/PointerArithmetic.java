package org.bpfz.verifier.transfer;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.access.Limits;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.Tnum;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;

/**
 * A pointer plus or minus a number (adjust_ptr_min_max_vals): a constant goes into the fixed offset, anything else into the variable one;
 * a packet pointer that moves by an unknown amount gets a new id and forgets its range.
 */
final class PointerArithmetic {
    private final Search search;
    private final Speculation speculation;

    PointerArithmetic(Search search, MemoryAccess memory, Speculation speculation) {
        this.search = search;
        this.speculation = speculation;
    }

    /**
     * @param dst     the register that is written
     * @param pointer the operand that holds the pointer; {@code dst} or the source
     * @param offset  the other operand
     */
    void apply(RawInstruction insn, Register dst, Register pointer, Value offset) {
        Value ptr = pointer.value();
        Range64 range = offset.number().wide();
        boolean known = offset.number().isConstant();
        if ((known && (range.smin() != range.smax() || range.umin() != range.umax())) || range.smin() > range.smax()
                || Long.compareUnsigned(range.umin(), range.umax()) > 0) {
            search.forget(dst);
            return;
        }
        int operation = operationOf(insn);
        if (classOf(insn) != ALU64) {
            if (operation == SUB && search.mayLeakPointers()) {
                search.forget(dst);
                return;
            }
            throw reject(insn, " 32-bit pointer arithmetic prohibited");
        }
        checkKind(insn, ptr, known && range.smin() == 0 && operation == ADD, known);
        boolean fromSource = !dst.equals(pointer);
        if (fromSource) {
            dst.copyAll(pointer);
        }
        checkOffset(offset, ptr.type());
        checkOffset(ptr, ptr.type());
        Speculation.Window window = null;
        if (operation == ADD || operation == SUB) {
            window = speculation.openWindow(insn, ptr, offset, fromSource);
        }
        dst.set(operation == ADD ? add(dst.value(), ptr, offset) : sub(insn, dst.value(), ptr, offset, fromSource));
        checkOffset(dst.value(), ptr.type());
        dst.set(dst.value().withNumber(dst.value().number().sync()));
        speculation.checkBounds(insn, dst.value());
        if (window != null) {
            speculation.closeWindow(insn, window, dst.value(), offset);
        }
    }

    private RuntimeException reject(RawInstruction insn, String reason) {
        return search.reject(Errno.EACCES, "R" + insn.dst() + reason);
    }

    /** Some pointers may not be moved at all, or by a constant only. */
    private void checkKind(RawInstruction insn, Value ptr, boolean addsZero, boolean known) {
        Type type = ptr.type();
        if (type.mayBeNull()) {
            throw reject(insn, " pointer arithmetic on " + type + " prohibited, null-check it first");
        }
        boolean allowed = switch (type.kind()) {
            case CTX, MAP_VALUE, MAP_KEY, STACK, PACKET_META, PACKET, TP_BUFFER, BTF_ID, MEM, BUF, FUNC, DYNPTR -> true;
            case FLOW_KEYS -> known;
            case CONST_MAP -> addsZero;
            default -> false;
        };
        if (!allowed) {
            throw reject(insn, " pointer arithmetic on " + type + " prohibited");
        }
    }

    /** Offsets stay small enough that sums of them can't overflow (check_reg_sane_offset). */
    private void checkOffset(Value value, Type type) {
        long number = value.number().bits().value();
        long min = value.number().wide().smin();
        if (value.number().isConstant() && !isSane(number)) {
            throw search.reject(Errno.EINVAL, "math between " + type + " pointer and " + number + " is not allowed");
        }
        if (!isSane(value.off())) {
            throw search.reject(Errno.EINVAL, type + " pointer offset " + value.off() + " is not allowed");
        }
        if (min == Long.MIN_VALUE) {
            throw search.reject(Errno.EINVAL, "math between " + type
                    + " pointer and register with unbounded min value is not allowed");
        }
        if (!isSane(min)) {
            throw search.reject(Errno.EINVAL, "value " + min + " makes " + type + " pointer be out of bounds");
        }
    }

    private static boolean isSane(long offset) {
        return offset < Limits.MAX_OFFSET && offset > -Limits.MAX_OFFSET;
    }

    private Value add(Value dst, Value ptr, Value offset) {
        long fixed = ptr.off() + offset.number().wide().smin();
        if (offset.number().isConstant() && fixed == (int) fixed) {
            return moved(dst, ptr, (int) fixed, halfForgotten(ptr.number()));
        }
        Scalar sum = new Scalar(Tnum.add(ptr.number().bits(), offset.number().bits()),
                Range64.add(ptr.number().wide(), offset.number().wide()), Range32.FULL);
        Value result = moved(dst, ptr, ptr.off(), sum);
        return isPacket(ptr) ? result.withId(search.nextId()).withPayload(Payload.None.NONE) : result;
    }

    private Value sub(RawInstruction insn, Value dst, Value ptr, Value offset, boolean fromSource) {
        switch (operationOf(insn)) {
            case SUB -> {
            }
            case AND, OR, XOR -> throw reject(insn,
                    " bitwise operator " + Operators.nameOf(insn) + " on pointer prohibited");
            default -> throw reject(insn,
                    " pointer arithmetic with " + Operators.nameOf(insn) + " operator prohibited");
        }
        if (fromSource) {
            throw reject(insn, " tried to subtract pointer from scalar");
        }
        if (ptr.is(Kind.STACK)) {
            throw reject(insn, " subtraction from stack pointer prohibited");
        }
        long min = offset.number().wide().smin();
        long fixed = ptr.off() - min;
        if (offset.number().isConstant() && fixed == (int) fixed) {
            return moved(dst, ptr, (int) fixed, halfForgotten(ptr.number())).withId(ptr.id());
        }
        Scalar difference = new Scalar(Tnum.sub(ptr.number().bits(), offset.number().bits()),
                Range64.sub(ptr.number().wide(), offset.number().wide()), Range32.FULL);
        Value result = moved(dst, ptr, ptr.off(), difference);
        if (!isPacket(ptr)) {
            return result;
        }
        Value renamed = result.withId(search.nextId());
        return min < 0 ? renamed.withPayload(Payload.None.NONE) : renamed;
    }

    private static boolean isPacket(Value ptr) {
        return ptr.kind().isPacketData();
    }

    private static Value moved(Value dst, Value ptr, int off, Scalar number) {
        return dst.withOff(off).withPayload(ptr.payload()).withNumber(number);
    }

    /** The 32-bit bounds are not kept up with pointers. */
    private static Scalar halfForgotten(Scalar number) {
        return new Scalar(number.bits(), number.wide(), Range32.FULL);
    }
}
