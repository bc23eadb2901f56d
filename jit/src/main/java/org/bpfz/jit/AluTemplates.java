package org.bpfz.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Instruction.AddrSpaceCast;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.ByteOrder;
import org.bpfz.spec.isa.Instruction.End;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Neg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/** Arithmetic (RFC 9669, sections 4.1 and 4.2): straight-line code from registers to a register. */
final class AluTemplates {
    private static final ClassDesc DIVISION = Division.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc LONGS = MethodTypeDesc.of(CD_long, CD_long, CD_long);
    private static final MethodTypeDesc INTS = MethodTypeDesc.of(CD_int, CD_int, CD_int);

    private AluTemplates() {
    }

    static void alu(Alu alu, Emitter out) {
        if (alu.width() == Width.W64) {
            out.load(alu.dst());
            out.load(alu.src());
            wide(alu.op(), out.code());
            out.store(alu.dst());
        } else {
            out.loadLow(alu.dst());
            out.loadLow(alu.src());
            if (alu.src() instanceof Source.Imm(int divisor) && alu.op() == AluOp.MOD) {
                ConstantRemainder.emit(divisor, out);
            } else {
                narrow(alu.op(), out.code());
            }
            out.storeLow(alu.dst());
        }
    }

    /** From two longs to one. The JVM looks at the low six bits of a shift's distance, as BPF does. */
    private static void wide(AluOp op, CodeBuilder code) {
        switch (op) {
            case ADD -> code.ladd();
            case SUB -> code.lsub();
            case MUL -> code.lmul();
            case DIV -> code.invokestatic(DIVISION, "quotient", LONGS);
            case SDIV -> code.invokestatic(DIVISION, "signedQuotient", LONGS);
            case OR -> code.lor();
            case AND -> code.land();
            case LSH -> code.l2i().lshl();
            case RSH -> code.l2i().lushr();
            case MOD -> code.invokestatic(DIVISION, "remainder", LONGS);
            case SMOD -> code.invokestatic(DIVISION, "signedRemainder", LONGS);
            case XOR -> code.lxor();
            case ARSH -> code.l2i().lshr();
        }
    }

    /** From two ints to one. The JVM looks at the low five bits of a shift's distance, as BPF does. */
    private static void narrow(AluOp op, CodeBuilder code) {
        switch (op) {
            case ADD -> code.iadd();
            case SUB -> code.isub();
            case MUL -> code.imul();
            case DIV -> code.invokestatic(DIVISION, "quotient", INTS);
            case SDIV -> code.invokestatic(DIVISION, "signedQuotient", INTS);
            case OR -> code.ior();
            case AND -> code.iand();
            case LSH -> code.ishl();
            case RSH -> code.iushr();
            case MOD -> code.invokestatic(DIVISION, "remainder", INTS);
            case SMOD -> code.invokestatic(DIVISION, "signedRemainder", INTS);
            case XOR -> code.ixor();
            case ARSH -> code.ishr();
        }
    }

    static void neg(Neg neg, Emitter out) {
        if (neg.width() == Width.W64) {
            out.load(neg.dst());
            out.code().lneg();
            out.store(neg.dst());
        } else {
            out.loadLow(neg.dst());
            out.code().ineg();
            out.storeLow(neg.dst());
        }
    }

    static void mov(Mov mov, Emitter out) {
        if (mov.width() == Width.W64) {
            out.load(mov.src());
            switch (mov.signExtendFrom()) {
                case 8 -> out.code().l2i().i2b().i2l();
                case 16 -> out.code().l2i().i2s().i2l();
                case 32 -> out.code().l2i().i2l();
                default -> {
                    // The register as it is.
                }
            }
            out.store(mov.dst());
        } else if (mov.src() instanceof Source.Imm(int value)) {
            out.code().loadConstant(Integer.toUnsignedLong(value));
            out.store(mov.dst());
        } else {
            out.loadLow(mov.src());
            switch (mov.signExtendFrom()) {
                case 8 -> out.code().i2b();
                case 16 -> out.code().i2s();
                default -> {
                    // The low half as it is.
                }
            }
            out.storeLow(mov.dst());
        }
    }

    /** The modelled machine is little-endian: to little endian only cuts. */
    static void end(End end, Emitter out) {
        CodeBuilder code = out.code();
        boolean swaps = end.order() != ByteOrder.LE;
        out.load(end.dst());
        switch (end.bits()) {
            case 16 -> {
                code.l2i();
                if (swaps) {
                    code.i2s().invokestatic(ConstantDescs.CD_Short, "reverseBytes",
                            MethodTypeDesc.of(CD_short, CD_short));
                }
                code.loadConstant(0xffff).iand().i2l();
            }
            case 32 -> {
                code.l2i();
                if (swaps) {
                    code.invokestatic(ConstantDescs.CD_Integer, "reverseBytes", MethodTypeDesc.of(CD_int, CD_int));
                }
                out.zeroExtend();
            }
            default -> {
                if (swaps) {
                    code.invokestatic(ConstantDescs.CD_Long, "reverseBytes", MethodTypeDesc.of(CD_long, CD_long));
                }
            }
        }
        out.store(end.dst());
    }

    /** Without an arena map, user space sees an arena at 0, so both directions keep the low half. */
    static void cast(AddrSpaceCast cast, Emitter out) {
        out.loadLow(cast.src());
        out.storeLow(cast.dst());
    }
}
