package org.bpfz.oracle.syntax;

import java.util.List;
import org.bpfz.oracle.syntax.Value.Field;
import org.jspecify.annotations.Nullable;

/**
 * One system call as written.
 *
 * @param name      {@code openat}
 * @param arguments in order; most have no name
 * @param result    what stands behind the equals sign; null if nothing does
 * @param at        where the name begins: characters from the start of the line
 */
public record CallText(String name, List<Field> arguments, @Nullable ResultText result, int at) {

    /**
     * What a call returned.
     *
     * @param value   the number; -1 with an errno, 0 if unknown
     * @param errno   {@code ENOENT}; null without one
     * @param unknown {@code ?}: the call did not return, or nobody saw what
     * @param remark  what strace says of the result on the rest of the line; empty in a scenario
     * @param at      where the result begins: characters from the start of the line
     */
    public record ResultText(long value, @Nullable String errno, boolean unknown, String remark, int at) {}

    /** The value of an argument; null if there are fewer. */
    public @Nullable Value argument(int index) {
        return index < arguments.size() ? arguments.get(index).value() : null;
    }
}
