package org.bpfz.oracle.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import org.bpfz.oracle.trace.Fields.BadEventException;
import org.bpfz.spec.kernel.Rope;

/** Finds the bytes of a trace: in the line itself, or beside the trace under their SHA-256, which is checked. */
final class BlobReader {
    /** More than any write that a scenario makes, and no more than an array holds. */
    static final long MAX_LENGTH = 1L << 30;

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final Map<String, Rope> known = new HashMap<>();

    BlobReader(Path folder) {
        this.folder = folder;
    }

    /**
     * The bytes of an object with {@code hex}, {@code sha256} or {@code unknown}.
     *
     * @param length how many there must be
     */
    Rope bytes(Fields holder, long length) {
        if (length < 0 || length > MAX_LENGTH) {
            throw new BadEventException("a length of " + length + " bytes");
        }
        if (holder.flag("unknown")) {
            return Rope.unknown(length);
        }
        Rope bytes = holder.has("sha256") ? stored(holder.text("sha256"), length) : inline(holder);
        if (bytes.length() != length) {
            throw new BadEventException("a length of " + length + " with " + bytes.length() + " bytes");
        }
        return bytes;
    }

    /** Bytes in the line itself. */
    static Rope inline(Fields holder) {
        return Rope.wrap(hex(holder.text("hex")));
    }

    static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new BadEventException("\"hex\": pairs of hexadecimal digits expected");
        }
    }

    private Rope stored(String name, long length) {
        Rope bytes = known.get(name);
        if (bytes == null) {
            bytes = load(name, length);
            known.put(name, bytes);
        }
        return bytes;
    }

    private Rope load(String name, long length) {
        if (!NAME.matcher(name).matches()) {
            throw new BadEventException("\"sha256\": 64 lower-case hexadecimal digits expected");
        }
        Path file = folder.resolve(name);
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new BadEventException("the data is not beside the trace: " + file);
            }
            if (Files.size(file) != length) {
                throw new BadEventException(file + " has " + Files.size(file) + " bytes, not " + length);
            }
            Rope read = Rope.wrap(Files.readAllBytes(file));
            if (!read.sha256().equals(name)) {
                throw new BadEventException(file + " does not have the content that its name says");
            }
            return length <= EventWriter.INLINE ? read : Rope.lazy(length, name, new Reread(file));
        } catch (IOException e) {
            throw new BadEventException(file + " can not be read");
        }
    }

    /** Looks at the file again when someone needs the bytes, and keeps what was read last. */
    private static final class Reread implements Rope.Loader {
        private final Path file;
        private byte[] bytes = new byte[0];

        Reread(Path file) {
            this.file = file;
        }

        @Override
        public void load(long from, byte[] target, int at, int length) throws IOException {
            if (bytes.length == 0) {
                bytes = Files.readAllBytes(file);
            }
            System.arraycopy(bytes, (int) from, target, at, length);
        }
    }
}
