package org.bpfz.lzo;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What we compress, liblzo2 decompresses. */
class Liblzo2Test {
    private static @Nullable MethodHandle decompressSafe;

    @BeforeAll
    @SuppressWarnings("restricted")
    static void open() {
        Optional<SymbolLookup> library = library();
        assumeTrue(library.isPresent(), "no liblzo2 to compare with: apt-get install liblzo2-2");
        decompressSafe = Linker.nativeLinker().downcallHandle(library.get().findOrThrow("lzo1x_decompress_safe"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS));
    }

    @SuppressWarnings("restricted")
    private static Optional<SymbolLookup> library() {
        try {
            return Optional.of(SymbolLookup.libraryLookup("liblzo2.so.2", Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Test
    void decompressesOurs() throws Throwable {
        MethodHandle decompress = decompressSafe;
        if (decompress == null) {
            throw new IllegalStateException("not opened");
        }
        WorkMemory work = new WorkMemory();
        Random random = new Random(17);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(1 << 18);
            MemorySegment out = arena.allocate(1 << 18);
            MemorySegment outLength = arena.allocate(JAVA_LONG);
            for (int i = 0; i < 3000; i++) {
                byte[] data = Inputs.mixed(random, i % 50 == 0 ? 150_000 : 3000);
                byte[] packed = new byte[Lzo1x.maxCompressedLength(data.length)];
                int length = Lzo1x.compress(data, 0, data.length, packed, 0, work);
                MemorySegment.copy(packed, 0, in, JAVA_BYTE, 0, length);
                outLength.set(JAVA_LONG, 0, out.byteSize());
                assertEquals(0, (int) decompress.invokeExact(in, (long) length, out, outLength, MemorySegment.NULL));
                assertArrayEquals(data, out.asSlice(0, outLength.get(JAVA_LONG, 0)).toArray(JAVA_BYTE));
            }
        }
    }
}
