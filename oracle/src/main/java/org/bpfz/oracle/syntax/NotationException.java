package org.bpfz.oracle.syntax;

/** Says at which character a line stops being a call. */
public final class NotationException extends Exception {
    private static final long serialVersionUID = 1;

    private final int at;

    /** Complains of the character at a position counted from 0. */
    public NotationException(int at, String message) {
        super(message);
        this.at = at;
    }

    /** The position in the line, counted from 0. */
    public int at() {
        return at;
    }
}
