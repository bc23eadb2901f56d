package org.bpfz.oracle.attach;

import org.bpfz.oracle.model.LoadedProgram;

/**
 * A program on a function or a tracepoint of the kernel.
 *
 * @param id       from 1 in the order of attaching
 * @param function whose calls it sees; for a tracepoint its group and name with a slash between them
 */
public record Link(int id, LoadedProgram program, Kind kind, String function) {
    /** When the program runs and what it may do. */
    public enum Kind {
        /** Before the function, with its registers; may override an injectable function's result. */
        KPROBE,
        /** After it, with its result in a register. */
        KRETPROBE,
        /** Before it, with its arguments. */
        FENTRY,
        /** Before it, with its arguments and 0; a result other than 0 is the function's, which then does not run. */
        FMOD_RET,
        /** After it, with its arguments and its result. */
        FEXIT,
        /** At a tracepoint, with its record. */
        TRACEPOINT,
        /** At a tracepoint, with its arguments. */
        RAW_TRACEPOINT
    }
}
