package org.bpfz.spec.engine;

/**
 * What a verifier has proved of a program, instruction by instruction; an engine may rely on it and need not.
 */
public interface Facts {

    /** Nothing is known: the program may do anything. */
    Facts NONE = new Facts() {
        @Override
        public boolean verified() {
            return false;
        }

        @Override
        public MemoryFact memory(int slot) {
            return MemoryFact.UNKNOWN;
        }

        @Override
        public BranchFact branch(int slot) {
            return BranchFact.BOTH;
        }

        @Override
        public boolean isDead(int slot) {
            return false;
        }
    };

    /** Whether the program was accepted, so that none of its accesses leaves its region. */
    boolean verified();

    /** Where the load, store or atomic at the slot goes, on every path; UNKNOWN for any other instruction. */
    MemoryFact memory(int slot);

    /** Which ways the conditional jump at the slot goes. */
    BranchFact branch(int slot);

    /** Whether no path reaches the slot. */
    boolean isDead(int slot);

    /** Which ways a conditional jump goes. */
    enum BranchFact {
        BOTH, ALWAYS, NEVER
    }

    /** Where an access goes. */
    sealed interface MemoryFact {
        /** Anywhere that an access may. */
        MemoryFact UNKNOWN = new Unknown();

        /** Anywhere that an access may. */
        record Unknown() implements MemoryFact {}

        /** The frame of the function that the instruction is in, {@code offset} from its R10 (negative). */
        record OwnFrame(int offset) implements MemoryFact {}

        /** The context, {@code offset} from its first byte. */
        record Context(int offset) implements MemoryFact {}

        /** A value of map {@code index} of the image, at least {@code from} and at most {@code to} from its first byte. */
        record MapValue(int index, int from, int to) implements MemoryFact {}

        /** The packet. */
        record Packet() implements MemoryFact {}
    }
}
