package org.bpfz.proofs.lift;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bpfz.proofs.term.Term;
import org.jspecify.annotations.Nullable;

/** A Java method with one loop, cut at the loop's head, so that it can be spoken of by induction; made by {@link JavaLifter#loop}. */
public final class JavaLoop {
    /**
     * What comes of going through the part before the loop, or through one round of it.
     *
     * @param again   when the head of the loop is reached
     * @param locals  what the variables hold there, by slot
     * @param slots   the slots of variables that have names
     * @param done    when the method returns instead
     * @param result  what it returns then
     * @param heap    of the variables
     * @param endHeap of the result
     * @param throwsWhen when it throws
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Arrival(Term again, @Nullable Value[] locals, Map<String, Integer> slots, Term done, Value result,
            Heap heap, Heap endHeap, Term throwsWhen) {
        public Arrival {
            slots = new LinkedHashMap<>(slots);
        }

        /** What a variable holds at the head. */
        public Value variable(String name) {
            Integer slot = slots.get(name);
            Value value = slot == null ? null : locals[slot];
            if (value == null) {
                throw new LiftException("no variable " + name + " at the head of the loop");
            }
            return value;
        }
    }

    private final Lifters lifters;
    private final Arrival entry;

    /** Makes lifters of the method, one a pass. */
    @FunctionalInterface
    interface Lifters {
        MethodLifter make();
    }

    JavaLoop(Lifters lifters, Arrival entry) {
        this.lifters = lifters;
        this.entry = entry;
    }

    /** From the method's begin on. */
    public Arrival entry() {
        return entry;
    }

    /** From the head on, where these variables hold this and the others what they held first. */
    public Arrival round(Map<String, Value> variables) {
        return lifters.make().round(entry, variables);
    }
}
