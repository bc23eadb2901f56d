package org.bpfz.proofs.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Width;
import org.bpfz.verifier.domain.Branch;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.Tnum;
import org.jspecify.annotations.Nullable;

/** The kernel's own range analysis: its C functions, cut from the source at test time, compiled by gcc and called from here. */
final class KernelDomain {
    private static final String ENTRIES = """
            void entry_alu(int code, u64 *w, const u64 *v)
            { struct bpf_reg_state a, b; get(&a, w); get(&b, v); alu(&a, &b, code); put(&a, w); }
            int entry_decide(int op, int jmp32, const u64 *w, const u64 *v)
            { struct bpf_reg_state a, b; get(&a, w); get(&b, v); return is_scalar_branch_taken(&a, &b, op, jmp32); }
            void entry_refine(int op, int jmp32, int taken, u64 *w, u64 *v)
            { struct bpf_reg_state a, b; get(&a, w); get(&b, v); refine(&a, &b, taken ? op : rev_opcode(op), jmp32); put(&a, w); put(&b, v); }
            void entry_unary(int what, int size, u64 *w)
            {
                struct bpf_reg_state a;
                get(&a, w);
                switch (what) {
                case 0: reg_bounds_sync(&a); break;
                case 1: coerce_reg_to_size(&a, size); break;
                case 2: coerce_reg_to_size_sx(&a, size); break;
                case 3: coerce_subreg_to_size_sx(&a, size); break;
                case 4: zext_32_to_64(&a); break;
                }
                put(&a, w);
            }
            int entry_within(const u64 *w, const u64 *v)
            { struct bpf_reg_state a, b; get(&a, w); get(&b, v); return range_within(&a, &b) << 1 | tnum_in(a.var_off, b.var_off); }
            """;
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
    static synchronized @Nullable KernelDomain load() throws IOException {
        if (instance == null) {
            Optional<KernelFunctions> functions = KernelFunctions.find();
            if (functions.isEmpty() || !KernelFunctions.has("gcc")) {
                return null;
            }
            instance = new KernelDomain(functions.get().library(ENTRIES));
        }
        return instance;
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
