package org.bpfz.spec.helper;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.Region;
import org.bpfz.spec.memory.ViolationException;
import org.bpfz.spec.memory.Word;

/** How a helper goes on once it has looked at its arguments. */
public sealed interface Outcome {

    /** It returns a value in R0. */
    record Return(Word value) implements Outcome {}

    /**
     * It calls a function of the program, and goes on with what that returns.
     *
     * @param slot      where the function begins
     * @param arguments for R1 and up; the registers behind them are 0, as the kernel passes them
     */
    record Callback(int slot, List<Word> arguments, Continuation then) implements Outcome {
        public Callback {
            arguments = List.copyOf(arguments);
        }
    }

    /** The program with this id takes the place of the current function, which is not returned to. */
    record TailCall(int program) implements Outcome {}

    /** What a helper does when its callback has returned. */
    @FunctionalInterface
    interface Continuation {
        /** Takes the callback's R0. */
        Outcome resume(long r0) throws ViolationException, ArgumentException;
    }

    /** Returns a number. */
    static Outcome of(long value) {
        return new Return(Word.number(value));
    }

    /** Returns an error number, negative. */
    static Outcome error(Errno errno) {
        return of(errno.negative());
    }

    /** Returns the address of a region. */
    static Outcome pointer(Region region) {
        return new Return(Word.pointer(region));
    }
}
