package org.bpfz.spec.helper;

import java.io.Serial;

/** A helper can not take an argument that no verifier would have let through. It never leaves the specification. */
public final class ArgumentException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final int argument;

    public ArgumentException(int argument, String reason) {
        super(reason, null, false, false);
        this.argument = argument;
    }

    /** Which one, from 1. */
    public int argument() {
        return argument;
    }
}
