package org.bpfz.interpreter;

import java.util.List;
import java.util.function.IntFunction;
import org.bpfz.interpreter.helper.Helper;
import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.program.HelperPrototype;

/**
 * A program as the interpreter reads it: two words for each slot of the encoding, so that slot {@code s} is at index {@code 2 s}, and behind
 * them traps that jumps to nowhere lead to.
 *
 * <pre>
 * first word    bits 0-7 operation, 8-11 dst, 12-15 src, 32-63 constant of arithmetic, offset of an access or index that a jump goes to
 * second word   what is moved, loaded or stored; of a jump, the constant in bits 0-31 and in 32-63 how many instructions it leads back, itself
 *               included
 * </pre>
 */
final class Code {
    /** A call of a helper that there is. */
    record HelperCall(HelperPrototype prototype, Helper helper) {}

    /** The first word of the second slot of a 64-bit immediate, which nothing leads to. */
    static final long SECOND_HALF = -1;

    private final long[] words;
    private final int[] ordinals;
    private final int slots;
    private final List<HelperCall> calls;
    private final List<IntFunction<Fault>> traps;

    /** @param ordinals how many instructions stand before each slot */
    Code(long[] words, int[] ordinals, int slots, List<HelperCall> calls, List<IntFunction<Fault>> traps) {
        this.words = words;
        this.ordinals = ordinals;
        this.slots = slots;
        this.calls = List.copyOf(calls);
        this.traps = List.copyOf(traps);
    }

    /** The words, shared. */
    long[] words() {
        return words;
    }

    /** How many instructions stand before the one at the index. */
    int ordinal(int index) {
        return ordinals[index >> 1];
    }

    /** Whether an instruction begins at the slot. */
    boolean isInstruction(int slot) {
        return slot >= 0 && slot < slots && words[2 * slot] != SECOND_HALF;
    }

    HelperCall call(int number) {
        return calls.get(number);
    }

    FaultSignal trap(int number) {
        return new FaultSignal(traps.get(number));
    }
}
