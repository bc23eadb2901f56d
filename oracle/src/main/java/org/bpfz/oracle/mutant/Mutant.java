package org.bpfz.oracle.mutant;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.function.Supplier;
import org.bpfz.oracle.model.Subject;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/**
 * A mistake.
 *
 * @param name    what {@code --mutant} calls it
 * @param clause  the clause that it violates
 * @param mistake what is wrong, in a few words
 * @param subject makes a kernel with the mistake
 */
public record Mutant(String name, Clause clause, String mistake, Supplier<Subject> subject) {
    private static final ImmutableList<Mutant> ALL = ImmutableList.<Mutant>builder().addAll(ProgramMutants.ALL)
            .addAll(OpenMutants.ALL).addAll(WriteMutants.ALL).addAll(CountMutants.ALL).addAll(StatsMutants.ALL).build();

    /** All of them; {@code --mutant} numbers them from 1. */
    public static List<Mutant> all() {
        return ALL;
    }

    /** The mutant of a name or number; null if there is none. */
    public static @Nullable Mutant find(String nameOrNumber) {
        for (int i = 0; i < ALL.size(); i++) {
            if (ALL.get(i).name.equals(nameOrNumber) || String.valueOf(i + 1).equals(nameOrNumber)) {
                return ALL.get(i);
            }
        }
        return null;
    }

    static Mutant of(String name, Clause clause, String mistake, Subject subject) {
        return new Mutant(name, clause, mistake, () -> subject);
    }
}
