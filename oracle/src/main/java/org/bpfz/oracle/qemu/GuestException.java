package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.util.Optional;

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

    /** The soft lockup detector (kernel/watchdog.c). */
    private static final String STUCK = "soft lockup";

    private final Kind kind;
    private final String console;

    GuestException(Kind kind, String message, String console) {
        super(message);
        this.kind = kind;
        this.console = console;
    }

    /**
     * What the console says of the end.
     *
     * @param kind   how the end showed
     * @param reason said where the console says nothing
     */
    static GuestException of(Kind kind, String reason, String console) {
        Optional<String> panic = Console.panic(console);
        Optional<String> complaint = Console.complaint(console);
        String message = complaint.filter(_ -> panic.isPresent()).map(line -> line + "; ").orElse("")
                + panic.or(() -> complaint).orElse(reason);
        boolean panicked = panic.isPresent() && kind != Kind.NEVER_UP;
        return new GuestException(panicked ? Kind.PANIC : kind, message, console);
    }

    /** Whether a CPU or a task did not come to an end, and nothing else was wrong. */
    public boolean isHang() {
        return kind == Kind.SILENT || console.contains(STUCK);
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
