package org.bpfz.lzo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import org.bpfz.lzo.Inputs.Alphabet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both compressors write what Linux 6.12's write, byte for byte. */
class KernelLzoTest {
    private static final int LITERAL_BLOCK = 49_152;
    private static @Nullable KernelLzo loaded;

    private final WorkMemory work = new WorkMemory();

    @BeforeAll
    static void buildTheKernels() throws Exception {
        loaded = KernelLzo.load();
        assumeTrue(loaded != null, KernelLzo.MISSING);
    }

    private void assertSame(byte[] data, String what) throws Throwable {
        KernelLzo kernel = loaded;
        if (kernel == null) {
            throw new IllegalStateException("not built");
        }
        byte[] target = new byte[Math.max(Lzo1x.maxCompressedLength(data.length),
                LzoRle.maxCompressedLength(data.length))];
        int length = Lzo1x.compress(data, 0, data.length, target, 0, work);
        assertArrayEquals(kernel.compress(data, false), Arrays.copyOf(target, length), () -> "LZO of " + what);
        assertEquals(length, Lzo1x.compressedSize(data, 0, data.length, work), () -> "size of " + what);
        int rleLength = LzoRle.compress(data, 0, data.length, target, 0, work);
        assertArrayEquals(kernel.compress(data, true), Arrays.copyOf(target, rleLength), () -> "LZO-RLE of " + what);
        assertEquals(rleLength, LzoRle.compressedSize(data, 0, data.length, work), () -> "RLE size of " + what);
    }

    @ParameterizedTest
    @EnumSource
    void everySmallSize(Alphabet alphabet) throws Throwable {
        for (int length = 0; length <= 1500; length++) {
            assertSame(alphabet.input(length, 1), alphabet + " of " + length);
        }
    }

    /** Blocks of 49,152 bytes hand literals over to the next. */
    @ParameterizedTest
    @EnumSource
    void sizesAroundBlocks(Alphabet alphabet) throws Throwable {
        for (int blocks = 1; blocks <= 3; blocks++) {
            for (int around = -24; around <= 48; around++) {
                int length = blocks * LITERAL_BLOCK + around;
                assertSame(alphabet.input(length, 2), alphabet + " of " + length);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 5_000})
    void tenThousandRandomInputsEach(int mostBytes) throws Throwable {
        Random random = new Random(mostBytes);
        for (int i = 0; i < 10_000; i++) {
            assertSame(Inputs.mixed(random, mostBytes), "random input " + i + " of at most " + mostBytes);
        }
    }

    @Test
    void largeMixedInputs() throws Throwable {
        Random random = new Random(3);
        for (int i = 0; i < 12; i++) {
            assertSame(Inputs.mixed(random, 1 << 20), "large input " + i);
        }
    }
}
