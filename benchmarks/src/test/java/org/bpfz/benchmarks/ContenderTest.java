package org.bpfz.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is compared computes the same. */
class ContenderTest {
    @ParameterizedTest
    @EnumSource
    void yieldsWhatTheOthersYield(Sample sample) throws Exception {
        long expected = Contender.of("spec", sample).run(1);
        for (String name : Contender.names()) {
            // The kernel says the low 32 bits only, and its memory is all zeroes.
            if (!name.equals(Contender.KERNEL)) {
                assertEquals(expected, Contender.of(name, sample).run(1), name);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 4_000, 60_000})
    void runsStraightLines(int instructions) throws Exception {
        assertEquals(instructions, StraightLine.code(instructions).size());
        long expected = Contender.of("spec", instructions).run(2);
        for (String name : List.of("interpreter", "jit")) {
            assertEquals(expected, Contender.of(name, instructions).run(2), name);
        }
    }

    /** Memory of zeroes: only what does not look at it yields the same. */
    @ParameterizedTest
    @EnumSource(names = {"ARITH", "COPY8", "CALL"})
    void theKernelYieldsTheLowHalf(Sample sample) throws Exception {
        assumeTrue(Contender.names().contains(Contender.KERNEL), "programs can not be loaded here");
        long low = (int) Contender.of("spec", sample).run(1);
        assertEquals(low, Contender.of(Contender.KERNEL, sample).run(1));
    }

    @ParameterizedTest
    @EnumSource
    void compressesToThatOfTheKernel(Corpus corpus) throws Exception {
        byte[] block = corpus.bytes(70_000);
        List<String> names = LzoContender.names();
        long size = LzoContender.of("bpfz", block).compress(block);
        for (String name : names) {
            long other = LzoContender.of(name, block).compress(block);
            assertTrue(name.equals(LzoContender.KERNEL) ? other == size : other > 0, name + ": " + other);
        }
    }
}
