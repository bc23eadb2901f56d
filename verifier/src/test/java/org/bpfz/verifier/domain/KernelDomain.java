package org.bpfz.verifier.domain;

import static java.lang.foreign.ValueLayout.ADDRESS;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.peer.KernelSource;
import org.jspecify.annotations.Nullable;

/** The kernel's own range analysis: its C functions, cut from the source at test time, compiled by gcc and called from here. */
final class KernelDomain {
    private static final List<String> TNUM = List.of("tnum_const", "tnum_range", "tnum_lshift", "tnum_rshift",
            "tnum_arshift", "tnum_add",
            "tnum_sub", "tnum_and", "tnum_or", "tnum_xor", "tnum_mul", "tnum_overlap", "tnum_intersect", "tnum_cast",
            "tnum_in",
            "tnum_subreg", "tnum_clear_subreg", "tnum_with_subreg", "tnum_const_subreg");
    private static final List<String> VERIFIER = List.of("___mark_reg_known", "__mark_reg_known", "__mark_reg32_known",
            "__mark_reg_unbounded", "__mark_reg64_unbounded", "__mark_reg32_unbounded", "__update_reg32_bounds",
            "__update_reg64_bounds", "__update_reg_bounds", "__reg32_deduce_bounds", "__reg64_deduce_bounds",
            "__reg_deduce_mixed_bounds", "__reg_deduce_bounds", "__reg_bound_offset", "reg_bounds_sync",
            "__reg32_bound_s64",
            "__reg_assign_32_into_64", "__mark_reg_unknown_imprecise", "__mark_reg_unknown", "zext_32_to_64",
            "coerce_reg_to_size",
            "set_sext64_default_val", "coerce_reg_to_size_sx", "set_sext32_default_val", "coerce_subreg_to_size_sx",
            "scalar32_min_max_add", "scalar_min_max_add", "scalar32_min_max_sub", "scalar_min_max_sub",
            "scalar32_min_max_mul",
            "scalar_min_max_mul", "scalar32_min_max_and", "scalar_min_max_and", "scalar32_min_max_or",
            "scalar_min_max_or",
            "scalar32_min_max_xor", "scalar_min_max_xor", "__scalar32_min_max_lsh", "scalar32_min_max_lsh",
            "__scalar64_min_max_lsh", "scalar_min_max_lsh", "scalar32_min_max_rsh", "scalar_min_max_rsh",
            "scalar32_min_max_arsh",
            "scalar_min_max_arsh", "is_safe_to_compute_dst_reg_range", "adjust_scalar_min_max_vals", "is_reg_const",
            "reg_const_value", "is_scalar_branch_taken", "flip_opcode", "rev_opcode", "regs_refine_cond_op",
            "range_within");
    private static final int WORDS = 10;

    private static @Nullable KernelDomain instance;

    private final MethodHandle alu;
    private final MethodHandle decide;
    private final MethodHandle refine;
    private final MethodHandle unary;
    private final MethodHandle within;
    private final MemorySegment left;
    private final MemorySegment right;

    @SuppressWarnings("restricted")
    private KernelDomain(Path library) {
        Arena arena = Arena.global();
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, arena);
        alu = handle(symbols, "entry_alu", FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS));
        decide = handle(symbols, "entry_decide", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        refine = handle(symbols, "entry_refine",
                FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        unary = handle(symbols, "entry_unary", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, ADDRESS));
        within = handle(symbols, "entry_within", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        left = arena.allocate(JAVA_LONG, WORDS);
        right = arena.allocate(JAVA_LONG, WORDS);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(SymbolLookup symbols, String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), type);
    }

    /** Cuts, compiles and loads once; null where the kernel source or gcc is missing. */
    static synchronized @Nullable KernelDomain load() throws IOException, InterruptedException {
        if (instance == null) {
            KernelSource source = KernelSource.find().orElse(null);
            if (source == null || !hasGcc()) {
                return null;
            }
            instance = new KernelDomain(compile(source));
        }
        return instance;
    }

    private static boolean hasGcc() throws InterruptedException {
        try {
            return new ProcessBuilder("gcc", "--version").redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path compile(KernelSource source) throws IOException, InterruptedException {
        StringBuilder c = new StringBuilder(resource("shim.h"));
        c.append("#define TNUM(_v, _m) (struct tnum){.value = _v, .mask = _m}\n");
        c.append("static const struct tnum tnum_unknown = { .value = 0, .mask = -1 };\n");
        c.append("static int flip_opcode(u32 opcode);\n");
        String tnum = Files.readString(source.resolve("kernel/bpf/tnum.c"));
        String verifier = Files.readString(source.resolve("kernel/bpf/verifier.c"));
        TNUM.forEach(name -> c.append(cut(tnum, name)));
        VERIFIER.forEach(name -> c.append(cut(verifier, name)));
        c.append(resource("entry.c"));
        Path folder = Files.createTempDirectory("bpfz-domain");
        Path file = Files.writeString(folder.resolve("domain.c"), c);
        Path library = folder.resolve("libdomain.so");
        Process gcc = new ProcessBuilder("gcc", "-O2", "-w", "-fwrapv", "-fno-strict-aliasing", "-shared", "-fPIC",
                "-o", library.toString(),
                file.toString()).redirectErrorStream(true).start();
        String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (gcc.waitFor() != 0) {
            throw new IOException("the cut functions do not compile: " + output);
        }
        return library;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = KernelDomain.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8) + "\n";
        }
    }

    /** The definition of a C function: from its first line to the brace in the first column. */
    private static String cut(String file, String function) {
        Matcher definition = Pattern
                .compile("^[a-z][^;{}#]*\\b" + function + "\\([^;{}]*\\)\\n\\{.*?^\\}\\n",
                        Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(file);
        if (!definition.find()) {
            throw new IllegalStateException("the kernel source has no function " + function);
        }
        return definition.group() + "\n";
    }

    Scalar alu(int opcode, Scalar dst, Scalar src) throws Throwable {
        put(left, dst);
        put(right, src);
        alu.invokeExact(opcode, left, right);
        return get(left);
    }

    Branch.Decision decide(Width width, Condition condition, Scalar a, Scalar b) throws Throwable {
        put(left, a);
        put(right, b);
        int taken = (int) decide.invokeExact(condition.code() << 4, width == Width.W32 ? 1 : 0, left, right);
        return taken < 0 ? Branch.Decision.EITHER : taken == 0 ? Branch.Decision.NEVER : Branch.Decision.ALWAYS;
    }

    Branch.Refined refine(Width width, Condition condition, boolean taken, Scalar a, Scalar b) throws Throwable {
        put(left, a);
        put(right, b);
        refine.invokeExact(condition.code() << 4, width == Width.W32 ? 1 : 0, taken ? 1 : 0, left, right);
        return new Branch.Refined(get(left), get(right));
    }

    Scalar sync(Scalar a) throws Throwable {
        return unary(0, 0, a);
    }

    Scalar truncated(Scalar a, int bytes) throws Throwable {
        return unary(1, bytes, a);
    }

    Scalar signExtended(Scalar a, int bytes) throws Throwable {
        return unary(2, bytes, a);
    }

    Scalar signExtendedLow(Scalar a, int bytes) throws Throwable {
        return unary(3, bytes, a);
    }

    Scalar zeroExtended(Scalar a) throws Throwable {
        return unary(4, 0, a);
    }

    private Scalar unary(int what, int size, Scalar a) throws Throwable {
        put(left, a);
        unary.invokeExact(what, size, left);
        return get(left);
    }

    boolean boundsContain(Scalar a, Scalar b) throws Throwable {
        return (within(a, b) & 2) != 0;
    }

    boolean bitsContain(Scalar a, Scalar b) throws Throwable {
        return (within(a, b) & 1) != 0;
    }

    private int within(Scalar a, Scalar b) throws Throwable {
        put(left, a);
        put(right, b);
        return (int) within.invokeExact(left, right);
    }

    private static void put(MemorySegment to, Scalar s) {
        long[] words = {s.bits().value(), s.bits().mask(), s.wide().umin(), s.wide().umax(), s.wide().smin(),
            s.wide().smax(),
            s.low().umin(), s.low().umax(), s.low().smin(), s.low().smax()};
        MemorySegment.copy(words, 0, to, JAVA_LONG, 0, WORDS);
    }

    private static Scalar get(MemorySegment from) {
        long[] w = from.toArray(JAVA_LONG);
        return new Scalar(new Tnum(w[0], w[1]), new Range64(w[2], w[3], w[4], w[5]),
                new Range32((int) w[6], (int) w[7], (int) w[8], (int) w[9]));
    }
}
