package org.bpfz.oracle.selftest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.oracle.qemu.CacheFolder;
import org.bpfz.spec.peer.KernelSource;

/**
 * The kernel's own verifier tests, built from the distribution's source package with clang-19 into the user's cache folder: nothing of them
 * is part of bpfz.
 */
public final class SelftestObjects {
    private static final String CLANG = "clang-19";
    private static final String PROGS = "tools/testing/selftests/bpf/progs";
    private static final Path RUNNING_BTF = Path.of("/sys/kernel/btf/vmlinux");
    private static final long SECONDS = 120;

    private SelftestObjects() {
    }

    /**
     * What there is to run.
     *
     * @param folder of the objects
     * @param failed for each file that clang did not build here: its object's name and why
     */
    public record Built(Path folder, Map<String, String> failed) {}

    /**
     * Builds what has not been built before.
     *
     * @param progress told of each file
     * @throws UnavailableException where the source or clang-19 is missing
     */
    public static Built build(Consumer<String> progress) throws IOException {
        KernelSource source = KernelSource.find().orElseThrow(() -> new UnavailableException(KernelSource.MISSING));
        Path folder = CacheFolder.of("selftests");
        Path headers = headers(source, folder);
        Map<String, String> failed = new TreeMap<>();
        try (var files = Files.list(source.resolve(PROGS))) {
            for (Path file : files.filter(SelftestObjects::isVerifierTest).sorted().toList()) {
                String name = String.valueOf(file.getFileName()).replaceFirst("\\.c$", ".bpf.o");
                Path object = folder.resolve(name);
                if (!Files.exists(object)) {
                    progress.accept(name);
                    compile(source, headers, file, object).ifPresent(reason -> failed.put(name, reason));
                }
            }
        }
        return new Built(folder, failed);
    }

    private static boolean isVerifierTest(Path file) {
        return String.valueOf(file.getFileName()).matches("verifier_.*\\.c");
    }

    /** libbpf's headers from the source; bpf_helper_defs.h and vmlinux.h, which a build generates, from the machine. */
    private static Path headers(KernelSource source, Path folder) throws IOException {
        Path headers = Files.createDirectories(folder.resolve("include/bpf"));
        Path lib = source.resolve("tools/lib/bpf");
        for (String name : List.of("bpf_helpers.h", "bpf_tracing.h", "bpf_endian.h", "bpf_core_read.h")) {
            Files.writeString(headers.resolve(name), Files.readString(lib.resolve(name)));
        }
        Path definitions = Path.of("/usr/include/bpf/bpf_helper_defs.h");
        if (!Files.exists(definitions)) {
            throw new UnavailableException("no " + definitions + " here: apt-get install libbpf-dev");
        }
        Files.writeString(headers.resolve("bpf_helper_defs.h"), Files.readString(definitions));
        Path types = folder.resolve("include/vmlinux.h");
        if (!Files.exists(types) && Files.exists(RUNNING_BTF)) {
            Optional<String> failure = run(
                    List.of("bpftool", "btf", "dump", "file", RUNNING_BTF.toString(), "format", "c"), types);
            if (failure.isPresent()) {
                throw new UnavailableException("bpftool fails: " + failure.get());
            }
        }
        return folder.resolve("include");
    }

    private static Optional<String> compile(KernelSource source, Path headers, Path file, Path object)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(CLANG, "--target=bpf", "-g", "-O2", "-mcpu=v4", "-std=gnu11",
                "-w",
                "-D__TARGET_ARCH_x86", "-D__x86_64__", "-DENABLE_ATOMICS_TESTS", "-fno-strict-aliasing",
                "-I" + headers, "-I/usr/include/x86_64-linux-gnu", "-I" + source.resolve("tools/include/uapi"),
                "-I" + source.resolve("tools/testing/selftests/bpf"), "-I" + source.resolve("tools/include"),
                "-idirafter", "/usr/include/x86_64-linux-gnu", "-idirafter", "/usr/include", "-c", file.toString(),
                "-o", object.toString()));
        return run(command, object.resolveSibling("clang.log"));
    }

    /** Runs a tool; the first error that it names if it fails. */
    private static Optional<String> run(List<String> command, Path output) throws IOException {
        Path errors = Files.createTempFile("bpfz", ".log");
        try {
            Process process = new ProcessBuilder(command).redirectOutput(output.toFile())
                    .redirectError(errors.toFile()).start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                Files.deleteIfExists(output);
                return Optional.of(Files.readString(errors).lines().filter(line -> line.contains("error:")).findFirst()
                        .orElse("no end in sight"));
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while building", e);
        } catch (IOException e) {
            throw new UnavailableException(
                    "no " + command.getFirst() + " here: apt-get install clang-19 bpftool libbpf-dev");
        } finally {
            Files.deleteIfExists(errors);
        }
    }
}
