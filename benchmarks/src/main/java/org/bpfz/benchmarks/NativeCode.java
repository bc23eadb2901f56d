package org.bpfz.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfz.spec.peer.KernelSource;

/** What gcc -O2 makes of C, in this process: the kernel's LZO from the distribution's source package, and the samples. Nothing is kept. */
final class NativeCode {
    private static final String TYPES = """
            #include <stdbool.h>
            #include <stddef.h>
            #include <stdint.h>
            #include <string.h>
            typedef uint8_t u8;
            typedef uint16_t u16;
            typedef uint32_t u32;
            typedef uint64_t u64;
            """;

    /** What lib/lzo needs around it on a little-endian machine of 64 bits. */
    private static final String SHIM = TYPES
            + """
                    #define CONFIG_64BIT 1
                    #define CONFIG_X86_64 1
                    #define CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS 1
                    #define __LITTLE_ENDIAN 1234
                    #define likely(x) __builtin_expect(!!(x), 1)
                    #define unlikely(x) __builtin_expect(!!(x), 0)
                    #define noinline __attribute__((noinline))
                    #define EXPORT_SYMBOL_GPL(x)
                    #define MODULE_LICENSE(x)
                    #define MODULE_DESCRIPTION(x)
                    #define BUILD_BUG_ON(x)
                    #define WARN_ON_ONCE(x) (x)
                    #define min_t(t, a, b) ((t)(a) < (t)(b) ? (t)(a) : (t)(b))
                    #define min(a, b) ((a) < (b) ? (a) : (b))
                    #define get_unaligned(p) ({ const struct __attribute__((packed)) { __typeof__(*(p)) x; } *u_ = (const void *)(p); u_->x; })
                    #define put_unaligned(v, p) ({ struct __attribute__((packed)) { __typeof__(*(p)) x; } *u_ = (void *)(p); u_->x = (v); })
                    #define get_unaligned_le16(p) get_unaligned((const u16 *)(p))
                    #define get_unaligned_le32(p) get_unaligned((const u32 *)(p))
                    #define put_unaligned_le16(v, p) put_unaligned((u16)(v), (u16 *)(p))
                    #define put_unaligned_le32(v, p) put_unaligned((u32)(v), (u32 *)(p))
                    """;

    private static final FunctionDescriptor LZO = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS);

    private NativeCode() {
    }

    /** Whether there is a gcc. */
    static boolean hasCompiler() {
        return run(List.of("gcc", "--version"));
    }

    /** The kernel's lzo1x_1_compress; empty where its source or gcc is missing. */
    static Optional<MethodHandle> kernelLzo() throws IOException {
        Optional<KernelSource> source = hasCompiler() ? KernelSource.find() : Optional.empty();
        if (source.isEmpty()) {
            return Optional.empty();
        }
        Path folder = Files.createTempDirectory("bpfz-bench");
        Path headers = Files.createDirectories(folder.resolve("linux"));
        for (String name : List.of("module.h", "kernel.h", "unaligned.h")) {
            Files.writeString(headers.resolve(name), "#include \"shim.h\"\n");
        }
        Files.writeString(folder.resolve("shim.h"), SHIM);
        Path header = source.get().resolve("include/linux/lzo.h");
        Files.copy(header, headers.resolve("lzo.h"));
        Path library = compile(folder, List.of("-I" + folder), source.get().resolve("lib/lzo/lzo1x_compress.c"));
        return Optional.of(handle(library.toString(), "lzo1x_1_compress", LZO));
    }

    /** The same of liblzo2; empty where it is missing. */
    static Optional<MethodHandle> liblzo2() {
        try {
            return Optional.of(handle("liblzo2.so.2", "lzo1x_1_compress", LZO));
        } catch (IllegalArgumentException missing) {
            return Optional.empty();
        }
    }

    /** A sample as C: from the memory's address to its result. */
    static MethodHandle sample(Sample sample) throws IOException {
        Path folder = Files.createTempDirectory("bpfz-bench");
        Path source = Files.writeString(folder.resolve("sample.c"), TYPES
                + "__attribute__((noinline)) static u64 called(u64 a, u64 b) {\n"
                + "volatile u64 x = a, y = b;\nreturn (x + y) ^ 85;\n}\n"
                + "u64 unused(void) { return called(1, 2); }\n" + sample.cFunction());
        return handle(compile(folder, List.of(), source).toString(), sample.symbol(),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    }

    private static Path compile(Path folder, List<String> options, Path source) throws IOException {
        Path library = folder.resolve("library.so");
        List<String> command = new ArrayList<>(List.of("gcc", "-O2", "-w", "-shared", "-fPIC", "-Wl,-z,defs"));
        command.addAll(options);
        command.addAll(List.of("-o", library.toString(), source.toString()));
        if (!run(command)) {
            throw new IOException("gcc does not compile " + source);
        }
        return library;
    }

    /** By file for what was compiled here, by name for what the system has. */
    @SuppressWarnings("restricted")
    private static MethodHandle handle(String library, String symbol, FunctionDescriptor type) {
        return Linker.nativeLinker()
                .downcallHandle(SymbolLookup.libraryLookup(library, Arena.global()).findOrThrow(symbol), type);
    }

    private static boolean run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean done = process.waitFor() == 0;
            if (!done) {
                System.err.print(output);
            }
            return done;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
