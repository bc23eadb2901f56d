package org.bpfz.lzo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bpfz.lzo.Inputs.Alphabet;
import org.junit.jupiter.api.Test;

/**
 * What the kernel's compressors wrote where they could be built, held against ours everywhere: {@code vectors.tsv} has alphabet, length and
 * seed of an input ({@link Inputs}), and length and SHA-256 of the kernel's output. Recorded anew by
 * {@code mvn test -pl lzo -Dtest=RecordedVectorsTest -Dbpfz.lzo.record=FILE} on a machine that has the kernel's source.
 */
class RecordedVectorsTest {
    private static final int[] LENGTHS = {0, 1, 3, 4, 13, 20, 21, 22, 31, 32, 64, 238, 239, 300, 1000, 4096, 16_384,
        49_151, 49_152, 49_153, 49_180,
        65_536, 98_304, 131_072, 300_000};

    private static String hash(byte[] data) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    }

    private static List<String> lines() throws Throwable {
        String file = System.getProperty("bpfz.lzo.record");
        if (file != null) {
            Files.write(Path.of(file), record());
        }
        try (InputStream in = RecordedVectorsTest.class.getResourceAsStream("vectors.tsv")) {
            assertNotNull(in);
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    @Test
    void writesWhatTheKernelWrote() throws Throwable {
        WorkMemory work = new WorkMemory();
        List<String> lines = lines();
        assertTrue(lines.size() >= 2 * Alphabet.values().length * LENGTHS.length);
        for (String line : lines) {
            String[] field = line.split("\t", -1);
            byte[] data = Alphabet.valueOf(field[1]).input(Integer.parseInt(field[2]), Long.parseLong(field[3]));
            boolean rle = field[0].equals("rle");
            byte[] target = new byte[LzoRle.maxCompressedLength(data.length)];
            int length = rle
                    ? LzoRle.compress(data, 0, data.length, target, 0, work)
                    : Lzo1x.compress(data, 0, data.length, target, 0, work);
            assertEquals(field[4] + " " + field[5], length + " " + hash(Arrays.copyOf(target, length)), line);
        }
    }

    private static List<String> record() throws Throwable {
        KernelLzo kernel = KernelLzo.load();
        assertNotNull(kernel, KernelLzo.MISSING);
        List<String> lines = new ArrayList<>();
        lines.add(
                "# Recorded from lib/lzo of Debian's linux-source-6.12, compiled by gcc -O2: see RecordedVectorsTest.");
        lines.add("# variant\talphabet\tlength\tseed\tcompressed length\tSHA-256 of the compressed bytes");
        for (boolean rle : new boolean[]{false, true}) {
            for (Alphabet alphabet : Alphabet.values()) {
                for (int length : LENGTHS) {
                    byte[] packed = kernel.compress(alphabet.input(length, 7), rle);
                    lines.add(String.join("\t", rle ? "rle" : "plain", alphabet.name(), Integer.toString(length), "7",
                            Integer.toString(packed.length), hash(packed)));
                }
            }
        }
        return lines;
    }
}
