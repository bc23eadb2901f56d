package org.bpfz.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.WorkMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The corpora are what their names say, or the benchmark measures something else than it prints. */
class CorpusTest {
    private static final int LENGTH = 65_536;

    private static double ratio(Corpus corpus) {
        return (double) Lzo1x.compressedSize(corpus.bytes(LENGTH), 0, LENGTH, new WorkMemory()) / LENGTH;
    }

    @ParameterizedTest
    @EnumSource
    void yieldsTheSameBytesEachTime(Corpus corpus) {
        assertArrayEquals(corpus.bytes(LENGTH), corpus.bytes(LENGTH));
    }

    @Test
    void rangesFromRunsToNoise() {
        assertTrue(ratio(Corpus.ZEROS) < 0.01);
        assertTrue(ratio(Corpus.POINTERS) > 0.2 && ratio(Corpus.POINTERS) < 0.8);
        assertTrue(ratio(Corpus.TEXT) > 0.2 && ratio(Corpus.TEXT) < 0.8);
        assertTrue(ratio(Corpus.RANDOM) > 1);
    }
}
