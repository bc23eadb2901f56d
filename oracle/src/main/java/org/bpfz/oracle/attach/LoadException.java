package org.bpfz.oracle.attach;

import org.bpfz.oracle.model.Refusals;
import org.bpfz.spec.Errno;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Verdict;

/** Says that the kernel refuses a program, with the verifier's whole log. */
public final class LoadException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Errno errno;
    private final String log;

    LoadException(String object, ProgramImage image, Verdict.Rejected rejected) {
        super(object + ": program '" + image.name() + "', instruction " + rejected.slot() + ": "
                + Refusals.message(image, rejected) + " (" + rejected.errno() + ")");
        errno = rejected.errno();
        log = Refusals.log(image, rejected);
    }

    /** What BPF_PROG_LOAD returns. */
    public Errno errno() {
        return errno;
    }

    /** All that the verifier says. */
    public String log() {
        return log;
    }
}
