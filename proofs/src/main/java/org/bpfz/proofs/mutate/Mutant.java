package org.bpfz.proofs.mutate;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfz.proofs.lift.JavaLifter;

/**
 * A class in which one instruction of one method is another: what the theorems about that method must notice.
 *
 * @param owner  the class whose file is changed
 * @param method the method's name; of methods that share it, all together are counted through
 * @param place  which of the method's instructions that {@link Mutations} has a rule for, from 0
 */
public record Mutant(Class<?> owner, String method, int place) {
    /** The mutants of the method's instructions that lifted code has reached. */
    public static List<Mutant> reached(Class<?> owner, String method, JavaLifter lifter) {
        List<Mutant> mutants = new ArrayList<>();
        int place = 0;
        for (MethodModel candidate : ClassFile.of().parse(JavaLifter.classFile(owner)).methods()) {
            if (candidate.methodName().equalsString(method) && candidate.code().isPresent()) {
                int at = 0;
                for (CodeElement element : candidate.code().get()) {
                    if (element instanceof Instruction instruction) {
                        if (Mutations.of(instruction).isPresent()) {
                            if (lifter.covers(owner, candidate, at)) {
                                mutants.add(new Mutant(owner, method, place));
                            }
                            place++;
                        }
                        at++;
                    }
                }
            }
        }
        return mutants;
    }

    private static List<Instruction> instructions(Class<?> owner, String method) {
        ClassModel model = ClassFile.of().parse(JavaLifter.classFile(owner));
        List<Instruction> all = new ArrayList<>();
        for (MethodModel candidate : model.methods()) {
            if (candidate.methodName().equalsString(method)) {
                candidate.code().ifPresent(code -> code.forEach(element -> {
                    if (element instanceof Instruction instruction) {
                        all.add(instruction);
                    }
                }));
            }
        }
        return all;
    }

    private Instruction original() {
        int at = 0;
        for (Instruction instruction : instructions(owner, method)) {
            if (Mutations.of(instruction).isPresent() && at++ == place) {
                return instruction;
            }
        }
        throw new IllegalStateException(owner.getSimpleName() + "." + method + " has no place " + place
                + " for a mutation: the table of mutants is older than the class");
    }

    /** What is changed, in words: {@code Tnum.add, place 0: LADD becomes LSUB}. */
    public String description() {
        return owner.getSimpleName() + "." + method + ", place " + place + ": "
                + Mutations.of(original()).orElseThrow().text();
    }

    /** The changed class file. */
    public byte[] classFile() {
        original();
        int[] seen = {0};
        CodeTransform change = (builder, element) -> {
            Optional<Mutations.Mutation> mutation = element instanceof Instruction instruction
                    ? Mutations.of(instruction)
                    : Optional.empty();
            if (mutation.isPresent() && seen[0]++ == place) {
                mutation.get().emit().accept(builder);
            } else {
                builder.with(element);
            }
        };
        ClassFile classFile = ClassFile.of();
        return classFile.transformClass(classFile.parse(JavaLifter.classFile(owner)), ClassTransform
                .transformingMethodBodies(candidate -> candidate.methodName().equalsString(method), change));
    }
}
