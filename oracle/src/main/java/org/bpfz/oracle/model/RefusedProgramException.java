package org.bpfz.oracle.model;

import org.bpfz.verifier.Verdict;

/** Says that the verifier refuses a program that was to be attached: the kernel would not load it. */
public final class RefusedProgramException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Complains of a program of an object. */
    RefusedProgramException(String object, String program, Verdict.Rejected refusal) {
        super(object + ": program " + program + ": the verifier refuses it with " + refusal.errno() + ": "
                + refusal.message() + (refusal.line() == null
                        ? ""
                        : " (" + refusal.line().file() + ":"
                                + refusal.line().line() + ")")
                + "; bpfz verify " + object + " tells more");
    }
}
