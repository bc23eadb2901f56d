package org.bpfz.spec.memory;

import java.io.Serial;

/** Carries a violation from the memory to the machine, which makes a fault of it. It never leaves the specification. */
public final class ViolationException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Violation violation;

    public ViolationException(Violation violation) {
        super(violation.explain(), null, false, false);
        this.violation = violation;
    }

    /** What happened. */
    public Violation violation() {
        return violation;
    }
}
