package org.bpfz.loader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A kernel's configuration: what its build wrote into {@code .config}, or gives out as {@code /proc/config.gz}. Immutable. */
public final class KernelConfig {
    private static final int MAX_SIZE = 16 << 20;
    private static final int GZIP_MAGIC = 0x8b1f;

    private final Map<String, String> values;

    private KernelConfig(Map<String, String> values) {
        this.values = values;
    }

    /** Takes the text of a {@code .config} apart; of two lines with one name the first counts, as in libbpf. */
    public static KernelConfig parse(String text) {
        Map<String, String> values = new HashMap<>();
        text.lines().filter(line -> line.startsWith("CONFIG_") && line.indexOf('=') > 0).forEach(line -> {
            int equals = line.indexOf('=');
            values.putIfAbsent(line.substring(0, equals), line.substring(equals + 1).strip());
        });
        return new KernelConfig(Map.copyOf(values));
    }

    /**
     * Reads a configuration, compressed with gzip or not.
     *
     * @throws IOException if it can not be read, or is longer than 16 MiB
     */
    public static KernelConfig read(Path path) throws IOException {
        byte[] bytes = limited(path, Files.newInputStream(path));
        boolean compressed = bytes.length > 2 && ((bytes[0] & 0xff) | (bytes[1] & 0xff) << 8) == GZIP_MAGIC;
        byte[] plain = compressed
                ? limited(path, new GZIPInputStream(new java.io.ByteArrayInputStream(bytes)))
                : bytes;
        return parse(new String(plain, StandardCharsets.UTF_8));
    }

    private static byte[] limited(Path path, InputStream stream) throws IOException {
        try (stream) {
            byte[] bytes = stream.readNBytes(MAX_SIZE + 1);
            if (bytes.length > MAX_SIZE) {
                throw new IOException(path + ": more than " + (MAX_SIZE >> 20) + " MiB, too long for a configuration");
            }
            return bytes;
        }
    }

    /** What stands behind the name's equals sign: {@code y}, {@code m}, a number or a text in quotes; null if there is no such line. */
    public @Nullable String value(String name) {
        return values.get(name);
    }
}
