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

    /**
     * The map of the image that the helper call at the slot gets on every path, by its index; {@link #NO_MAP} where it may be one or
     * another, and for any other instruction.
     */
    default int calledMap(int slot) {
        return NO_MAP;
    }

    /**
     * Whether a byte of a function's frame may be reached otherwise than by the loads and stores whose {@link #memory} is an
     * {@link MemoryFact.OwnFrame}: by a helper, by a function that got its address, through a pointer that may point elsewhere too. A byte that
     * is not exposed may be kept anywhere.
     *
     * @param function the function's first slot
     * @param offset   from the function's R10: -512 to -1
     */
    default boolean isExposed(int function, int offset) {
        return true;
    }

    /** What the number in the destination register of the instruction at the slot is before it, on every path. */
    default NumberFact destination(int slot) {
        return NumberFact.ANY;
    }

    /** What the number in the source register of the instruction at the slot is before it, on every path. */
    default NumberFact source(int slot) {
        return NumberFact.ANY;
    }

    /** No map, or not always the same. */
    int NO_MAP = -1;

    /**
     * A number that lies in all three sets at once; {@link #ANY} too where the register may hold an address.
     *
     * @param value the bits that are known to be one
     * @param mask  the bits that are not known; no bit is in both
     * @param umin  the least as an unsigned number
     * @param umax  the greatest as an unsigned number
     * @param smin  the least as a signed number
     * @param smax  the greatest as a signed number
     */
    record NumberFact(long value, long mask, long umin, long umax, long smin, long smax) {
        /** Any 64 bits. */
        public static final NumberFact ANY = new NumberFact(0, -1, 0, -1, Long.MIN_VALUE, Long.MAX_VALUE);

        /** Whether the number is {@link #value}. */
        public boolean isConstant() {
            return mask == 0;
        }

        /** Whether the number can be this one. */
        public boolean contains(long number) {
            return (number & ~mask) == value && Long.compareUnsigned(umin, number) <= 0
                    && Long.compareUnsigned(number, umax) <= 0 && smin <= number && number <= smax;
        }
    }

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

        /** The memory of a raw run, which R1 points to at first. */
        record RawMemory() implements MemoryFact {}
    }
}
