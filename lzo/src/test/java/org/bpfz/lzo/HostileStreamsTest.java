package org.bpfz.lzo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decompressors take any bytes: they yield data within the capacity or say where the stream is wrong, and write nowhere else. */
class HostileStreamsTest {
    private static final byte GUARD = 0x5a;
    private static final int MARGIN = 64;

    private final WorkMemory work = new WorkMemory();

    private static int decompress(boolean rle, byte[] stream, int length, byte[] target, int capacity)
            throws MalformedInputException {
        return rle
                ? LzoRle.decompress(stream, 0, length, target, MARGIN, capacity)
                : Lzo1x.decompress(stream, 0, length, target, MARGIN, capacity);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void surviveOneHundredThousandMutants(boolean rle) {
        Random random = new Random(11);
        byte[] target = new byte[MARGIN + 4096 + MARGIN];
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] data = Inputs.mixed(random, 400);
            byte[] stream = new byte[LzoRle.maxCompressedLength(data.length)];
            int length = rle
                    ? LzoRle.compress(data, 0, data.length, stream, 0, work)
                    : Lzo1x.compress(data, 0, data.length, stream, 0, work);
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                stream[random.nextInt(length)] = (byte) random.nextInt();
            }
            length = random.nextInt(4) == 0 ? random.nextInt(length + 1) : length;
            int capacity = random.nextInt(4) == 0 ? random.nextInt(data.length + 1) : 4096;
            Arrays.fill(target, GUARD);
            refused += isRefused(rle, stream, length, target, capacity) ? 1 : 0;
            assertGuards(target, capacity);
        }
        assertTrue(refused > 10_000, "most mutants are malformed, " + refused + " were refused");
    }

    private static boolean isRefused(boolean rle, byte[] stream, int length, byte[] target, int capacity) {
        try {
            int written = decompress(rle, stream, length, target, capacity);
            assertTrue(written >= 0 && written <= capacity);
            return false;
        } catch (MalformedInputException e) {
            return true;
        }
    }

    private static void assertGuards(byte[] target, int capacity) {
        for (int i = 0; i < MARGIN; i++) {
            assertEquals(GUARD, target[i], "before the target");
            assertEquals(GUARD, target[MARGIN + capacity + i], "behind the target");
        }
    }

    @Test
    void aTargetOneByteTooSmallIsRefused() {
        byte[] data = Inputs.Alphabet.TEXT.input(1000, 5);
        byte[] stream = new byte[Lzo1x.maxCompressedLength(data.length)];
        int length = Lzo1x.compress(data, 0, data.length, stream, 0, work);
        byte[] target = new byte[MARGIN + 1000 + MARGIN];
        assertThrows(MalformedInputException.class, () -> decompress(false, stream, length, target, 999));
    }

    @Test
    void everyTruncationIsRefused() throws Exception {
        byte[] data = Inputs.Alphabet.RUNS.input(700, 5);
        byte[] stream = new byte[Lzo1x.maxCompressedLength(data.length)];
        int whole = Lzo1x.compress(data, 0, data.length, stream, 0, work);
        byte[] target = new byte[MARGIN + 700 + MARGIN];
        for (int length = 0; length < whole; length++) {
            int cut = length;
            assertThrows(MalformedInputException.class, () -> decompress(false, stream, cut, target, 700));
        }
        assertEquals(700, decompress(false, stream, whole, target, 700));
        assertArrayEquals(data, Arrays.copyOfRange(target, MARGIN, MARGIN + 700));
    }
}
