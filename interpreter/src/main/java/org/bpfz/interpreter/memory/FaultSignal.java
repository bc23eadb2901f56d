package org.bpfz.interpreter.memory;

import java.io.Serial;
import java.util.function.IntFunction;
import org.bpfz.spec.engine.Fault;
import org.jspecify.annotations.Nullable;

/** Carries a fault from where it shows to the loop that knows the slot. It never leaves an engine. */
public final class FaultSignal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient IntFunction<Fault> fault;
    private transient @Nullable Fault located;

    /** @param fault makes the fault of the slot */
    public FaultSignal(IntFunction<Fault> fault) {
        super(null, null, false, false);
        this.fault = fault;
    }

    /** Fixes the slot, unless an inner loop has done so. */
    public FaultSignal at(int slot) {
        if (located == null) {
            located = fault.apply(slot);
        }
        return this;
    }

    /** The fault; one of slot 0 where nobody has fixed it. */
    public Fault fault() {
        return located == null ? fault.apply(0) : located;
    }

    /** Something that the engine does not have. */
    public static FaultSignal unsupported(String what) {
        return new FaultSignal(slot -> new Fault.Unsupported(slot, what));
    }

    /** A helper's argument, from 1, that no verifier would have let through. */
    public static FaultSignal badArgument(String helper, int argument, String reason) {
        return new FaultSignal(slot -> new Fault.BadArgument(slot, helper, argument, reason));
    }
}
