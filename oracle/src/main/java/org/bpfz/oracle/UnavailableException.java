package org.bpfz.oracle;

/** Says that an engine, kernel or tool that was asked for is not to be had here: the command ends with exit code 3. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Complains in one line. */
    public UnavailableException(String message) {
        super(message);
    }
}
