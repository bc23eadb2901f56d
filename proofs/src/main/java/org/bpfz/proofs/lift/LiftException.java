package org.bpfz.proofs.lift;

/** Code that a lifter does not understand: an error of the proof, never a reason to leave the code out. */
public final class LiftException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LiftException(String message) {
        super(message);
    }

    public LiftException(String message, Throwable cause) {
        super(message, cause);
    }
}
