package org.bpfz.benchmarks;

import io.airlift.compress.lzo.LzoCompressor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.WorkMemory;

/** Something that compresses a block by LZO: bpfz, the kernel's C, liblzo2, aircompressor. */
@FunctionalInterface
interface LzoContender {
    /** The kernel's lib/lzo, by gcc -O2. */
    String KERNEL = "kernel-c";

    /** The library that the kernel's was made from. */
    String LIBLZO2 = "liblzo2";

    /** Airlift's, in Java. */
    String AIRCOMPRESSOR = "aircompressor";

    /** Work memory that is enough for all of them. */
    int WORK_MEMORY = 1 << 18;

    /** Returns the size. */
    long compress(byte[] data) throws Exception;

    /** The names of those that there are. */
    static List<String> names() throws IOException {
        List<String> names = new ArrayList<>(List.of("bpfz", AIRCOMPRESSOR));
        if (NativeCode.kernelLzo().isPresent()) {
            names.add(KERNEL);
        }
        if (NativeCode.liblzo2().isPresent()) {
            names.add(LIBLZO2);
        }
        return names;
    }

    /** The one with the name, for a block; native ones have it copied once, before the time is taken. */
    static LzoContender of(String name, byte[] block) throws IOException {
        return switch (name) {
            case KERNEL -> ofNative(NativeCode.kernelLzo().orElseThrow(), block);
            case LIBLZO2 -> ofNative(NativeCode.liblzo2().orElseThrow(), block);
            case AIRCOMPRESSOR -> {
                LzoCompressor compressor = new LzoCompressor();
                byte[] target = new byte[compressor.maxCompressedLength(block.length)];
                yield data -> compressor.compress(data, 0, data.length, target, 0, target.length);
            }
            default -> {
                WorkMemory work = new WorkMemory();
                byte[] target = new byte[Lzo1x.maxCompressedLength(block.length)];
                yield data -> Lzo1x.compress(data, 0, data.length, target, 0, work);
            }
        };
    }

    private static LzoContender ofNative(MethodHandle function, byte[] block) {
        Arena arena = Arena.global();
        MemorySegment in = arena.allocate(block.length);
        MemorySegment.copy(block, 0, in, ValueLayout.JAVA_BYTE, 0, block.length);
        MemorySegment out = arena.allocate(Lzo1x.maxCompressedLength(block.length));
        MemorySegment outLength = arena.allocate(ValueLayout.JAVA_LONG);
        MemorySegment work = arena.allocate(WORK_MEMORY, Long.BYTES);
        return data -> {
            outLength.set(ValueLayout.JAVA_LONG, 0, out.byteSize());
            return call(function, in, out, outLength, work);
        };
    }

    private static long call(MethodHandle function, MemorySegment in, MemorySegment out, MemorySegment outLength,
            MemorySegment work) throws Exception {
        try {
            int error = (int) function.invokeExact(in, in.byteSize(), out, outLength, work);
            return error == 0 ? outLength.get(ValueLayout.JAVA_LONG, 0) : error;
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
