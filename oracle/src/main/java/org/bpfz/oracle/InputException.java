package org.bpfz.oracle;

import java.nio.file.Path;

/**
 * Says that what the user gave can not be used, in one line that names file and place: the command prints it and ends with exit
 * code 2.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Complains of the input as a whole, or of a place that the message names itself. */
    public InputException(String message) {
        super(message);
    }

    /** Complains of a file. */
    public InputException(Path file, String message) {
        super(file + ": " + message);
    }

    /**
     * Complains of a place in a text file.
     *
     * @param line   counted from 1
     * @param column counted from 1, in characters
     */
    public InputException(Path file, int line, int column, String message) {
        super(file + ":" + line + ":" + column + ": " + message);
    }

    /**
     * Complains of a line in a text file.
     *
     * @param line counted from 1
     */
    public InputException(Path file, int line, String message) {
        super(file + ":" + line + ": " + message);
    }
}
