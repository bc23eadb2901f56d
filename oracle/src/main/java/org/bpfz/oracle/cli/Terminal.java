package org.bpfz.oracle.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes, so that it can be run inside a test as well as in a shell.
 *
 * @param in          standard input
 * @param out         standard output: results only
 * @param err         standard error: complaints and progress
 * @param interactive whether a person looks at standard error, so that a line may be overwritten
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {

    /** The process' own streams; the launcher says whether standard error is a terminal, which Java can not find out. */
    static Terminal ofProcess() {
        PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return new Terminal(System.in, out, err, Boolean.getBoolean("bpfz.stderr.terminal"));
    }
}
