package org.bpfz.oracle.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Runs what most starts run, so that the JVM can record which classes that takes: the launcher makes the start-up cache from it
 * (JEP 514). Nothing that it prints is seen.
 */
public final class Rehearsal {
    private static final String[][] COMMAND_LINES = {{"--version"}, {"--help"}, {"lzo", "--help"},
        {"lzo", "size", "--json", "-"}, {"lzo", "size", "no such file"}, {"no such command"}};

    private Rehearsal() {
    }

    /** Runs every command line once. */
    public static void main(String[] args) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        for (String[] line : COMMAND_LINES) {
            new Bpfz(new Terminal(InputStream.nullInputStream(), nowhere, nowhere, false)).run(line);
        }
    }
}
