package org.bpfz.spec.machine;

import java.util.Arrays;
import java.util.List;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.memory.Word;
import org.jspecify.annotations.Nullable;

/** R0 to R10 of the function that runs; a register may hold nothing. */
final class Registers {
    private final @Nullable Word[] words = new @Nullable Word[Reg.COUNT];
    private final boolean unwrittenFaults;

    /** @param unwrittenFaults whether reading a register that holds nothing is a fault; otherwise it reads as 0 */
    Registers(boolean unwrittenFaults) {
        this.unwrittenFaults = unwrittenFaults;
    }

    /** What a register holds. */
    Word read(Reg register) throws Trap {
        Word word = words[register.index()];
        if (word != null) {
            return word;
        }
        if (unwrittenFaults) {
            throw new Trap(slot -> new Fault.UninitialisedRegister(slot, register));
        }
        return Word.ZERO;
    }

    /** What a register holds, or null. */
    @Nullable
    Word peek(Reg register) {
        return words[register.index()];
    }

    /** Writes what an instruction has computed; R10 can not be written. */
    void write(Reg register, Word word) throws Trap {
        if (register == Reg.R10) {
            throw new Trap(Fault.FramePointerWritten::new);
        }
        words[register.index()] = word;
    }

    /** Puts a word, or nothing, into any register. */
    void set(Reg register, @Nullable Word word) {
        words[register.index()] = word;
    }

    /** R1 to R5; null for one that holds nothing and may not be read. */
    List<@Nullable Word> arguments() {
        @Nullable
        Word[] arguments = Arrays.copyOfRange(words, Reg.R1.index(), Reg.R6.index());
        if (!unwrittenFaults) {
            Arrays.setAll(arguments, i -> arguments[i] == null ? Word.ZERO : arguments[i]);
        }
        return Arrays.asList(arguments);
    }

    /** A call leaves nothing in R1 to R5. */
    void loseArguments() {
        Arrays.fill(words, Reg.R1.index(), Reg.R6.index(), null);
    }

    /** Nothing in any register. */
    void loseAll() {
        Arrays.fill(words, null);
    }

    /** R6 to R10, which are the caller's again when a function returns. */
    @Nullable
    Word[] saved() {
        return Arrays.copyOfRange(words, Reg.R6.index(), Reg.COUNT);
    }

    /** Gives R6 to R10 back to the caller. */
    void restore(@Nullable Word[] saved) {
        System.arraycopy(saved, 0, words, Reg.R6.index(), saved.length);
    }
}
