package org.bpfz.proofs.lift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.DiscontinuedInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bpfz.proofs.term.Terms;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Of the JVM's instructions each is either reached by code that {@link LifterDifferentialTest} compares, or refused: one that the lifter learns
 * makes this fail until it is compared. So with the methods of the JDK's lists, boxes and texts.
 */
class LifterCoverageTest {
    private static final List<Class<?>> CLASSES = List.of(ObjectCode.class, ObjectCode.Colour.class,
            ObjectCode.Pair.class, ObjectCode.Nested.class, ObjectCode.Shape.class, ObjectCode.Square.class,
            ObjectCode.Oblong.class, ObjectCode.Base.class, ObjectCode.Derived.class, ObjectCode.Counter.class);

    /** Gives each instruction that the compared code reaches. */
    private static void reached(Consumer<Instruction> each) throws IllegalAccessException {
        JavaLifter lifter = new JavaLifter(new Terms());
        byte[] file = InstructionSamples.classFile();
        Class<?> holder = MethodHandles.lookup().defineHiddenClass(file, false).lookupClass();
        lifter.replace(holder, file);
        for (InstructionSamples.Method method : InstructionSamples.methods()) {
            List<String> types = method.type().parameterList().stream().map(ClassDesc::descriptorString).toList();
            lifter.liftStatic(holder, method.name(), lifter.newHeap(),
                    ObjectSamples.words(Differential.variables(lifter.terms(), types)));
        }
        ObjectSamples.ofNumbers().forEach(method -> {
            List<String> types = Stream.of(method.getParameterTypes()).map(Class::descriptorString).toList();
            lifter.liftStatic(ObjectCode.class, method.getName(), lifter.newHeap(),
                    ObjectSamples.words(Differential.variables(lifter.terms(), types)));
        });
        ObjectSamples.ofArrays().forEach(method -> ObjectSamples.liftOpen(lifter, method,
                Differential.variables(lifter.terms(), List.of("J", "I", "I"))));
        lifter.liftStatic(ObjectCode.class, "listOf", lifter.newHeap(),
                ObjectSamples.words(Differential.variables(lifter.terms(), List.of("I", "I"))));
        each(lifter, holder, ClassFile.of().parse(file), each);
        for (Class<?> type : CLASSES) {
            each(lifter, type, ClassFile.of().parse(JavaLifter.classFile(type)), each);
        }
    }

    private static void each(JavaLifter lifter, Class<?> owner, ClassModel model, Consumer<Instruction> each) {
        for (MethodModel method : model.methods()) {
            int at = 0;
            for (CodeElement element : method.code().map(code -> (Iterable<CodeElement>) code).orElse(List.of())) {
                if (element instanceof Instruction instruction && lifter.covers(owner, method, at++)) {
                    each.accept(instruction);
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotComparedIsRefused() throws IllegalAccessException {
        Set<Opcode> compared = EnumSet.noneOf(Opcode.class);
        reached(instruction -> compared.add(instruction.opcode()));
        assertTrue(compared.size() > 120, () -> "only " + compared);
        return EnumSet.complementOf(EnumSet.copyOf(compared)).stream()
                .map(opcode -> DynamicTest.dynamicTest(opcode.name(), () -> refuses(opcode.name(), emit(opcode))));
    }

    @TestFactory
    Stream<DynamicTest> constantsOfOtherKindsAreRefused() {
        return Stream.<ConstantDesc>of(1.5f, 2.5, ConstantDescs.CD_String,
                MethodTypeDesc.of(ConstantDescs.CD_void)).map(
                        constant -> DynamicTest.dynamicTest(constant.toString(),
                                () -> refuses("", code -> code.loadConstant(constant))));
    }

    /** Lifts a method with the instruction, operands before it. */
    private static void refuses(String opcode, Consumer<CodeBuilder> emit) throws IllegalAccessException {
        ClassFile classFile = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS);
        byte[] file = classFile.build(InstructionSamples.HOLDER, builder -> builder.withMethodBody("probe",
                MethodTypeDesc.of(ConstantDescs.CD_int), ClassFile.ACC_STATIC, code -> {
                    for (int i = 0; i < 6; i++) {
                        code.loadConstant(i);
                    }
                    emit.accept(code);
                    code.loadConstant(0).ireturn();
                }));
        JavaLifter lifter = new JavaLifter(new Terms());
        lifter.replace(ObjectCode.class, file);
        LiftException refused = assertThrows(LiftException.class,
                () -> lifter.liftStatic(ObjectCode.class, "probe", lifter.newHeap()),
                () -> opcode + " is understood, and not compared with the JVM");
        assertTrue(refused.getMessage().contains("(" + opcode), refused::getMessage);
    }

    private static Consumer<CodeBuilder> emit(Opcode opcode) {
        String name = opcode.name();
        char last = name.charAt(name.length() - 1);
        int slot = Character.isDigit(last) ? last - '0' : 5;
        return switch (opcode.kind()) {
            case CONSTANT -> code -> code.with(ConstantInstruction.ofIntrinsic(opcode));
            case LOAD -> code -> code.with(LoadInstruction.of(opcode, slot));
            case STORE -> code -> code.with(StoreInstruction.of(opcode, slot));
            case ARRAY_LOAD -> code -> code.with(ArrayLoadInstruction.of(opcode));
            case ARRAY_STORE -> code -> code.with(ArrayStoreInstruction.of(opcode));
            case STACK -> code -> code.with(StackInstruction.of(opcode));
            case OPERATOR -> code -> code.with(OperatorInstruction.of(opcode));
            case CONVERT -> code -> code.with(ConvertInstruction.of(opcode));
            case RETURN -> code -> code.with(ReturnInstruction.of(opcode));
            case MONITOR -> code -> code.with(MonitorInstruction.of(opcode));
            case FIELD_ACCESS -> code -> code.putstatic(ClassDesc.of(ObjectCode.class.getName()), "x",
                    ConstantDescs.CD_int);
            case NEW_MULTI_ARRAY -> code -> code.multianewarray(ConstantDescs.CD_int.arrayType(2), 2);
            case DISCONTINUED_RET -> code -> code.with(DiscontinuedInstruction.RetInstruction.of(opcode, slot));
            case DISCONTINUED_JSR -> code -> {
                Label next = code.newLabel();
                code.with(DiscontinuedInstruction.JsrInstruction.of(opcode, next)).labelBinding(next);
            };
            default -> throw new AssertionError(opcode + " is neither compared nor known to be refused");
        };
    }

    @Test
    void everyMethodOfTheLibraryIsCompared() throws IllegalAccessException {
        Set<String> called = new HashSet<>();
        reached(instruction -> {
            if (instruction instanceof InvokeInstruction invoke) {
                called.add(invoke.owner().asInternalName() + "." + invoke.name().stringValue());
            }
        });
        Set<String> left = new TreeSet<>(Library.names());
        left.removeAll(called);
        assertEquals(Set.of(), left);
    }
}
