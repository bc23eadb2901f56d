package org.bpfz.proofs.theorem;

import java.io.Serial;

/** Something outside of bpfz is missing that a claim is about: the kernel's source, a compiler. */
public final class NotRunException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** What is missing. */
    public NotRunException(String message) {
        super(message);
    }
}
