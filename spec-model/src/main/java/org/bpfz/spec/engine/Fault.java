package org.bpfz.spec.engine;

import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.memory.Violation;

/**
 * Why a run ended before its exit: what a program that no verifier has accepted may run into.
 *
 * <p>An engine with flat memory sees some kinds only in part: {@link #isFlat} says which ones every engine must report.
 */
public sealed interface Fault {

    /** The slot of the instruction that was being executed. */
    int slot();

    /** What happened, in a sentence without full stop. */
    String explain();

    /**
     * Whether the fault shows without knowledge of regions and shadows, so that every engine reports it; an engine with flat memory may run
     * over any other.
     */
    boolean isFlat();

    /** Memory refused an access. */
    record Memory(int slot, Violation violation) implements Fault {
        @Override
        public String explain() {
            return violation.explain();
        }

        @Override
        public boolean isFlat() {
            return violation.isFlat();
        }
    }

    /** A register was read that holds nothing: never written, or lost in a call. */
    record UninitialisedRegister(int slot, Reg register) implements Fault {
        @Override
        public String explain() {
            return "reads " + register.name64() + ", which holds nothing";
        }

        @Override
        public boolean isFlat() {
            return false;
        }
    }

    /** The frame pointer was the destination. */
    record FramePointerWritten(int slot) implements Fault {
        @Override
        public String explain() {
            return "writes r10";
        }

        @Override
        public boolean isFlat() {
            return true;
        }
    }

    /** Control left the program, or entered the second half of a 64-bit immediate; {@code target} is where to. */
    record NoInstruction(int slot, int target) implements Fault {
        @Override
        public String explain() {
            return "goes to slot " + target + ", where no instruction begins";
        }

        @Override
        public boolean isFlat() {
            return true;
        }
    }

    /** A ninth frame (MAX_CALL_FRAMES). */
    record TooManyFrames(int slot) implements Fault {
        @Override
        public String explain() {
            return "calls deeper than 8 frames";
        }

        @Override
        public boolean isFlat() {
            return true;
        }
    }

    /** The instruction budget is used up. */
    record OutOfBudget(int slot, long budget) implements Fault {
        @Override
        public String explain() {
            return "has executed " + budget + " instructions, which is all that it may";
        }

        @Override
        public boolean isFlat() {
            return true;
        }
    }

    /** A helper was passed what it can not take: {@code argument} counts from 1, as registers do. */
    record BadArgument(int slot, String helper, int argument, String reason) implements Fault {
        @Override
        public String explain() {
            return helper + " argument " + argument + ": " + reason;
        }

        @Override
        public boolean isFlat() {
            return true;
        }
    }

    /** An instruction, a helper or a kernel function that does not exist or that this engine does not have. */
    record Unsupported(int slot, String what) implements Fault {
        @Override
        public String explain() {
            return what;
        }

        @Override
        public boolean isFlat() {
            return true;
        }
    }
}
