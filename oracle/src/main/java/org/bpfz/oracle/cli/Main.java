package org.bpfz.oracle.cli;

/** The process: the command with the process' own streams and exit code. */
public final class Main {
    private Main() {
    }

    /** Runs the command named by the arguments and exits. */
    public static void main(String[] args) {
        Terminal terminal = Terminal.ofProcess();
        int code = new Bpfz(terminal).run(args);
        terminal.out().flush();
        System.exit(code);
    }
}
