package org.bpfz.spec.machine;

import java.io.Serial;
import java.util.function.IntFunction;
import org.bpfz.spec.engine.Fault;

/** Ends an instruction that can not be completed; the machine adds the slot. It never leaves this package. */
final class Trap extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient IntFunction<Fault> fault;

    Trap(IntFunction<Fault> fault) {
        super(null, null, false, false);
        this.fault = fault;
    }

    /** The fault of the instruction at the slot. */
    Fault at(int slot) {
        return fault.apply(slot);
    }

    static Trap unsupported(String what) {
        return new Trap(slot -> new Fault.Unsupported(slot, what));
    }
}
