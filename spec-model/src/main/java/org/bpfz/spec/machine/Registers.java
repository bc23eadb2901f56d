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

    /** What a register holds; nothing is a fault. */
    Word read(Reg register) throws Trap {
        Word word = words[register.index()];
        if (word == null) {
            throw new Trap(slot -> new Fault.UninitialisedRegister(slot, register));
        }
        return word;
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

    /** R1 to R5. */
    List<@Nullable Word> arguments() {
        return Arrays.asList(Arrays.copyOfRange(words, Reg.R1.index(), Reg.R6.index()));
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
