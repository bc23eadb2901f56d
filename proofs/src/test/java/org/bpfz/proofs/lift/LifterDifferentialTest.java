package org.bpfz.proofs.lift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bpfz.proofs.term.Compiled;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the lifter trusts: each of the JDK's methods and each instruction that it knows, against the JVM on 100,000 inputs. */
class LifterDifferentialTest {
    private static final int CASES = 100_000;
    private static final ClassDesc HOLDER = ClassDesc.of("org.bpfz.proofs.lift.Instructions");

    private record Method(String name, MethodTypeDesc type, Consumer<CodeBuilder> code) {}

    private static long number(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt(-3, 4);
            case 1 -> (1L << random.nextInt(64)) - random.nextInt(2);
            case 2 -> Integer.MAX_VALUE + (long) random.nextInt(-2, 4);
            case 3 -> random.nextInt();
            default -> random.nextLong();
        };
    }

    /** Runs both sides on many inputs; a method that throws must be said to. */
    private static void compare(MethodHandle real, Term value, Term throwsWhen, List<Term> variables,
            List<String> types)
            throws Throwable {
        SplittableRandom random = new SplittableRandom(25);
        Compiled lifted = new Compiled(value, variables);
        Compiled liftedThrows = new Compiled(throwsWhen, variables);
        MethodHandle spread = real.asType(real.type().generic()).asSpreader(Object[].class, types.size());
        long previous = 0;
        for (int n = 0; n < CASES; n++) {
            long[] words = new long[types.size()];
            Object[] args = new Object[types.size()];
            for (int i = 0; i < words.length; i++) {
                words[i] = i > 0 && random.nextInt(8) == 0 ? previous : number(random);
                previous = words[i];
                args[i] = switch (types.get(i)) {
                    case "J" -> (Object) words[i];
                    case "S" -> (short) words[i];
                    default -> (int) words[i];
                };
            }
            long said = lifted.apply(words);
            boolean saidToThrow = liftedThrows.apply(words) == 1;
            try {
                Object result = spread.invoke(args);
                long bits = result instanceof Long wide ? wide : ((Number) result).intValue() & 0xffff_ffffL;
                if (saidToThrow || bits != said) {
                    assertEquals(bits, said, () -> List.of(args) + (saidToThrow ? ": does not throw" : ""));
                    throw new AssertionError(List.of(args) + " does not throw");
                }
            } catch (ArithmeticException | IndexOutOfBoundsException e) {
                if (!saidToThrow) {
                    throw new AssertionError(List.of(args) + " throws", e);
                }
            }
        }
    }

    private static List<Term> variables(Terms t, List<String> types) {
        List<Term> variables = new ArrayList<>();
        for (String type : types) {
            int width = switch (type) {
                case "J" -> 64;
                case "S" -> 16;
                default -> 32;
            };
            variables.add(t.variable("v" + variables.size(), width));
        }
        return variables;
    }

    @TestFactory
    Stream<DynamicTest> methodsOfTheJdk() {
        return new Intrinsics(new Terms()).names().stream().map(name -> DynamicTest.dynamicTest(name, () -> {
            Terms t = new Terms();
            String owner = name.substring(0, name.indexOf('.')).replace('/', '.');
            String method = name.substring(name.indexOf('.') + 1, name.indexOf('('));
            MethodType type = MethodType.fromMethodDescriptorString(name.substring(name.indexOf('(')), null);
            List<String> types = type.parameterList().stream().map(Class::descriptorString).toList();
            List<Term> variables = variables(t, types);
            List<Term> args = variables.stream().map(term -> term.width() == 16 ? t.signExtend(term, 32) : term)
                    .toList();
            Intrinsics.Outcome outcome = new Intrinsics(t).apply(name, args);
            compare(MethodHandles.lookup().findStatic(Class.forName(owner), method, type), outcome.value(),
                    outcome.throwsWhen(), variables, types);
        }));
    }

    @TestFactory
    Stream<DynamicTest> instructions() throws IllegalAccessException {
        List<Method> methods = methods();
        byte[] file = ClassFile.of().build(HOLDER, builder -> methods.forEach(method -> builder.withMethodBody(
                method.name(), method.type(), ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, method.code())));
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Class<?> holder = lookup.defineClass(file);
        return methods.stream().map(method -> DynamicTest.dynamicTest(method.name(), () -> {
            JavaLifter lifter = new JavaLifter(new Terms());
            lifter.replace(holder, file);
            List<String> types = method.type().parameterList().stream().map(ClassDesc::descriptorString).toList();
            List<Term> variables = variables(lifter.terms(), types);
            Value[] args = variables.stream().map(Value.Word::new).toArray(Value[]::new);
            JavaLifter.Lifted lifted = lifter.liftStatic(holder, method.name(), lifter.newHeap(), args);
            MethodType type = MethodType.fromMethodDescriptorString(method.type().descriptorString(), null);
            compare(lookup.findStatic(holder, method.name(), type), lifter.number(lifted.result()), lifted.throwsWhen(),
                    variables, types);
        }));
    }

    private static List<Method> methods() {
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
}
