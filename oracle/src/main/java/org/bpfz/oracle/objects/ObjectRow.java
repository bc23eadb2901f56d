package org.bpfz.oracle.objects;

/**
 * What became of a program of an object.
 *
 * @param object  the file
 * @param program {@code -} for the object itself
 * @param text    how it went: what was returned, or why it was not loaded
 */
public record ObjectRow(String object, String program, Kind kind, String text) {
    /** How that compares with what is expected. */
    public enum Kind {
        /** It was run, and returned what is expected. */
        RAN,
        /** It was refused, as is expected. */
        REFUSED,
        /** It was loaded, as is expected or without that anything is. */
        LOADED,
        /** It was not loaded, for a reason that the row has; nothing is expected of it. */
        NOT_LOADED,
        /** It is not as expected. */
        UNEXPECTED
    }
}
