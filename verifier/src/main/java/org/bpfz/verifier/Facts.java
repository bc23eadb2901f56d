package org.bpfz.verifier;

import java.util.BitSet;
import java.util.List;
import org.bpfz.spec.isa.Decoder;
import org.bpfz.spec.isa.MalformedInstruction;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.facts.FactCollector;
import org.bpfz.verifier.facts.NumberAnalysis;
import org.bpfz.verifier.state.Type;
import org.jspecify.annotations.Nullable;

/**
 * What the verifier learnt of an accepted program that an engine can rely on.
 *
 * <p>Only what pruning leaves true is here. A path that comes to a saved state is not followed any further where that state covers it; pointers
 * are compared exactly for that and numbers that decided a jump or an address by their range, but any other number need not lie in the saved
 * one's range. So where memory is accessed and which way a jump goes holds on all paths, while what the search saw of numbers does not: ranges of
 * numbers come from an analysis of their own, {@link org.bpfz.verifier.facts.NumberAnalysis}.
 */
public final class Facts implements org.bpfz.spec.engine.Facts {
    private final BitSet live;
    private final List<Integer> stackDepths;
    private final @Nullable Type[] pointerTypes;
    private final FactCollector collected;
    private final List<RawInstruction> code;
    private final List<Integer> functions;
    private boolean analysed;
    private @Nullable NumberAnalysis numbers;

    /**
     * Facts by slot; the arguments are copied but for what was collected, which must not change any more.
     *
     * @param code      the program
     * @param functions the first slots of its functions
     */
    public Facts(BitSet live, @Nullable Type[] pointerTypes, List<Integer> stackDepths, FactCollector collected,
            List<RawInstruction> code, List<Integer> functions) {
        this.code = List.copyOf(code);
        this.functions = List.copyOf(functions);
        this.live = (BitSet) live.clone();
        this.pointerTypes = pointerTypes.clone();
        this.stackDepths = List.copyOf(stackDepths);
        this.collected = collected;
    }

    /** Whether any path comes to the slot; a slot of no path is dead code. */
    public boolean isLive(int slot) {
        return live.get(slot);
    }

    /** The kind of pointer that the memory instruction at the slot goes through, or null for any other and for dead ones. */
    public @Nullable Type pointerType(int slot) {
        return slot < pointerTypes.length ? pointerTypes[slot] : null;
    }

    /** The bytes of stack that each function uses, in the order of their first slots. */
    public List<Integer> stackDepths() {
        return stackDepths;
    }

    @Override
    public boolean verified() {
        return true;
    }

    @Override
    public MemoryFact memory(int slot) {
        return collected.memory(slot);
    }

    @Override
    public BranchFact branch(int slot) {
        return collected.branch(slot);
    }

    @Override
    public boolean isDead(int slot) {
        return !isLive(slot);
    }

    @Override
    public int calledMap(int slot) {
        return collected.calledMap(slot);
    }

    /** Made when it is first asked for; null for dead code that is none, which an accepted program may have. */
    private synchronized @Nullable NumberAnalysis numbers() {
        if (!analysed) {
            analysed = true;
            try {
                numbers = NumberAnalysis.of(Decoder.decode(code), live, collected, functions);
            } catch (MalformedInstruction _) {
                numbers = null;
            }
        }
        return numbers;
    }

    @Override
    public NumberFact destination(int slot) {
        NumberAnalysis known = numbers();
        return known == null ? NumberFact.ANY : known.destination(slot);
    }

    @Override
    public NumberFact source(int slot) {
        NumberAnalysis known = numbers();
        return known == null ? NumberFact.ANY : known.source(slot);
    }

    @Override
    public boolean isExposed(int function, int offset) {
        return collected.isExposed(function, offset);
    }
}
