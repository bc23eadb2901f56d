package org.bpfz.oracle.cli;

import java.io.PrintStream;

/**
 * Says on standard error how far long work is: on a terminal in one line that is written over, elsewhere (if asked for) in a plain
 * line now and then. Short work says nothing.
 */
final class Progress {
    private static final long TERMINAL_INTERVAL = 200_000_000L;
    private static final long PLAIN_INTERVAL = 5_000_000_000L;
    private static final int WIDTH = 79;

    private final PrintStream err;
    private final boolean overwrite;
    private final boolean silent;
    private long nextAt;
    private boolean shown;

    /**
     * For one piece of work that begins now.
     *
     * @param wanted whether it was asked for explicitly
     */
    Progress(Terminal terminal, boolean wanted) {
        err = terminal.err();
        overwrite = terminal.interactive();
        silent = !wanted && !terminal.interactive();
        nextAt = System.nanoTime() + interval();
    }

    private long interval() {
        return overwrite ? TERMINAL_INTERVAL : PLAIN_INTERVAL;
    }

    /** Whether it is time to say something again. */
    boolean isDue() {
        return !silent && System.nanoTime() - nextAt >= 0;
    }

    /** Says it. */
    void say(String text) {
        nextAt = System.nanoTime() + interval();
        if (overwrite) {
            String line = text.length() <= WIDTH ? text : text.substring(0, WIDTH - 1) + "…";
            err.print("\r" + line + " ".repeat(WIDTH - line.length()) + "\r");
            shown = true;
        } else {
            err.println(text);
        }
        err.flush();
    }

    /** Makes room for a line of another kind. */
    void clear() {
        if (shown) {
            err.print("\r" + " ".repeat(WIDTH) + "\r");
            err.flush();
            shown = false;
        }
    }
}
