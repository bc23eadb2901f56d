package org.bpfz.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Width;

/** Conditional jumps (RFC 9669, section 4.3): a comparison and a branch. */
final class JumpTemplates {
    private static final MethodTypeDesc COMPARE_LONGS = MethodTypeDesc.of(CD_int, CD_long, CD_long);
    private static final MethodTypeDesc COMPARE_INTS = MethodTypeDesc.of(CD_int, CD_int, CD_int);

    private JumpTemplates() {
    }

    /** Goes to the label where the condition holds. */
    static void branch(Jump jump, Label target, Emitter out) {
        out.code().branch(compare(jump, out), target);
    }

    /** Goes to the label where the condition does not hold. */
    static void branchUnless(Jump jump, Label target, Emitter out) {
        out.code().branch(opposite(compare(jump, out)), target);
    }

    /** Pushes an int whose relation to 0 is the condition; returns the branch on it. */
    private static Opcode compare(Jump jump, Emitter out) {
        CodeBuilder code = out.code();
        boolean wide = jump.width() == Width.W64;
        if (wide) {
            out.load(jump.left());
            out.load(jump.right());
        } else {
            out.loadLow(jump.left());
            out.loadLow(jump.right());
        }
        return switch (jump.condition()) {
            case EQ -> signed(wide, code, Opcode.IFEQ, Opcode.IF_ICMPEQ);
            case NE -> signed(wide, code, Opcode.IFNE, Opcode.IF_ICMPNE);
            case SGT -> signed(wide, code, Opcode.IFGT, Opcode.IF_ICMPGT);
            case SGE -> signed(wide, code, Opcode.IFGE, Opcode.IF_ICMPGE);
            case SLT -> signed(wide, code, Opcode.IFLT, Opcode.IF_ICMPLT);
            case SLE -> signed(wide, code, Opcode.IFLE, Opcode.IF_ICMPLE);
            case GT -> unsigned(wide, code, Opcode.IFGT);
            case GE -> unsigned(wide, code, Opcode.IFGE);
            case LT -> unsigned(wide, code, Opcode.IFLT);
            case LE -> unsigned(wide, code, Opcode.IFLE);
            case SET -> {
                if (wide) {
                    code.land().lconst_0().lcmp();
                } else {
                    code.iand();
                }
                yield Opcode.IFNE;
            }
        };
    }

    private static Opcode signed(boolean wide, CodeBuilder code, Opcode ofLongs, Opcode ofInts) {
        if (wide) {
            code.lcmp();
            return ofLongs;
        }
        return ofInts;
    }

    private static Opcode unsigned(boolean wide, CodeBuilder code, Opcode branch) {
        if (wide) {
            code.invokestatic(ConstantDescs.CD_Long, "compareUnsigned", COMPARE_LONGS);
        } else {
            code.invokestatic(ConstantDescs.CD_Integer, "compareUnsigned", COMPARE_INTS);
        }
        return branch;
    }

    private static Opcode opposite(Opcode branch) {
        return switch (branch) {
            case IFEQ -> Opcode.IFNE;
            case IFNE -> Opcode.IFEQ;
            case IFGT -> Opcode.IFLE;
            case IFGE -> Opcode.IFLT;
            case IFLT -> Opcode.IFGE;
            case IFLE -> Opcode.IFGT;
            case IF_ICMPEQ -> Opcode.IF_ICMPNE;
            case IF_ICMPNE -> Opcode.IF_ICMPEQ;
            case IF_ICMPGT -> Opcode.IF_ICMPLE;
            case IF_ICMPGE -> Opcode.IF_ICMPLT;
            case IF_ICMPLT -> Opcode.IF_ICMPGE;
            case IF_ICMPLE -> Opcode.IF_ICMPGT;
            default -> throw new IllegalArgumentException(branch.toString());
        };
    }
}
