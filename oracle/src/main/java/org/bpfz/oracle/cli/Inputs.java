package org.bpfz.oracle.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfz.loader.BpfObject;
import org.bpfz.oracle.InputException;

/** Reads the files that arguments name, with complaints that name them. */
final class Inputs {
    private Inputs() {
    }

    /**
     * All bytes of a file, or of standard input for {@code -}.
     *
     * @param limit the most that the command can use
     */
    static byte[] read(Terminal terminal, String file, int limit) throws IOException {
        if (file.equals("-")) {
            return within(limit, file, terminal.in().readNBytes(limit + 1));
        }
        Path path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw new InputException(path, "is a directory");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return within(limit, file, in.readNBytes(limit + 1));
        }
    }

    /** Opens an object file. */
    static BpfObject object(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new InputException(file, "is a directory");
        }
        return BpfObject.open(file);
    }

    private static byte[] within(int limit, String file, byte[] bytes) {
        if (bytes.length > limit) {
            throw new InputException(file + ": longer than " + limit + " bytes");
        }
        return bytes;
    }
}
