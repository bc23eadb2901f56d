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
import java.util.Locale;
import java.util.Optional;
import org.bpfz.proofs.lift.JavaLifter;
import org.jspecify.annotations.Nullable;

/**
 * A class in which one instruction of one method is another: what the theorems about that method must notice.
 *
 * @param owner  the class whose file is changed
 * @param method the method's name; of methods that share it, all together are counted through
 * @param place  which of the method's instructions of that kind, from 0
 */
public record Mutant(Class<?> owner, String method, Kind kind, int place) {
    /** Which instructions are counted. */
    public enum Kind {
        /** Those that {@link Mutations} has a rule for. */
        RULE,
        /** Stores of longs into arrays, which are dropped: what a handler that only copies has to be mistaken in. */
        STORE,
        /** Reads of the constant UNKNOWN, in the place of which comes ZERO. */
        UNKNOWN;

        Optional<Mutations.Mutation> of(Instruction instruction) {
            return switch (this) {
                case RULE -> Mutations.of(instruction);
                case STORE -> Mutations.ofStore(instruction);
                case UNKNOWN -> Mutations.ofUnknown(instruction);
            };
        }
    }

    /** The mutants of the method's instructions that lifted code has reached. */
    public static List<Mutant> reached(Class<?> owner, String method, JavaLifter lifter) {
        List<Mutant> mutants = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            mutants.addAll(all(owner, method, kind, lifter));
        }
        return mutants;
    }

    /** All mutants of the method of one kind; of those of its instructions that lifted code has reached, if a lifter is given. */
    public static List<Mutant> all(Class<?> owner, String method, Kind kind, @Nullable JavaLifter lifter) {
        List<Mutant> mutants = new ArrayList<>();
        int place = 0;
        for (MethodModel candidate : ClassFile.of().parse(JavaLifter.classFile(owner)).methods()) {
            if (candidate.methodName().equalsString(method) && candidate.code().isPresent()) {
                int at = 0;
                for (CodeElement element : candidate.code().get()) {
                    if (element instanceof Instruction instruction) {
                        if (kind.of(instruction).isPresent()) {
                            if (lifter == null || lifter.covers(owner, candidate, at)) {
                                mutants.add(new Mutant(owner, method, kind, place));
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
            if (kind.of(instruction).isPresent() && at++ == place) {
                return instruction;
            }
        }
        throw new IllegalStateException(owner.getSimpleName() + "." + method + " has no place " + place
                + " for a mutation: the table of mutants is older than the class");
    }

    /** What is changed, in words: {@code Tnum.add, place 0: LADD becomes LSUB}. */
    public String description() {
        return owner.getSimpleName() + "." + method + ", "
                + (kind == Kind.RULE ? "place" : kind.name().toLowerCase(Locale.ROOT)) + " " + place + ": "
                + kind.of(original()).orElseThrow().text();
    }

    /** The changed class file. */
    public byte[] classFile() {
        original();
        int[] seen = {0};
        CodeTransform change = (builder, element) -> {
            Optional<Mutations.Mutation> mutation = element instanceof Instruction instruction
                    ? kind.of(instruction)
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
