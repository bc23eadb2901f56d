package org.bpfz.spec.kernel;

/** A signal that a system call raises in its caller; the model notes it and does not run handlers. */
public enum Signal {
    /** An access to a mapping where the file has nothing, or no room (mm/memory.c, do_fault). */
    SIGBUS(7),
    /** A write to a pipe or socket that nobody can read from (fs/pipe.c, pipe_write). */
    SIGPIPE(13),
    /** A write or truncation beyond RLIMIT_FSIZE (fs/read_write.c, generic_write_check_limits). */
    SIGXFSZ(25);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** The signal's number on x86-64. */
    public int number() {
        return number;
    }
}
