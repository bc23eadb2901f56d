package org.bpfz.oracle.selftest;

/**
 * What became of one load of one annotated program.
 *
 * @param file    the object's name
 * @param name    the program's name, with {@code @unpriv} behind it for the load without capabilities
 * @param ran     whether a run was held to a return value
 * @param reason  why it is not {@link Kind#PASSED}; else empty
 * @param log     the verifier's log
 */
public record SelftestResult(String file, String name, Kind kind, boolean ran, String reason, String log) {
    /** How the load compares with what was expected. */
    public enum Kind {
        /** Verdict and messages are as expected, and what a run returns where that is asked for. */
        PASSED,
        /** Accepted although it should be refused. */
        LAX,
        /** Refused although it should be accepted. */
        STRICT,
        /** The verdict is right, a message is missing from the log. */
        MESSAGE,
        /** Verdict and messages are right; a run on the specification ends with something else than it should. */
        RETURN,
        /** Verdict and messages are right; the specification has not got what a run needs. */
        NOT_RUN,
        /** Something that is not modelled. */
        UNSUPPORTED
    }
}
