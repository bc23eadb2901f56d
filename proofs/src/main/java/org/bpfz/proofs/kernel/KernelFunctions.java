package org.bpfz.proofs.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.proofs.lift.LlvmModule;
import org.bpfz.spec.peer.KernelSource;

/**
 * The functions of the kernel's range analysis, cut from kernel/bpf/tnum.c and kernel/bpf/verifier.c, with flat entry points around them.
 *
 * <p>A function is cut from its first line to the brace in the first column; what it needs around it is {@code shim.h}, which is ours.
 */
public final class KernelFunctions {
    private static final List<String> TNUM = List.of("tnum_const", "tnum_range", "tnum_lshift", "tnum_rshift",
            "tnum_arshift", "tnum_add", "tnum_sub", "tnum_and", "tnum_or", "tnum_xor", "tnum_mul", "tnum_overlap",
            "tnum_intersect",
            "tnum_cast", "tnum_is_aligned", "tnum_in", "tnum_subreg", "tnum_clear_subreg", "tnum_with_subreg",
            "tnum_const_subreg");
    private static final List<String> VERIFIER = List.of("___mark_reg_known", "__mark_reg_known", "__mark_reg32_known",
            "__mark_reg_unbounded", "__mark_reg64_unbounded", "__mark_reg32_unbounded", "__update_reg32_bounds",
            "__update_reg64_bounds", "__update_reg_bounds", "__reg32_deduce_bounds", "__reg64_deduce_bounds",
            "__reg_deduce_mixed_bounds", "__reg_deduce_bounds", "__reg_bound_offset", "reg_bounds_sync",
            "__reg32_bound_s64", "__reg_assign_32_into_64", "__mark_reg_unknown_imprecise", "__mark_reg_unknown",
            "zext_32_to_64", "coerce_reg_to_size", "set_sext64_default_val", "coerce_reg_to_size_sx",
            "set_sext32_default_val", "coerce_subreg_to_size_sx", "scalar32_min_max_add", "scalar_min_max_add",
            "scalar32_min_max_sub", "scalar_min_max_sub", "scalar32_min_max_mul", "scalar_min_max_mul",
            "scalar32_min_max_and", "scalar_min_max_and", "scalar32_min_max_or", "scalar_min_max_or",
            "scalar32_min_max_xor", "scalar_min_max_xor", "__scalar32_min_max_lsh", "scalar32_min_max_lsh",
            "__scalar64_min_max_lsh", "scalar_min_max_lsh", "scalar32_min_max_rsh", "scalar_min_max_rsh",
            "scalar32_min_max_arsh", "scalar_min_max_arsh", "is_safe_to_compute_dst_reg_range",
            "adjust_scalar_min_max_vals", "is_reg_const", "reg_const_value", "is_scalar_branch_taken", "flip_opcode",
            "rev_opcode", "regs_refine_cond_op", "range_within");

    private final String source;

    private KernelFunctions(String source) {
        this.source = source;
    }

    /** Cuts the functions; empty where the machine has no kernel source. */
    public static Optional<KernelFunctions> find() throws IOException {
        Optional<KernelSource> kernel = KernelSource.find();
        if (kernel.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder c = new StringBuilder(resource("shim.h"));
        String tnum = Files.readString(kernel.get().resolve("kernel/bpf/tnum.c"));
        String verifier = Files.readString(kernel.get().resolve("kernel/bpf/verifier.c"));
        for (String name : TNUM) {
            // Only the flat entry points are to be seen from outside, so that clang inlines the rest.
            c.append(name.equals("tnum_mul") ? "" : "static ").append(cut(tnum, name));
        }
        for (String name : VERIFIER) {
            c.append(cut(verifier, name));
        }
        return Optional.of(new KernelFunctions(c.append(resource("entry.c")).toString()));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = KernelFunctions.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8) + "\n";
        }
    }

    private static String cut(String file, String function) throws IOException {
        Matcher definition = Pattern
                .compile("^[a-z][^;{}#]*\\b" + function + "\\([^;{}]*\\)\\n\\{.*?^\\}\\n",
                        Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(file);
        if (!definition.find()) {
            throw new IOException("the kernel source has no function " + function);
        }
        return definition.group() + "\n";
    }

    /** A function's definition once more under another name, with others in the place of those that it calls, by name. */
    public String again(String function, String name, Map<String, String> calls) throws IOException {
        String definition = cut(source, function).replaceAll("\\b" + function + "\\b", name);
        for (Map.Entry<String, String> call : calls.entrySet()) {
            definition = definition.replaceAll("\\b" + call.getKey() + "\\b", call.getValue());
        }
        return definition;
    }

    /** Compiles with these entry points (C definitions) added and reads the LLVM module; needs clang 19. */
    public LlvmModule module(String entries) throws IOException {
        Path folder = Files.createTempDirectory("bpfz-proofs");
        Path file = Files.writeString(folder.resolve("kernel.c"), source + entries);
        Path module = folder.resolve("kernel.ll");
        // No loops, tables or vectors are wanted: straight code that the lifter reads.
        run("clang-19", "-O2", "-w", "-fwrapv", "-fno-strict-aliasing", "-fno-jump-tables", "-fno-vectorize",
                "-fno-slp-vectorize", "-fno-unroll-loops",
                "-mllvm", "-inline-threshold=1000000", "-S", "-emit-llvm", "-o",
                module.toString(),
                file.toString());
        return LlvmModule.parse(Files.readString(module));
    }

    /** Compiles with these entry points to a shared library; needs gcc. */
    public Path library(String entries) throws IOException {
        Path folder = Files.createTempDirectory("bpfz-proofs");
        Path file = Files.writeString(folder.resolve("kernel.c"), source + entries);
        Path library = folder.resolve("libkernel.so");
        run("gcc", "-O2", "-w", "-fwrapv", "-fno-strict-aliasing", "-shared", "-fPIC", "-o", library.toString(),
                file.toString());
        return library;
    }

    /** Whether a compiler can be started. */
    public static boolean has(String compiler) {
        try {
            return new ProcessBuilder(compiler, "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(command[0] + " does not compile the cut functions: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while compiling", e);
        }
    }
}
