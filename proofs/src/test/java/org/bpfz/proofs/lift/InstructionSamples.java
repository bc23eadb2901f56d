package org.bpfz.proofs.lift;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Methods of one instruction each, or of a few where one makes no result: static, of numbers, yielding a number. */
final class InstructionSamples {
    /** The class that they are in. */
    static final ClassDesc HOLDER = ClassDesc.of("org.bpfz.proofs.lift.Instructions");

    record Method(String name, MethodTypeDesc type, Consumer<CodeBuilder> code) {}

    private InstructionSamples() {
    }

    /** The class file with all of them. */
    static byte[] classFile() {
        return ClassFile.of().build(HOLDER, builder -> methods().forEach(method -> builder.withMethodBody(
                method.name(), method.type(), ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, method.code())));
    }

    static List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        for (Opcode opcode : Opcode.values()) {
            operator(methods, opcode);
        }
        for (Map.Entry<Opcode, String> convert : Map.of(Opcode.I2L, "(I)J", Opcode.L2I, "(J)I", Opcode.I2B, "(I)I",
                Opcode.I2S, "(I)I", Opcode.I2C, "(I)I").entrySet()) {
            add(methods, convert.getKey() + "", convert.getValue(),
                    code -> code.with(ConvertInstruction.of(convert.getKey())));
        }
        stack(methods);
        choices(methods);
        variables(methods);
        constants(methods);
        add(methods, "NOP", "(I)I", code -> code.with(NopInstruction.of()));
        add(methods, "IINC_W", "(I)I", code -> code.pop().iinc(0, 700).iload(0));
        add(methods, "GOTO_W", "(I)I", code -> {
            Label there = code.newLabel();
            code.with(BranchInstruction.of(Opcode.GOTO_W, there));
            code.pop().loadConstant(1);
            code.labelBinding(there);
        });
        add(methods, "IINC", "(I)I", code -> code.pop().iinc(0, -7).iload(0));
        add(methods, "constants", "(IJ)J", code -> code.pop2().pop().iload(0).loadConstant(-5).iadd()
                .conversion(TypeKind.INT, TypeKind.LONG).lload(1).loadConstant(1L << 40).lxor().ladd());
        add(methods, "arrays of longs", "(JII)J", code -> code.pop().pop().pop2().loadConstant(4)
                .newarray(TypeKind.LONG).astore(8).aload(8).iload(2).lload(0).lastore().aload(8).iload(3).laload()
                .aload(8).arraylength().conversion(TypeKind.INT, TypeKind.LONG).ladd());
        return methods;
    }

    /** A method that puts its parameters on the stack, does this and returns what is there. */
    private static void add(List<Method> methods, String name, String descriptor, Consumer<CodeBuilder> code) {
        MethodTypeDesc type = MethodTypeDesc.ofDescriptor(descriptor);
        methods.add(new Method(name.replace(' ', '_'), type, builder -> {
            int slot = 0;
            for (ClassDesc parameter : type.parameterList()) {
                TypeKind kind = TypeKind.from(parameter);
                builder.loadLocal(kind, slot);
                slot += kind.slotSize();
            }
            code.accept(builder);
            builder.return_(TypeKind.from(type.returnType()));
        }));
    }

    private static void operator(List<Method> methods, Opcode opcode) {
        String name = opcode.name();
        if (opcode.kind() != Opcode.Kind.OPERATOR || !"IL".contains(name.substring(0, 1))) {
            return;
        }
        String type = name.substring(0, 1).replace('L', 'J');
        String second = name.contains("SH") ? "I" : type;
        String operands = name.endsWith("NEG") ? type : type + second;
        String result = opcode == Opcode.LCMP ? "I" : type;
        add(methods, name, "(" + operands + ")" + result, code -> code.with(OperatorInstruction.of(opcode)));
    }

    private static void stack(List<Method> methods) {
        Map<Opcode, Consumer<CodeBuilder>> after = new LinkedHashMap<>();
        after.put(Opcode.POP, code -> code.isub());
        after.put(Opcode.DUP, code -> code.imul().isub().iadd());
        after.put(Opcode.DUP2, code -> code.imul().isub().iadd().isub());
        after.put(Opcode.DUP_X1, code -> code.imul().isub().iadd());
        after.put(Opcode.SWAP, code -> code.isub().isub());
        after.forEach((opcode, rest) -> add(methods, opcode + "", "(III)I",
                code -> rest.accept(code.with(StackInstruction.of(opcode)))));
        add(methods, "POP2", "(JI)J", code -> code.conversion(TypeKind.INT, TypeKind.LONG).pop2());
        add(methods, "DUP2_of_a_long", "(J)J", code -> code.dup2().lmul());
    }

    private static void choices(List<Method> methods) {
        for (Opcode opcode : Opcode.values()) {
            boolean one = List.of("IFEQ", "IFNE", "IFLT", "IFGE", "IFGT", "IFLE").contains(opcode.name());
            if (one || opcode.name().startsWith("IF_ICMP")) {
                add(methods, opcode.name(), one ? "(I)I" : "(II)I", code -> {
                    Label taken = code.newLabel();
                    Label end = code.newLabel();
                    code.with(BranchInstruction.of(opcode, taken));
                    code.loadConstant(3).goto_(end);
                    code.labelBinding(taken).loadConstant(4);
                    code.labelBinding(end);
                });
            }
        }
        for (boolean table : new boolean[]{true, false}) {
            add(methods, table ? "TABLESWITCH" : "LOOKUPSWITCH", "(I)I", code -> {
                Label one = code.newLabel();
                Label other = code.newLabel();
                Label rest = code.newLabel();
                Label end = code.newLabel();
                List<SwitchCase> cases = table
                        ? List.of(SwitchCase.of(-1, one), SwitchCase.of(0, other), SwitchCase.of(1, one))
                        : List.of(SwitchCase.of(-3, one), SwitchCase.of(2, other));
                if (table) {
                    code.tableswitch(-1, 1, rest, cases);
                } else {
                    code.lookupswitch(rest, cases);
                }
                code.labelBinding(one).loadConstant(10).goto_(end);
                code.labelBinding(other).loadConstant(20).goto_(end);
                code.labelBinding(rest).loadConstant(30);
                code.labelBinding(end);
            });
        }
    }

    /** Each form of a load or store of ints, longs and references. */
    private static void variables(List<Method> methods) {
        for (Opcode opcode : Opcode.values()) {
            String name = opcode.name();
            boolean loads = opcode.kind() == Opcode.Kind.LOAD;
            if ((!loads && opcode.kind() != Opcode.Kind.STORE) || !"ILA".contains(name.substring(0, 1))) {
                continue;
            }
            char last = name.charAt(name.length() - 1);
            int slot = Character.isDigit(last) ? last - '0' : 9;
            TypeKind kind = switch (name.charAt(0)) {
                case 'I' -> TypeKind.INT;
                case 'L' -> TypeKind.LONG;
                default -> TypeKind.REFERENCE;
            };
            add(methods, name, kind == TypeKind.LONG ? "(J)J" : "(I)I", code -> {
                if (kind == TypeKind.REFERENCE) {
                    // A reference's length is what is seen of it.
                    code.pop().loadConstant(3).newarray(TypeKind.INT);
                }
                if (loads) {
                    code.storeLocal(kind, slot).with(LoadInstruction.of(opcode, slot));
                } else {
                    code.with(StoreInstruction.of(opcode, slot)).loadLocal(kind, slot);
                }
                if (kind == TypeKind.REFERENCE) {
                    code.arraylength();
                }
            });
        }
    }

    private static void constants(List<Method> methods) {
        for (Opcode opcode : Opcode.values()) {
            String name = opcode.name();
            if (name.startsWith("ICONST")) {
                add(methods, name, "(I)I", code -> code.with(ConstantInstruction.ofIntrinsic(opcode)).isub());
            } else if (name.startsWith("LCONST")) {
                add(methods, name, "(J)J", code -> code.with(ConstantInstruction.ofIntrinsic(opcode)).lsub());
            }
        }
        add(methods, "BIPUSH", "(I)I",
                code -> code.with(ConstantInstruction.ofArgument(Opcode.BIPUSH, -100)).imul());
        add(methods, "SIPUSH", "(I)I",
                code -> code.with(ConstantInstruction.ofArgument(Opcode.SIPUSH, -30_000)).imul());
        for (Opcode opcode : List.of(Opcode.LDC, Opcode.LDC_W)) {
            add(methods, opcode + "", "(I)I", code -> code
                    .with(ConstantInstruction.ofLoad(opcode, code.constantPool().intEntry(-70_000))).imul());
        }
        add(methods, "LDC2_W", "(J)J", code -> code
                .with(ConstantInstruction.ofLoad(Opcode.LDC2_W, code.constantPool().longEntry(1L << 40 | 5))).lmul());
        add(methods, "ACONST_NULL", "(I)I", code -> {
            Label none = code.newLabel();
            code.aconst_null().checkcast(ConstantDescs.CD_String);
            code.with(BranchInstruction.of(Opcode.IFNULL, none));
            code.pop().loadConstant(9);
            code.labelBinding(none);
        });
    }
}
