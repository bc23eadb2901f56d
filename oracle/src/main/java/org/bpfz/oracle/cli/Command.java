package org.bpfz.oracle.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What every command has: its streams, {@code --help} and an exit code. */
abstract class Command implements Callable<Integer> {
    /** Where this command reads and writes. */
    protected final Terminal terminal;

    @SuppressWarnings("UnusedVariable") // picocli looks at it: it prints the usage and does not call the command
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    Command(Terminal terminal) {
        this.terminal = terminal;
    }
}
