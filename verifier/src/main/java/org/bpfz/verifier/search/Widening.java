package org.bpfz.verifier.search;

import org.bpfz.spec.isa.Reg;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.State;

/**
 * Lets loops over iterators and callbacks converge: a number that nobody needs exactly and that changed since the last round becomes any
 * number (widen_imprecise_scalars).
 */
final class Widening {
    private final Search search;
    private final Equivalence equivalence;

    Widening(Search search, Equivalence equivalence) {
        this.search = search;
        this.equivalence = equivalence;
    }

    void apply(State before, State current) {
        equivalence.freshIds();
        for (int f = before.depth(); f >= 0; f--) {
            Frame old = before.frame(f);
            Frame now = current.frame(f);
            for (int i = 0; i < Reg.COUNT; i++) {
                widen(old.register(i), now.register(i));
            }
            int slots = Math.min(old.slots(), now.slots());
            for (int i = 0; i < slots; i++) {
                if (old.slot(i).isSpill() && now.slot(i).isSpill()) {
                    widen(old.slot(i).spilled(), now.slot(i).spilled());
                }
            }
        }
    }

    private void widen(Register old, Register now) {
        boolean numbers = old.value().isScalar() && now.value().isScalar();
        if (numbers && !old.isPrecise() && !now.isPrecise() && !equivalence.isExact(old.value(), now.value())) {
            search.forget(now);
        }
    }
}
