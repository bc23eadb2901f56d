package org.bpfz.oracle.qemu;

import java.io.IOException;

/** Says that the guest is of no use any more, why, and what its console showed last. */
public final class GuestException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What became of the guest. */
    public enum Kind {
        /** The agent never said hello: no user space, or no virtio port. */
        NEVER_UP,
        /** The kernel panicked. */
        PANIC,
        /** A request was not answered in time. */
        SILENT,
        /** The machine ended, or the line to it, without a panic on the console. */
        ENDED
    }

    private final Kind kind;
    private final String console;

    GuestException(Kind kind, String message, String console) {
        super(message);
        this.kind = kind;
        this.console = console;
    }

    /** What became of the guest. */
    public Kind kind() {
        return kind;
    }

    /** All that the console showed, line ends as the guest wrote them. */
    public String console() {
        return console;
    }
}
