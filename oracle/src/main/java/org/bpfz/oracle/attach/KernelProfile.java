package org.bpfz.oracle.attach;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bpfz.loader.BuiltInTypes;
import org.bpfz.loader.KernelTarget;
import org.bpfz.spec.btf.Btf;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that programs are attached to: its types and what of it can be probed.
 *
 * @param name      as the command line has it
 * @param version   LINUX_VERSION_CODE
 * @param functions by name
 * @param tracepoints by group and name with a slash between them
 */
public record KernelProfile(String name, int version, Btf types, Map<String, Function> functions,
        Map<String, Tracepoint> tracepoints) {
    private static final int WRAPPED = 4 << 16 | 17 << 8;

    public KernelProfile {
        functions = Map.copyOf(functions);
        tracepoints = Map.copyOf(tracepoints);
    }

    /**
     * A function and what may be done to it: one row of functions.txt.
     *
     * @param kprobe     whether a kprobe may be placed
     * @param trampoline whether fentry, fexit and fmod_ret programs may be attached
     * @param injectable whether programs may decide what it returns
     */
    public record Function(String name, boolean kprobe, boolean trampoline, boolean injectable) {}

    /** Linux 6.12. */
    public static KernelProfile linux612() {
        return new KernelProfile("6.12", 6 << 16 | 12 << 8, BuiltInTypes.linux612(), read("6.12"),
                Tracepoint.of("6.12"));
    }

    /** Linux 4.12, where {@code memcpy} can be probed still. */
    public static KernelProfile linux412() {
        return new KernelProfile("4.12", 4 << 16 | 12 << 8, BuiltInTypes.linux412(), read("4.12"),
                Tracepoint.of("4.12"));
    }

    /** The profile of that name, null if there is none. */
    public static @Nullable KernelProfile named(String name) {
        return switch (name) {
            case "6.12" -> linux612();
            case "4.12" -> linux412();
            default -> null;
        };
    }

    /** The same kernel with other types: fields lie elsewhere. */
    public KernelProfile withTypes(Btf newTypes) {
        return new KernelProfile(name, version, newTypes, functions, tracepoints);
    }

    /** Whether a system call's function gets the caller's registers, and not arguments (since 4.17, arch/x86/include/asm/syscall_wrapper.h). */
    boolean wrapsCalls() {
        return version >= WRAPPED;
    }

    /** The function that a system call is. */
    String function(String call) {
        return (wrapsCalls() ? "__x64_sys_" : "sys_") + call;
    }

    /** What a loader knows of the kernel. */
    public KernelTarget target() {
        return KernelTarget.of(types).withVersion(version);
    }

    private static Map<String, Function> read(String kernel) {
        Map<String, Function> functions = new LinkedHashMap<>();
        try (InputStream in = Objects
                .requireNonNull(KernelProfile.class.getResourceAsStream("functions.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                String[] row = line.replaceAll("#.*", "").strip().split(" +", -1);
                if (row.length == 5 && row[0].equals(kernel)) {
                    for (String function : SystemCalls.expand(row[1])) {
                        functions.put(function, new Function(function, row[2].equals("yes"), row[3].equals("yes"),
                                row[4].equals("yes")));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return functions;
    }
}
