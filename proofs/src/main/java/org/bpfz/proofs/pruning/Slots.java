package org.bpfz.proofs.pruning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.SlotType;
import org.bpfz.verifier.state.StackSlot;

/** Slots: bytes of kinds that are tried one by one, numbers in them that are free. */
final class Slots {
    private static final String SLOTS = "(Lorg/bpfz/verifier/state/StackSlot;Lorg/bpfz/verifier/state/StackSlot;"
            + "Lorg/bpfz/verifier/search/Equivalence$Mode;)Z";
    static final String BOUND = "slots whose upper and whose lower four bytes are of one kind each, all pairs of kinds that "
            + "numbers and plain bytes have (a spill in the upper ones fills the slot); spilled are numbers, any";
    private static final List<SlotType> KINDS = List.of(SlotType.INVALID, SlotType.SPILL, SlotType.MISC, SlotType.ZERO);

    private final JavaLifter lifter;
    private final Terms t;
    private final List<Term> hypotheses = new ArrayList<>();
    private final Map<String, Term> goals = new LinkedHashMap<>();

    Slots(JavaLifter lifter) {
        this.lifter = lifter;
        t = lifter.terms();
        hypotheses.add(PruningTheorems.sameIfEqual(lifter));
    }

    Obligation state() {
        for (Object mode : PruningTheorems.MODES) {
            for (SlotType savedUpper : KINDS) {
                for (SlotType savedLower : KINDS) {
                    for (SlotType upper : KINDS) {
                        for (SlotType lower : KINDS) {
                            compare(mode, types(savedUpper, savedLower), types(upper, lower));
                        }
                    }
                }
            }
        }
        lifter.tryBy(new JavaLifter.Run(PruningRun.class, model -> "slots"));
        return new Obligation(hypotheses.stream().distinct().toList(), goals);
    }

    /** Byte 0 is the one at the highest address. */
    private static long types(SlotType upper, SlotType lower) {
        long types = upper.everywhere();
        for (int i = StackSlot.BYTES / 2; i < StackSlot.BYTES; i++) {
            types = SlotType.with(types, i, lower);
        }
        return types;
    }

    private void compare(Object mode, long savedTypes, long types) {
        if (!isPossible(savedTypes) || !isPossible(types)) {
            return;
        }
        Term claim = claim(mode, savedTypes, types);
        lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            Value equivalence = PruningTheorems.equivalence(lifter, heap, hypotheses);
            Value saved = slot("saved", savedTypes, heap);
            Value current = slot("current", types, heap);
            return lifter.liftInside(PruningTheorems.EQUIVALENCE, "covers", SLOTS, heap, equivalence, saved, current,
                    lifter.constant(mode));
        }, way -> {
            Term yes = t.not(t.eq(lifter.number(way.result().result()), t.bv(32, 0)));
            goals.merge(mode + " " + text(savedTypes) + " by " + text(types),
                    t.implies(t.and(way.condition(), yes), claim), t::and);
        });
    }

    private static String text(long types) {
        StringBuilder text = new StringBuilder();
        for (int i = StackSlot.BYTES - 1; i >= 0; i--) {
            text.append(SlotType.at(types, i).letter());
        }
        return text.toString();
    }

    /** A spill begins at the lowest address, so that one in the upper bytes is one in all. */
    private static boolean isPossible(long types) {
        return SlotType.at(types, 0) != SlotType.SPILL || types == SlotType.SPILL.everywhere();
    }

    private Value slot(String name, long types, Heap heap) {
        Value register = PruningTheorems.register(lifter, name, Kind.SCALAR, Payload.None.NONE, heap);
        return lifter.made(StackSlot.class, Map.of("spilled", register, "types", new Value.Word(t.bv(64, types))),
                heap);
    }

    /** What must hold of every byte that the saved slot says something about. */
    private Term claim(Object mode, long savedTypes, long types) {
        Term read = PruningTheorems.looksAtAll(mode) ? t.bool(true) : PruningTheorems.isSet(t, "saved.read");
        Term all = t.bool(true);
        for (int i = 0; i < StackSlot.BYTES; i++) {
            all = t.and(all, ofByte(mode, SlotType.at(savedTypes, i), SlotType.at(types, i), types));
        }
        return t.implies(read, all);
    }

    private Term ofByte(Object mode, SlotType saved, SlotType current, long types) {
        return switch (saved) {
            case INVALID -> t.bool(true);
            case MISC -> t.or(t.bool(current != SlotType.INVALID), PruningTheorems.isSet(t, "mayReadUninitialised"));
            case ZERO -> t.bool(current == SlotType.ZERO);
            case SPILL -> number(mode, current, types);
            case DYNPTR, ITER -> throw new IllegalArgumentException("no bytes of numbers: " + saved);
        };
    }

    /** A part of a number: the current number is contained, or what stands there, as a whole any number, is. */
    private Term number(Object mode, SlotType current, long types) {
        Term matters = PruningTheorems.looksAtAll(mode) ? t.bool(true) : PruningTheorems.isSet(t, "saved.precise");
        if (current == SlotType.SPILL) {
            return t.implies(t.and(matters, PruningTheorems.belongs(t, "current")),
                    PruningTheorems.belongs(t, "saved"));
        }
        boolean written = types == SlotType.MISC.everywhere();
        Term whole = written ? t.bool(true) : PruningTheorems.isSet(t, "mayReadUninitialised");
        return t.and(t.bool(current != SlotType.ZERO),
                t.and(whole, t.implies(matters, PruningTheorems.belongs(t, "saved"))));
    }
}
