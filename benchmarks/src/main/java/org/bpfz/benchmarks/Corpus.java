package org.bpfz.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Data to compress: real files of two kinds, and what is made from a seed.
 *
 * <p>The made kinds are told apart by how the kernel's compressor fares on them: runs, no matches at all, words from a small vocabulary, and
 * pages of pointers that share their upper bytes.
 */
public enum Corpus {
    /** Java: this project's own, from {@link ProjectTree}. */
    SOURCE {
        @Override
        void fill(byte[] data, Random random) {
            Path folder = ProjectTree.root().resolve("spec-model/src/main/java");
            try (Stream<Path> files = Files.walk(folder)) {
                int at = 0;
                for (Path file : files.filter(one -> one.toString().endsWith(".java")).sorted().toList()) {
                    byte[] text = Files.readAllBytes(file);
                    int length = Math.min(text.length, data.length - at);
                    System.arraycopy(text, 0, data, at, length);
                    at += length;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    },
    /** Machine code: the JVM's own. */
    BINARY {
        private static final int SKIPPED = 8 << 20;

        @Override
        void fill(byte[] data, Random random) {
            Path library = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
            try (InputStream in = Files.newInputStream(library)) {
                in.skipNBytes(SKIPPED);
                in.readNBytes(data, 0, data.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    },
    ZEROS {
        @Override
        void fill(byte[] data, Random random) {
            // New arrays are zero.
        }
    },
    RANDOM {
        @Override
        void fill(byte[] data, Random random) {
            random.nextBytes(data);
        }
    },
    TEXT {
        @Override
        void fill(byte[] data, Random random) {
            int at = 0;
            while (at < data.length) {
                byte[] word = WORDS[(int) (WORDS.length * Math.pow(random.nextDouble(), 2))]
                        .getBytes(StandardCharsets.US_ASCII);
                int length = Math.min(word.length, data.length - at);
                System.arraycopy(word, 0, data, at, length);
                at += length;
            }
        }
    },
    POINTERS {
        @Override
        void fill(byte[] data, Random random) {
            for (int at = 0; at + 8 <= data.length; at += 8) {
                long pointer = random.nextInt(4) == 0 ? 0 : 0xffff_8880_0000_0000L | (random.nextInt(1 << 20) << 6);
                for (int i = 0; i < 8; i++) {
                    data[at + i] = (byte) (pointer >>> (8 * i));
                }
            }
        }
    };

    private static final String[] WORDS = ("the of and a to in is verifier program map state register stack value offset size write call "
            + "kernel trace clause helper instruction bound pointer context frame entry exit return error data file open close read "
            + "position sum reset descriptor task link hook decide verify buffer length block match literal distance window hash run ")
            .splitWithDelimiters(" ", 0);

    abstract void fill(byte[] data, Random random);

    /** As many bytes of this kind; the same ones each time. */
    public byte[] bytes(int length) {
        byte[] data = new byte[length];
        fill(data, new Random(length * 31L + ordinal()));
        return data;
    }
}
