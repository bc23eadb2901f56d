package org.bpfz.spec.program;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value that a row of a table gives under a condition. */
public final class Choice<T> {
    private final T value;
    private final Condition condition;

    Choice(T value, Condition condition) {
        this.value = value;
        this.condition = condition;
    }

    /** What holds under the condition. */
    public T value() {
        return value;
    }

    /** As the table writes it; empty where it always holds. */
    public String condition() {
        return condition.toString();
    }

    /** Whether the condition holds for a program of these traits. */
    public boolean applies(ProgramTraits traits) {
        return condition.holds(traits);
    }

    /** The value of the first choice whose condition holds, or null. */
    static <T> @Nullable T first(List<Choice<T>> choices, ProgramTraits traits) {
        for (Choice<T> choice : choices) {
            if (choice.condition.holds(traits)) {
                return choice.value;
            }
        }
        return null;
    }
}
