package org.bpfz.oracle.selftest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.oracle.qemu.CacheFolder;
import org.bpfz.spec.peer.KernelSource;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's own verifier tests, built from the distribution's source package with clang-19 into the user's cache folder: nothing of them
 * is part of bpfz.
 */
public final class SelftestObjects {
    private static final String CLANG = "clang-19";
    private static final String PROGS = "tools/testing/selftests/bpf/progs";
    private static final Pattern TARGET_TYPES = Pattern.compile("__btf_path\\(\"([^\"/]+)\\.bpf\\.o\"\\)");
    private static final Pattern FOLDER = Pattern.compile("[^\\s:'\"]*/(?=[^\\s:/]+:\\d)");
    private static final String OBJECT = ".bpf.o";
    private static final long SECONDS = 120;

    private SelftestObjects() {
    }

    /**
     * What there is to run.
     *
     * @param objects in the order of their names
     * @param failed  for each file that clang did not build here: its object's name and why
     */
    public record Built(List<Path> objects, Map<String, String> failed) {}

    /**
     * Builds what has not been built before.
     *
     * @param types    of the kernel, for vmlinux.h; null where there are none
     * @param wanted   a pattern of the files' names without ending, such as {@code verifier_a.*}; others are left out
     * @param progress told of each file
     * @throws UnavailableException where the source or clang-19 is missing
     */
    public static Built build(@Nullable Path types, Pattern wanted, Consumer<String> progress) throws IOException {
        KernelSource source = KernelSource.find().orElseThrow(() -> new UnavailableException(KernelSource.MISSING));
        Path folder = CacheFolder.of("selftests/" + Integer.toHexString(Objects.hash(source.resolve(""), size(types))));
        Path headers = headers(source, folder, types);
        List<Path> objects = new ArrayList<>();
        Map<String, String> failed = new TreeMap<>();
        for (String name : names(source, wanted)) {
            Path object = folder.resolve(name + OBJECT);
            Path file = source.resolve(PROGS).resolve(name + ".c");
            Optional<String> failure = Optional.empty();
            if (!Files.exists(object)) {
                progress.accept(name);
                failure = compile(source, headers, file, object);
            }
            // The types that fields are relocated for are objects too, which no test is in.
            Matcher target = TARGET_TYPES.matcher(Files.readString(file));
            while (failure.isEmpty() && target.find()) {
                Path described = folder.resolve(target.group(1) + OBJECT);
                if (!Files.exists(described)) {
                    failure = compile(source, headers, source.resolve(PROGS).resolve(target.group(1) + ".c"),
                            described);
                }
            }
            if (failure.isPresent()) {
                failed.put(name + OBJECT, failure.get());
            } else {
                objects.add(object);
            }
        }
        return new Built(objects, failed);
    }

    private static long size(@Nullable Path types) throws IOException {
        return types == null ? 0 : Files.size(types);
    }

    private static List<String> names(KernelSource source, Pattern wanted) throws IOException {
        try (var files = Files.list(source.resolve(PROGS))) {
            return files.map(file -> String.valueOf(file.getFileName())).filter(name -> name.matches("verifier_.*\\.c"))
                    .map(name -> name.substring(0, name.length() - 2)).filter(wanted.asMatchPredicate()).sorted()
                    .toList();
        }
    }

    /** libbpf's headers from the source; bpf_helper_defs.h from the machine and vmlinux.h from the kernel's types, which a build generates. */
    private static Path headers(KernelSource source, Path folder, @Nullable Path kernelTypes) throws IOException {
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
        if (!Files.exists(types) && kernelTypes != null) {
            Optional<String> failure = run(
                    List.of("bpftool", "btf", "dump", "file", kernelTypes.toString(), "format", "c"), types);
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
                "-I" + headers, "-I/usr/include/x86_64-linux-gnu", "-I" + source.resolve("tools/testing/selftests/bpf"),
                "-I" + source.resolve("tools/include/uapi"),
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
                        .map(line -> FOLDER.matcher(line).replaceAll("")).orElse("no end in sight"));
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
