package org.bpfz.oracle.cli;

/** What the command's exit code means to a script. */
final class ExitCode {
    /** Done, and everything held. */
    static final int OK = 0;
    /** The tool worked and the answer is no: rejected, disallowed, differs. */
    static final int NO = 1;
    /** Arguments or input that can not be used. */
    static final int UNUSABLE = 2;
    /** An engine, kernel or tool that was asked for is not to be had here. */
    static final int UNAVAILABLE = 3;
    /** A defect of bpfz itself (EX_SOFTWARE of sysexits.h). */
    static final int DEFECT = 70;

    private ExitCode() {
    }
}
