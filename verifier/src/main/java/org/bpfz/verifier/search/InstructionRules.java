package org.bpfz.verifier.search;

import org.bpfz.spec.isa.RawInstruction;

/** What an instruction does to the search's state: all rules together. */
public interface InstructionRules {
    /** Where the path goes on. */
    enum Next {
        /** At the slot behind the one that the search stands at. */
        FOLLOWING,
        /** Where the search stands. */
        HERE,
        /** Where the search stands, in the caller. */
        CALLER,
        /** Nowhere: the program, or the function that is verified, has ended. */
        NOWHERE
    }

    /** Refuses the instruction or carries it out. */
    Next apply(RawInstruction insn);
}
