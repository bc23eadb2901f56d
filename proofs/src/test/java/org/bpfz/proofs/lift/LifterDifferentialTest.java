package org.bpfz.proofs.lift;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.stream.Stream;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the lifter trusts: each of the JDK's methods and each instruction that it knows, against the JVM on 100,000 inputs; that none is left out,
 * {@link LifterCoverageTest} sees to.
 */
class LifterDifferentialTest {
    @TestFactory
    Stream<DynamicTest> methodsOfTheJdk() {
        return new Intrinsics(new Terms()).names().stream().map(name -> DynamicTest.dynamicTest(name, () -> {
            Terms t = new Terms();
            String owner = name.substring(0, name.indexOf('.')).replace('/', '.');
            String method = name.substring(name.indexOf('.') + 1, name.indexOf('('));
            MethodType type = MethodType.fromMethodDescriptorString(name.substring(name.indexOf('(')), null);
            List<String> types = type.parameterList().stream().map(Class::descriptorString).toList();
            List<Term> variables = Differential.variables(t, types);
            List<Term> args = variables.stream().map(term -> term.width() == 16 ? t.signExtend(term, 32) : term)
                    .toList();
            Intrinsics.Outcome outcome = new Intrinsics(t).apply(name, args);
            Differential.compare(MethodHandles.lookup().findStatic(Class.forName(owner), method, type), outcome.value(),
                    outcome.throwsWhen(), variables, types);
        }));
    }

    @TestFactory
    Stream<DynamicTest> instructions() throws IllegalAccessException {
        byte[] file = InstructionSamples.classFile();
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Class<?> holder = lookup.defineClass(file);
        return InstructionSamples.methods().stream().map(method -> DynamicTest.dynamicTest(method.name(), () -> {
            JavaLifter lifter = new JavaLifter(new Terms());
            lifter.replace(holder, file);
            MethodType type = MethodType.fromMethodDescriptorString(method.type().descriptorString(), null);
            compare(lifter, lookup.findStatic(holder, method.name(), type), holder, method.name());
        }));
    }

    @TestFactory
    Stream<DynamicTest> codeOverObjects() {
        return ObjectSamples.ofNumbers().map(method -> DynamicTest.dynamicTest(method.getName(),
                () -> compare(new JavaLifter(new Terms()), MethodHandles.lookup().unreflect(method), ObjectCode.class,
                        method.getName())));
    }

    private static void compare(JavaLifter lifter, MethodHandle real, Class<?> owner, String name) throws Throwable {
        List<String> types = real.type().parameterList().stream().map(Class::descriptorString).toList();
        List<Term> variables = Differential.variables(lifter.terms(), types);
        JavaLifter.Lifted lifted = lifter.liftStatic(owner, name, lifter.newHeap(), ObjectSamples.words(variables));
        Differential.compare(real, lifter.number(lifted.result()), lifted.throwsWhen(), variables, types);
    }

    @TestFactory
    Stream<DynamicTest> codeOverArraysOfAnyLength() {
        return ObjectSamples.ofArrays().map(method -> DynamicTest.dynamicTest(method.getName(), () -> {
            JavaLifter lifter = new JavaLifter(new Terms());
            List<Term> variables = Differential.variables(lifter.terms(), List.of("J", "I", "I"));
            JavaLifter.Lifted lifted = ObjectSamples.liftOpen(lifter, method, variables);
            Differential.compare(ObjectSamples.overArray(method), lifter.number(lifted.result()), lifted.throwsWhen(),
                    variables);
        }));
    }

    @TestFactory
    Stream<DynamicTest> codeOverBytesAtOnePlace() {
        return ObjectSamples.atOnePlace().map(method -> DynamicTest.dynamicTest(method.getName(), () -> {
            JavaLifter lifter = new JavaLifter(new Terms());
            Terms t = lifter.terms();
            JavaLifter.Lifted lifted = ObjectSamples.liftAtOnePlace(lifter, method);
            Differential.compare(ObjectSamples.overBytes(method), lifter.number(lifted.result()), lifted.throwsWhen(),
                    List.of(t.variable("memory", 64), t.variable("index", 32), t.variable("v", 32), Bytes.outside(t)));
        }));
    }

    /** A list is nothing that lifted code can look into; here its elements are compared. */
    @Test
    void listsThatAreMade() throws Throwable {
        JavaLifter lifter = new JavaLifter(new Terms());
        List<Term> variables = Differential.variables(lifter.terms(), List.of("I", "I"));
        JavaLifter.Lifted lifted = lifter.liftStatic(ObjectCode.class, "listOf", lifter.newHeap(),
                ObjectSamples.words(variables));
        for (int i = 0; i < 3; i++) {
            int place = i;
            Differential.compare(words -> ObjectCode.listOf((int) words[0], (int) words[1]).get(place) & 0xffff_ffffL,
                    lifter.component(lifted.result(), "" + i, lifted.heap()), lifted.throwsWhen(), variables);
        }
        assertFalse(lifter.has(lifted.result(), "3", lifted.heap()));
    }
}
