package org.bpfz.oracle.syntax;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfz.oracle.InputException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a file as Latin-1 and counts them; refuses a line longer than any in a scenario or a recording before it
 * fills the memory.
 */
public final class LineReader implements Closeable {
    /** {@code strace -xx} prints four characters a byte: this is a vectored write of sixteen strings of {@code -s 1000000}. */
    private static final int MAX_LENGTH = 64 << 20;

    private final Path file;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private int number;

    private LineReader(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /** Opens a file. */
    public static LineReader open(Path file) throws IOException {
        return new LineReader(file, Files.newInputStream(file));
    }

    /** Reads text that is in memory, one character a byte, under a name for complaints. */
    public static LineReader of(Path name, String latin1) {
        return new LineReader(name, new ByteArrayInputStream(latin1.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** The file, for complaints. */
    public Path file() {
        return file;
    }

    /** The number of the line that was read last, counted from 1. */
    public int number() {
        return number;
    }

    /** The next line without its end, {@code \n} or {@code \r\n}; null at the end of the file. */
    public @Nullable String next() throws IOException {
        if (at == end && !fill()) {
            return null;
        }
        number++;
        ByteArrayOutputStream begun = new ByteArrayOutputStream(0);
        do {
            int newline = at;
            while (newline < end && buffer[newline] != '\n') {
                newline++;
            }
            if (begun.size() + (newline - at) > MAX_LENGTH) {
                throw new InputException(file, number, "a line longer than " + MAX_LENGTH + " bytes");
            }
            if (newline < end) {
                String tail = new String(buffer, at, newline - at, StandardCharsets.ISO_8859_1);
                at = newline + 1;
                return withoutReturn(begun.size() == 0 ? tail : begun.toString(StandardCharsets.ISO_8859_1) + tail);
            }
            begun.write(buffer, at, end - at);
            at = end;
        } while (fill());
        return withoutReturn(begun.toString(StandardCharsets.ISO_8859_1));
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(in.read(buffer), 0);
        return end > 0;
    }

    private static String withoutReturn(String line) {
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
