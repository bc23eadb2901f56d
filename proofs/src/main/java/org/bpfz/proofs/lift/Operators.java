package org.bpfz.proofs.lift;

import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import org.bpfz.proofs.lift.Value.Word;
import org.bpfz.proofs.term.Op;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/** What the arithmetic, comparing, converting and stack instructions of the JVM mean (JVMS 25, section 6.5). */
final class Operators {
    private Operators() {
    }

    static Value constant(JavaLifter lifter, ConstantInstruction instruction) {
        return switch (instruction.constantValue()) {
            case Integer number -> new Word(lifter.meaning(number, 32));
            case Long number -> new Word(lifter.meaning(number, 64));
            case String text -> lifter.constant(text);
            default -> {
                if (instruction.opcode() == Opcode.ACONST_NULL) {
                    yield new Value.Null();
                }
                throw new LiftException("a constant of this kind: " + instruction.constantValue());
            }
        };
    }

    /** Replaces the operands by the result; the condition under which the instruction throws instead. */
    static Term apply(Terms t, Opcode opcode, Path path) {
        Term b = path.popTerm();
        if (opcode == Opcode.INEG || opcode == Opcode.LNEG) {
            path.push(new Word(t.neg(b)));
            return t.bool(false);
        }
        Term a = path.popTerm();
        Term result = switch (opcode) {
            case IADD, LADD -> t.add(a, b);
            case ISUB, LSUB -> t.sub(a, b);
            case IMUL, LMUL -> t.binary(Op.MUL, a, b);
            case IDIV, LDIV -> t.binary(Op.SDIV, a, b);
            case IREM, LREM -> t.binary(Op.SREM, a, b);
            case IAND, LAND -> t.bvAnd(a, b);
            case IOR, LOR -> t.bvOr(a, b);
            case IXOR, LXOR -> t.bvXor(a, b);
            case ISHL, LSHL -> t.binary(Op.SHL, a, distance(t, a, b));
            case ISHR, LSHR -> t.binary(Op.ASHR, a, distance(t, a, b));
            case IUSHR, LUSHR -> t.binary(Op.LSHR, a, distance(t, a, b));
            case LCMP -> Intrinsics.compare(t, a, b);
            default -> throw new LiftException("not understood");
        };
        path.push(new Word(result));
        return switch (opcode) {
            case IDIV, LDIV, IREM, LREM -> t.eq(b, t.bv(b.width(), 0));
            default -> t.bool(false);
        };
    }

    /** Shifts take the distance, an int, modulo the width. */
    private static Term distance(Terms t, Term shifted, Term distance) {
        return t.zeroExtend(t.bvAnd(distance, t.bv(32, shifted.width() - 1)), shifted.width());
    }

    static void convert(Terms t, ConvertInstruction instruction, Path path) {
        Term a = path.popTerm();
        TypeKind to = instruction.toType();
        path.push(new Word(switch (to) {
            case LONG -> t.signExtend(a, 64);
            case INT -> t.extract(a, 0, 32);
            case BYTE -> t.signExtend(t.extract(a, 0, 8), 32);
            case SHORT -> t.signExtend(t.extract(a, 0, 16), 32);
            case CHAR -> t.zeroExtend(t.extract(a, 0, 16), 32);
            default -> throw new LiftException("converts to " + to);
        }));
    }

    /** Whether a branch is taken; its operands are popped. */
    static Term condition(Terms t, Opcode opcode, Path path) {
        return switch (opcode) {
            case GOTO, GOTO_W -> t.bool(true);
            case IFNULL -> t.bool(isNull(path.pop()));
            case IFNONNULL -> t.bool(!isNull(path.pop()));
            case IFEQ, IFNE, IFLT, IFGE, IFGT, IFLE -> compare(t, opcode, path.popTerm(), t.bv(32, 0));
            case IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPGE, IF_ICMPGT, IF_ICMPLE -> {
                Term b = path.popTerm();
                yield compare(t, opcode, path.popTerm(), b);
            }
            case IF_ACMPEQ -> same(t, path.pop(), path.pop());
            case IF_ACMPNE -> t.not(same(t, path.pop(), path.pop()));
            default -> throw new LiftException("not understood");
        };
    }

    private static boolean isNull(Value value) {
        if (value instanceof Value.Dead) {
            throw new LiftException("asks whether something is null that differs where paths meet");
        }
        return value instanceof Value.Null;
    }

    /** Whether an instruction reads, makes or keeps a floating-point number, for which there are no terms. */
    static boolean isFloating(Instruction instruction) {
        return switch (instruction) {
            case LoadInstruction load -> isFloating(load.typeKind());
            case StoreInstruction store -> isFloating(store.typeKind());
            case ArrayLoadInstruction load -> isFloating(load.typeKind());
            case ArrayStoreInstruction store -> isFloating(store.typeKind());
            case ReturnInstruction ret -> isFloating(ret.typeKind());
            case NewPrimitiveArrayInstruction made -> isFloating(made.typeKind());
            case ConvertInstruction convert -> isFloating(convert.fromType()) || isFloating(convert.toType());
            default -> false;
        };
    }

    private static boolean isFloating(TypeKind kind) {
        return kind == TypeKind.FLOAT || kind == TypeKind.DOUBLE;
    }

    private static Term compare(Terms t, Opcode opcode, Term a, Term b) {
        return switch (opcode) {
            case IFEQ, IF_ICMPEQ -> t.eq(a, b);
            case IFNE, IF_ICMPNE -> t.not(t.eq(a, b));
            case IFLT, IF_ICMPLT -> t.slt(a, b);
            case IFGE, IF_ICMPGE -> t.not(t.slt(a, b));
            case IFGT, IF_ICMPGT -> t.slt(b, a);
            case IFLE, IF_ICMPLE -> t.not(t.slt(b, a));
            default -> throw new LiftException("not understood");
        };
    }

    /** Identity is known of enum constants, of null and of objects that are there whatever the inputs; records are values here. */
    @SuppressWarnings("ReferenceEquality") // which is what the instruction asks about
    private static Term same(Terms t, Value a, Value b) {
        Term x = ordinalOf(t, a);
        Term y = ordinalOf(t, b);
        if (x != null && y != null) {
            return t.eq(x, y);
        }
        if (isFixed(a) && isFixed(b)) {
            return t.bool(object(a) == object(b));
        }
        throw new LiftException("compares the identity of " + a + " and " + b);
    }

    private static @Nullable Object object(Value value) {
        return value instanceof Value.Constant(Object object) ? object : null;
    }

    private static boolean isFixed(Value value) {
        return value instanceof Value.Null || (value instanceof Value.Constant(Object object)
                && !(object instanceof Record));
    }

    private static @Nullable Term ordinalOf(Terms t, Value value) {
        return switch (value) {
            case Value.EnumChoice(Class<?> _, Term ordinal) -> ordinal;
            case Value.Constant(Enum<?> constant) -> t.bv(32, constant.ordinal());
            default -> null;
        };
    }

    static void shuffle(Opcode opcode, Path path) {
        switch (opcode) {
            case POP -> path.pop();
            case POP2 -> {
                if (!isWide(path.pop())) {
                    path.pop();
                }
            }
            case DUP -> path.push(path.stack.getLast());
            case DUP2 -> {
                Value top = path.pop();
                if (isWide(top)) {
                    path.push(top);
                    path.push(top);
                } else {
                    Value below = path.stack.getLast();
                    path.push(top);
                    path.push(below);
                    path.push(top);
                }
            }
            case DUP_X1 -> {
                Value top = path.pop();
                Value below = path.pop();
                path.push(top);
                path.push(below);
                path.push(top);
            }
            case SWAP -> {
                Value top = path.pop();
                Value below = path.pop();
                path.push(top);
                path.push(below);
            }
            default -> throw new LiftException("not understood");
        }
    }

    private static boolean isWide(Value value) {
        return value instanceof Word(Term term) && term.width() == 64;
    }
}
