package org.bpfz.oracle.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One command line, run inside the test.
 *
 * @param code the exit code
 * @param raw  standard output as bytes, one character each
 * @param out  standard output as text
 * @param err  standard error as text
 */
record CommandRun(int code, String raw, String out, String err) {

    /** Runs a command line with nothing on standard input. */
    static CommandRun of(String... line) {
        return withInput(new byte[0], line);
    }

    /** Runs a command line. */
    static CommandRun withInput(byte[] input, String... line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new Bpfz(new Terminal(new ByteArrayInputStream(input),
                new PrintStream(out, false, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                false))
                .run(line);
        return new CommandRun(code, out.toString(StandardCharsets.ISO_8859_1), out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    /** The lines of standard error. */
    List<String> complaints() {
        return err.lines().toList();
    }
}
