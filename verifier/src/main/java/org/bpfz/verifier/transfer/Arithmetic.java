package org.bpfz.verifier.transfer;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Width;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.ScalarAlu;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Value;

/** Arithmetic of both widths, moves, negation and byte swaps (check_alu_op, adjust_reg_min_max_vals). */
public final class Arithmetic {
    private final Search search;
    private final Moves moves;
    private final PointerArithmetic pointers;
    private final Speculation speculation;

    public Arithmetic(Search search, MemoryAccess memory, Speculation speculation) {
        this.search = search;
        this.speculation = speculation;
        moves = new Moves(search);
        pointers = new PointerArithmetic(search, memory, speculation);
    }

    /** Refuses the instruction or carries it out. */
    public void check(RawInstruction insn) {
        int operation = operationOf(insn);
        switch (operation) {
            case NEG, END -> checkUnary(insn);
            case MOV -> moves.check(insn);
            default -> {
                if (operation > END) {
                    throw search.reject(Errno.EINVAL, "invalid BPF_ALU opcode " + Integer.toHexString(operation));
                }
                checkBinary(insn, operation);
            }
        }
        search.checkInvariants(search.register(insn.dst()), "alu");
    }

    private void checkUnary(RawInstruction insn) {
        boolean negation = operationOf(insn) == NEG;
        boolean reserved = insn.src() != 0 || insn.offset() != 0 || (negation
                ? hasRegisterSource(insn) || insn.imm() != 0
                : (insn.imm() != 16 && insn.imm() != 32 && insn.imm() != 64)
                        || (classOf(insn) == ALU64 && hasRegisterSource(insn)));
        if (reserved) {
            throw search.reject(Errno.EINVAL, (negation ? "BPF_NEG" : "BPF_END") + " uses reserved fields");
        }
        if (search.isSecret(search.read(insn.dst()).value())) {
            throw search.reject(Errno.EACCES, "R" + insn.dst() + " pointer arithmetic prohibited");
        }
        search.define(insn.dst());
    }

    private void checkBinary(RawInstruction insn, int operation) {
        boolean division = operation == DIV || operation == MOD;
        boolean badOffset = insn.offset() != 0 && !(insn.offset() == 1 && division);
        boolean register = hasRegisterSource(insn);
        if (badOffset || (register ? insn.imm() != 0 : insn.src() != 0)) {
            throw search.reject(Errno.EINVAL, "BPF_ALU uses reserved fields");
        }
        if (register) {
            search.read(insn.src());
        }
        search.read(insn.dst());
        if (division && !register && insn.imm() == 0) {
            throw search.reject(Errno.EINVAL, "div by zero");
        }
        boolean shift = operation == LSH || operation == RSH || operation == ARSH;
        int bits = classOf(insn) == ALU64 ? 64 : 32;
        if (shift && !register && (insn.imm() < 0 || insn.imm() >= bits)) {
            throw search.reject(Errno.EINVAL, "invalid shift " + insn.imm());
        }
        Register dst = search.overwrite(insn.dst());
        if (register) {
            withRegister(insn, dst, search.register(insn.src()));
        } else {
            withImmediate(insn, dst);
        }
    }

    private void withRegister(RawInstruction insn, Register dst, Register src) {
        if (dst.value().is(Kind.ARENA) || src.value().is(Kind.ARENA)) {
            if (!dst.value().is(Kind.ARENA)) {
                dst.copyAll(src);
            }
            return;
        }
        boolean pointerDst = !dst.value().isScalar();
        if (!src.value().isScalar()) {
            if (!pointerDst) {
                search.precision().require(insn.dst());
                pointers.apply(insn, dst, src, dst.value());
            } else if (operationOf(insn) == SUB && search.mayLeakPointers()) {
                search.forget(dst);
            } else {
                throw search.reject(Errno.EACCES, "R" + insn.dst() + " pointer " + Operators.nameOf(insn)
                        + " pointer prohibited");
            }
        } else if (pointerDst) {
            search.precision().require(insn.src());
            pointers.apply(insn, dst, dst, src.value());
        } else {
            if (dst.isPrecise()) {
                search.precision().require(insn.src());
            }
            numbers(insn, dst, src.value());
        }
    }

    private void withImmediate(RawInstruction insn, Register dst) {
        Value immediate = Value.constant(insn.imm());
        if (dst.value().is(Kind.ARENA)) {
            return;
        }
        if (dst.value().isScalar()) {
            numbers(insn, dst, immediate);
        } else {
            pointers.apply(insn, dst, dst, immediate);
        }
    }

    /** Both operands are numbers (adjust_scalar_min_max_vals); the sum of a linked number and a constant stays linked. */
    private void numbers(RawInstruction insn, Register dst, Value src) {
        compute(insn, dst, src.number());
        Value result = dst.value();
        boolean sumWithConstant = search.isBpfCapable() && operationOf(insn) == ADD && classOf(insn) == ALU64
                && result.id() != 0 && src.isKnownScalar()
                && !(hasRegisterSource(insn) && insn.src() == insn.dst());
        long addend = src.number().bits().value();
        boolean linkable = sumWithConstant && !result.isLinkedByDistance()
                && Long.compareUnsigned(addend, Integer.MAX_VALUE) <= 0;
        dst.set(linkable ? result.withId(result.id() | Value.ADD_CONST).withOff((int) addend) : result.unlinked());
    }

    private void compute(RawInstruction insn, Register dst, Scalar src) {
        Width width = classOf(insn) == ALU64 ? Width.W64 : Width.W32;
        AluOp op = Operators.of(insn);
        if (!ScalarAlu.isComputable(width, op, src)) {
            search.forget(dst);
            return;
        }
        if (op == AluOp.ADD || op == AluOp.SUB) {
            speculation.checkNumbers(insn);
        }
        if ((op == AluOp.AND || op == AluOp.OR) && src.isConstant()) {
            fork(insn, dst);
        }
        dst.set(dst.value().withNumber(ScalarAlu.apply(width, op, dst.value().number(), src)));
    }

    /** A number that is 0 or -1, as a comparison leaves it, becomes two paths with a constant each (maybe_fork_scalars). */
    private void fork(RawInstruction insn, Register dst) {
        Scalar number = dst.value().number();
        boolean wide = number.wide().smin() == -1 && number.wide().smax() == 0;
        boolean low = number.low().smin() == -1 && number.low().smax() == 0;
        if (!wide && !low) {
            return;
        }
        State branch = search.pushLater(search.slot(), search.slot(), false);
        Register other = branch.register(insn.dst());
        if (wide) {
            other.set(constant(other.value(), Scalar.ZERO));
            dst.set(constant(dst.value(), Scalar.constant(-1)));
        } else {
            other.set(other.value().withNumber(other.value().number().withLowConstant(0)));
            dst.set(dst.value().withNumber(number.withLowConstant(-1)));
        }
    }

    private static Value constant(Value value, Scalar number) {
        return Value.scalar(number).withType(value.type());
    }
}
