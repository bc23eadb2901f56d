package org.bpfz.lzo;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's own compressor: lib/lzo of the distribution's Linux 6.12 source package, compiled by gcc into a temporary folder and called
 * from here. Nothing of it is kept.
 */
final class KernelLzo {
    /** What to install where {@link #load} yields null. */
    static final String MISSING = "no kernel to compare with: apt-get install linux-source-6.12 xz-utils gcc";

    private static final Path SOURCE = Path.of("/usr/src/linux-source-6.12.tar.xz");
    private static final List<String> SHIMMED = List.of("linux/module.h", "linux/kernel.h", "linux/unaligned.h");
    private static final int LARGEST = 1 << 21;
    private static final int WORK_MEMORY = 1 << 17;

    private static @Nullable KernelLzo instance;

    private final MethodHandle plain;
    private final MethodHandle rle;
    private final MemorySegment in;
    private final MemorySegment out;
    private final MemorySegment outLength;
    private final MemorySegment work;

    @SuppressWarnings("restricted")
    private KernelLzo(Path library) {
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
        FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
        plain = Linker.nativeLinker().downcallHandle(symbols.findOrThrow("lzo1x_1_compress"), type);
        rle = Linker.nativeLinker().downcallHandle(symbols.findOrThrow("lzorle1x_1_compress"), type);
        in = Arena.global().allocate(LARGEST);
        out = Arena.global().allocate(LARGEST + LARGEST / 8);
        outLength = Arena.global().allocate(JAVA_LONG);
        work = Arena.global().allocate(WORK_MEMORY, 8);
    }

    /** The compressor, built once; null where the source package or gcc is missing. */
    static synchronized @Nullable KernelLzo load() throws IOException, InterruptedException {
        if (instance == null && Files.isReadable(SOURCE) && run("gcc", "--version") == 0) {
            instance = new KernelLzo(build(Files.createTempDirectory("bpfz-lzo")));
        }
        return instance;
    }

    private static Path build(Path folder) throws IOException, InterruptedException {
        require("tar", "-xf", SOURCE.toString(), "-C", folder.toString(), "--strip-components=1", "--no-same-owner",
                "--wildcards",
                "linux-source-*/lib/lzo/*", "linux-source-*/include/linux/lzo.h");
        Path shim = folder.resolve("shim");
        Files.createDirectories(shim.resolve("linux"));
        for (String header : SHIMMED) {
            Files.writeString(shim.resolve(header), "#include \"shim.h\"\n");
        }
        try (InputStream resource = KernelLzo.class.getResourceAsStream("shim.h")) {
            Files.write(shim.resolve("shim.h"), resource == null ? new byte[0] : resource.readAllBytes());
        }
        Path library = folder.resolve("libkernellzo.so");
        require("gcc", "-O2", "-w", "-shared", "-fPIC", "-I" + shim, "-I" + folder.resolve("include"), "-o",
                library.toString(),
                folder.resolve("lib/lzo/lzo1x_compress.c").toString());
        return library;
    }

    private static void require(String... command) throws IOException, InterruptedException {
        if (run(command) != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return 127;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            System.err.println(output);
        }
        return status;
    }

    /** What the kernel makes of it. */
    byte[] compress(byte[] data, boolean runLengths) throws Throwable {
        MemorySegment.copy(data, 0, in, JAVA_BYTE, 0, data.length);
        outLength.set(JAVA_LONG, 0, out.byteSize());
        MethodHandle function = runLengths ? rle : plain;
        int status = (int) function.invokeExact(in, (long) data.length, out, outLength, work);
        if (status != 0) {
            throw new IllegalStateException("the kernel's compressor returned " + status);
        }
        return out.asSlice(0, outLength.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
    }
}
