package org.bpfz.oracle.trace;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfz.spec.kernel.Rope;

/** The large data of a trace: one file for each content, named by its SHA-256, in a folder beside the trace. */
final class BlobStore {
    private static final int PIECE = 1 << 16;

    private final Path folder;

    /** A store in a folder, which is made when the first content comes. */
    BlobStore(Path folder) {
        this.folder = folder;
    }

    /** Keeps the bytes and returns their name. */
    String put(Rope bytes) throws IOException {
        String name = bytes.sha256();
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            Files.createDirectories(folder);
            try (OutputStream out = Files.newOutputStream(file)) {
                byte[] piece = new byte[PIECE];
                for (long at = 0; at < bytes.length(); at += PIECE) {
                    int length = (int) Math.min(PIECE, bytes.length() - at);
                    bytes.copyTo(at, piece, 0, length);
                    out.write(piece, 0, length);
                }
            }
        }
        return name;
    }
}
