package org.bpfz.proofs.kernel;

import com.google.common.base.Splitter;
import com.google.common.base.Suppliers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.LlvmLifter;
import org.bpfz.proofs.lift.LlvmModule;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.NotRunException;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.peer.KernelSource;
import org.bpfz.verifier.domain.Branch;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.ScalarAlu;
import org.bpfz.verifier.domain.Tnum;
import org.jspecify.annotations.Nullable;

/**
 * Theorem group 1: the verifier's arithmetic equals the kernel's C, for all inputs: bounds may contradict each other and the bits.
 *
 * <p>Where a row needs it, it assumes what holds of every tnum, that no bit is both known and unknown.
 *
 * <p>A row names an entry point, the C that it calls on two numbers, and the Java that must yield the same words. A number is ten words
 * ({@link #WORDS}).
 */
public final class KernelTheorems {
    static final List<String> WORDS = List.of("bits.value", "bits.mask", "wide.umin", "wide.umax", "wide.smin",
            "wide.smax", "low.umin", "low.umax", "low.smin", "low.smax");
    private static final String[] BITS = {"value", "mask"};
    private static final String[] RANGE = {"umin", "umax", "smin", "smax"};
    private static final List<String> TRUSTS = List.of("clang 19 at -O2", "shim.h and entry.c");

    /** What a row's Java does with the two numbers. */
    interface Java {
        void run(JavaSide side, Value a, Value b);
    }

    record Row(String function, List<Theorem.Code> code, String entry, Java java) {
        String entryPoint() {
            return entry.substring(entry.indexOf('(') + 1, entry.indexOf(','));
        }
    }

    private final List<Row> rows = new ArrayList<>();

    private KernelTheorems() {
        tnums();
        stages();
        extensions();
        arithmetic();
        branches();
        rows.addAll(ComposedRows.rows());
    }

    /** The theorems; the C is cut and compiled when the first of them is stated. */
    public static List<Theorem> all() {
        List<Row> rows = new KernelTheorems().rows;
        StringBuilder entries = new StringBuilder();
        rows.stream().filter(row -> !ComposedRows.makes(row)).forEach(row -> entries.append(row.entry).append('\n'));
        entries.append(KernelProduct.ENTRY).append('\n');
        Supplier<LlvmModule> module = Suppliers.memoize(() -> compile(entries.toString()));
        List<Theorem> theorems = new ArrayList<>();
        for (Row row : rows) {
            String name = row.entryPoint();
            theorems.add(new Theorem("kernel/" + (name.endsWith("_") ? name.substring(0, name.length() - 1) : name),
                    Group.KERNEL, String.join(" and ", row.code.stream().map(Theorem.Code::toString).toList())
                            + " yields what the kernel's " + row.function + " does",
                    row.code, TRUSTS, "", (Theorem.Symbolic) lifter -> obligation(row, module.get(), lifter)));
        }
        theorems.add(KernelProduct.theorem(TRUSTS, module));
        return theorems;
    }

    private static LlvmModule compile(String entries) {
        try {
            KernelFunctions functions = KernelFunctions.find()
                    .orElseThrow(() -> new NotRunException(KernelSource.MISSING));
            if (!KernelFunctions.has("clang-19")) {
                throw new NotRunException("no clang-19");
            }
            return functions.module(entries + ComposedRows.c(functions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Methods of the domain, as {@code Scalar.sync}, one after the other. */
    static List<Theorem.Code> code(String methods) {
        List<Theorem.Code> code = new ArrayList<>();
        for (String method : Splitter.on(", ").split(methods)) {
            int dot = method.indexOf('.');
            Class<?> owner = switch (method.substring(0, dot)) {
                case "Tnum" -> Tnum.class;
                case "Range64" -> Range64.class;
                case "Range32" -> Range32.class;
                case "Scalar" -> Scalar.class;
                case "ScalarAlu" -> ScalarAlu.class;
                default -> Branch.class;
            };
            code.add(new Theorem.Code(owner, method.substring(dot + 1)));
        }
        return code;
    }

    /** The words of two numbers, as an entry point's two buffers hold them. */
    static Map<String, Term> memory(JavaLifter lifter, Value a, Value b, Heap heap) {
        Map<String, Term> memory = new LinkedHashMap<>();
        for (int i = 0; i < WORDS.size(); i++) {
            memory.put("0+" + 8 * i, lifter.terms().signExtend(lifter.component(a, WORDS.get(i), heap), 64));
            memory.put("1+" + 8 * i, lifter.terms().signExtend(lifter.component(b, WORDS.get(i), heap), 64));
        }
        return memory;
    }

    /** An entry point's two parameters. */
    static List<@Nullable Term> pointers() {
        List<@Nullable Term> pointers = new ArrayList<>();
        pointers.add(null);
        pointers.add(null);
        return pointers;
    }

    private static Obligation obligation(Row row, LlvmModule module, JavaLifter lifter) {
        Terms terms = lifter.terms();
        Heap heap = lifter.newHeap();
        Value a = lifter.free(Scalar.class, "a", heap);
        Value b = lifter.free(Scalar.class, "b", heap);
        LlvmLifter.Lifted kernel = LlvmLifter.lift(terms, module, row.entryPoint(), pointers(),
                memory(lifter, a, b, heap));
        JavaSide side = new JavaSide(lifter, heap);
        row.java.run(side, a, b);
        Map<String, Term> goals = new LinkedHashMap<>();
        goals.put("never throws", terms.not(side.throwsWhen()));
        side.words().forEach(
                (word, term) -> goals.put(word, terms.eq(term, kernelWord(terms, kernel, word, term.width()))));
        List<Term> hypotheses = new ArrayList<>(side.hypotheses());
        if (side.isCongruenceNeeded()) {
            hypotheses.addAll(terms.congruence());
        }
        return new Obligation(hypotheses, goals);
    }

    private static Term kernelWord(Terms terms, LlvmLifter.Lifted kernel, String word, int width) {
        Term result = kernel.result();
        if (word.equals("result") && result != null) {
            return terms.extract(result, 0, width);
        }
        boolean second = word.startsWith("b.");
        return terms.extract(kernel.word(second ? 1 : 0, 8 * WORDS.indexOf(word.substring(2))), 0, width);
    }

    /** A row whose C changes a and b in place. */
    private void change(String entryPoint, String function, String code, String call, Java java) {
        rows.add(new Row(function, code(code), "TWO(" + entryPoint + ", " + call + ")", java));
    }

    /** A row whose C answers with a number. */
    private void ask(String entryPoint, String function, String code, String call, Java java) {
        rows.add(new Row(function, code(code), "ASK(" + entryPoint + ", " + call + ")", java));
    }

    private void tnums() {
        for (String op : List.of("add", "sub", "and", "or", "xor", "intersect")) {
            change("tnum_" + op + "_", "tnum_" + op, "Tnum." + op, "a.var_off = tnum_" + op + "(a.var_off, b.var_off)",
                    (side, a, b) -> side.words("a.bits.",
                            side.call(Tnum.class, op, side.part(a, "bits"), side.part(b, "bits")), BITS));
        }
        change("tnum_range_", "tnum_range", "Tnum.range", "a.var_off = tnum_range(a.umin_value, a.umax_value)",
                (side, a, _) -> side
                        .words("a.bits.", side.call(Tnum.class, "range", side.part(side.part(a, "wide"), "umin"),
                                side.part(side.part(a, "wide"), "umax")), BITS));
        tnumShift("shiftLeft", "tnum_lshift", "tnum_lshift(a.var_off, b.u32_min_value)");
        tnumShift("shiftRight", "tnum_rshift", "tnum_rshift(a.var_off, b.u32_min_value)");
        for (Width width : Width.values()) {
            change("tnum_arshift_" + width.bits(), "tnum_arshift", "Tnum.shiftRightSigned",
                    "a.var_off = tnum_arshift(a.var_off, b.u32_min_value, " + width.bits() + ")", (side, a, b) -> {
                        Value distance = distance(side, b, width.bits());
                        side.words("a.bits.", side.call(Tnum.class, "shiftRightSigned", side.part(a, "bits"), distance,
                                side.constant(width)), BITS);
                    });
        }
        for (int bytes : new int[]{1, 2, 4}) {
            change("tnum_cast_" + bytes, "tnum_cast", "Tnum.truncate",
                    "a.var_off = tnum_cast(a.var_off, " + bytes + ")",
                    (side, a, _) -> side.words("a.bits.",
                            side.call(Tnum.class, "truncate", side.part(a, "bits"), side.constant(bytes)), BITS));
        }
        change("tnum_subreg_", "tnum_subreg", "Tnum.low", "a.var_off = tnum_subreg(a.var_off)",
                (side, a, _) -> side.words("a.bits.", side.call(Tnum.class, "low", side.part(a, "bits")), BITS));
        change("tnum_clear_subreg_", "tnum_clear_subreg", "Tnum.high", "a.var_off = tnum_clear_subreg(a.var_off)",
                (side, a, _) -> side.words("a.bits.", side.call(Tnum.class, "high", side.part(a, "bits")), BITS));
        // The kernel ORs the halves and so assumes what holds of every tnum: no bit both known and unknown.
        change("tnum_with_subreg_", "tnum_with_subreg", "Tnum.withLow",
                "a.var_off = tnum_with_subreg(a.var_off, b.var_off)",
                (side, a, b) -> {
                    assumeTnum(side, a);
                    assumeTnum(side, b);
                    side.words("a.bits.", side.call(Tnum.class, "withLow", side.part(a, "bits"), side.part(b, "bits")),
                            BITS);
                });
        ask("tnum_in_", "tnum_in", "Tnum.contains", "tnum_in(a.var_off, b.var_off)",
                (side, a, b) -> side.word("result", side.number(
                        side.callStatic(Tnum.class, "contains", side.part(a, "bits"), side.part(b, "bits")))));
        ask("tnum_overlap_", "tnum_overlap", "Tnum.overlap", "tnum_overlap(a.var_off, b.var_off)",
                (side, a, b) -> side.word("result",
                        side.number(side.call(Tnum.class, "overlap", side.part(a, "bits"), side.part(b, "bits")))));
    }

    private void tnumShift(String method, String function, String call) {
        change(function + "_", function, "Tnum." + method, "a.var_off = " + call, (side, a, b) -> side.words("a.bits.",
                side.call(Tnum.class, method, side.part(a, "bits"), distance(side, b, 64)), BITS));
    }

    private static Value distance(JavaSide side, Value b, int width) {
        Value distance = side.part(side.part(b, "low"), "umin");
        side.assume(side.terms().ult(side.number(distance), side.terms().bv(32, width)));
        return distance;
    }

    private static void assumeTnum(JavaSide side, Value scalar) {
        Terms terms = side.terms();
        Term both = terms.bvAnd(side.number(scalar, "bits.value"), side.number(scalar, "bits.mask"));
        side.assume(terms.eq(both, terms.bv(64, 0)));
    }

    private void stages() {
        change("update_reg64_bounds", "__update_reg64_bounds", "Range64.within", "__update_reg64_bounds(&a)",
                (side, a, _) -> side
                        .words("a.wide.",
                                side.call(Range64.class, "within", side.part(a, "wide"), side.part(a, "bits")), RANGE));
        change("update_reg32_bounds", "__update_reg32_bounds", "Range32.within", "__update_reg32_bounds(&a)",
                (side, a, _) -> side
                        .words("a.low.", side.call(Range32.class, "within", side.part(a, "low"), side.part(a, "bits")),
                                RANGE));
        change("update_reg_bounds", "__update_reg_bounds", "Scalar.learnBounds, Range64.within, Range32.within",
                "__update_reg_bounds(&a)",
                (side, a, _) -> scalarWords(side, "a.", side.call(Scalar.class, "learnBounds", a)));
        change("reg32_deduce_bounds", "__reg32_deduce_bounds", "Range32.withinWide, Range32.acrossSigns",
                "__reg32_deduce_bounds(&a)",
                (side, a, _) -> {
                    Value learnt = side.call(Range32.class, "withinWide", side.part(a, "low"), side.part(a, "wide"));
                    side.words("a.low.", side.call(Range32.class, "acrossSigns", learnt), RANGE);
                });
        change("reg64_deduce_bounds", "__reg64_deduce_bounds", "Range64.acrossSigns", "__reg64_deduce_bounds(&a)",
                (side, a, _) -> side
                        .words("a.wide.", side.call(Range64.class, "acrossSigns", side.part(a, "wide")), RANGE));
        change("reg_deduce_mixed_bounds", "__reg_deduce_mixed_bounds", "Scalar.deduceWideFromLow",
                "__reg_deduce_mixed_bounds(&a)",
                (side, a, _) -> scalarWords(side, "a.", side.call(Scalar.class, "deduceWideFromLow", a)));
        change("reg_bound_offset", "__reg_bound_offset", "Scalar.learnBits", "__reg_bound_offset(&a)",
                (side, a, _) -> scalarWords(side, "a.", side.call(Scalar.class, "learnBits", a)));
        ask("range_within_", "range_within", "Scalar.boundsContain", "range_within(&a, &b)",
                (side, a, b) -> side.word("result", side.number(side.call(Scalar.class, "boundsContain", a, b))));
    }

    static void scalarWords(JavaSide side, String prefix, Value scalar) {
        side.words(prefix, scalar, WORDS.toArray(String[]::new));
    }

    private void extensions() {
        change("zext_32_to_64_", "zext_32_to_64", "Scalar.zeroExtended", "zext_32_to_64(&a)",
                (side, a, _) -> scalarWords(side, "a.", side.call(Scalar.class, "zeroExtended", a)));
        for (int bytes : new int[]{1, 2, 4}) {
            change("coerce_reg_to_size_sx_" + bytes, "coerce_reg_to_size_sx", "Scalar.signExtended",
                    "coerce_reg_to_size_sx(&a, " + bytes + ")", (side, a, _) -> scalarWords(side, "a.",
                            side.call(Scalar.class, "signExtended", a, side.constant(bytes))));
        }
        for (int bytes : new int[]{1, 2}) {
            change("coerce_subreg_to_size_sx_" + bytes, "coerce_subreg_to_size_sx", "Scalar.signExtendedLow",
                    "coerce_subreg_to_size_sx(&a, " + bytes + ")", (side, a, _) -> scalarWords(side, "a.",
                            side.call(Scalar.class, "signExtendedLow", a, side.constant(bytes))));
        }
    }

    private void arithmetic() {
        for (String op : List.of("add", "sub", "mul")) {
            change("scalar_min_max_" + op + "_", "scalar_min_max_" + op, "Range64." + op,
                    "scalar_min_max_" + op + "(&a, &b)",
                    (side, a, b) -> side.words("a.wide.",
                            side.call(Range64.class, op, side.part(a, "wide"), side.part(b, "wide")), RANGE));
            change("scalar32_min_max_" + op + "_", "scalar32_min_max_" + op, "Range32." + op,
                    "scalar32_min_max_" + op + "(&a, &b)",
                    (side, a, b) -> side.words("a.low.",
                            side.call(Range32.class, op, side.part(a, "low"), side.part(b, "low")),
                            RANGE));
        }
        for (String op : List.of("and", "or", "xor")) {
            change("scalar_" + op, "tnum_" + op + ", scalar32_min_max_" + op + " and scalar_min_max_" + op,
                    "ScalarAlu." + op + ", Tnum." + op + ", ScalarAlu.bitwise, Range64." + op + ", Range32." + op,
                    "a.var_off = tnum_" + op + "(a.var_off, b.var_off); scalar32_min_max_" + op
                            + "(&a, &b); scalar_min_max_" + op
                            + "(&a, &b)",
                    (side, a, b) -> scalarWords(side, "a.", side.call(ScalarAlu.class, op, a, b)));
        }
        shift("lsh", "shiftLeft");
        shift("rsh", "shiftRight");
        shift("arsh", "shiftRightSigned");
        for (Width width : Width.values()) {
            for (AluOp op : List.of(AluOp.LSH, AluOp.MUL, AluOp.DIV)) {
                int code = op.code() << 4 | (width == Width.W64 ? 7 : 4);
                ask("is_safe_" + op.name().toLowerCase(java.util.Locale.ROOT) + width.bits(),
                        "is_safe_to_compute_dst_reg_range",
                        "ScalarAlu.isComputable",
                        "is_safe_to_compute_dst_reg_range(&(struct bpf_insn){ .code = " + code + " }, &b)",
                        (side, _, b) -> side.word("result", side
                                .number(side.call(ScalarAlu.class, "isComputable", side.constant(width),
                                        side.constant(op), b))));
            }
        }
    }

    /** Shifts are computed for constant distances below the width, as {@code isComputable} sees to. */
    private void shift(String kernelName, String javaName) {
        change("scalar32_min_max_" + kernelName + "_", "scalar32_min_max_" + kernelName,
                "ScalarAlu." + javaName + "32, Tnum." + javaName + ", Range32." + javaName,
                "scalar32_min_max_" + kernelName + "(&a, &b)", (side, a, b) -> {
                    Value distance = distance(side, b, 32);
                    side.assume(side.terms().eq(side.number(b, "low.umin"), side.number(b, "low.umax")));
                    scalarWords(side, "a.", side.call(ScalarAlu.class, javaName + "32", a, distance));
                });
        change("scalar_min_max_" + kernelName + "_", "scalar_min_max_" + kernelName,
                "ScalarAlu." + javaName + "64, Tnum." + javaName + ", Range64." + javaName,
                "scalar_min_max_" + kernelName + "(&a, &b)", (side, a, b) -> {
                    Terms terms = side.terms();
                    Value distance = distance(side, b, 64);
                    side.assume(terms.eq(side.number(b, "wide.umin"), side.number(b, "wide.umax")));
                    side.assume(terms.eq(side.number(b, "wide.umin"), terms.zeroExtend(side.number(distance), 64)));
                    scalarWords(side, "a.", side.call(ScalarAlu.class, javaName + "64", a, distance));
                });
    }

    private void branches() {
        for (Width width : Width.values()) {
            int jmp32 = width == Width.W32 ? 1 : 0;
            for (Condition condition : Condition.values()) {
                String suffix = condition.name().toLowerCase(java.util.Locale.ROOT) + width.bits();
                int op = condition.code() << 4;
                ask("branch_taken_" + suffix, "is_scalar_branch_taken", decideCode(condition),
                        "is_scalar_branch_taken(&a, &b, " + op + ", " + jmp32 + ")", (side, a, b) -> {
                            assumeTnum(side, a);
                            assumeTnum(side, b);
                            side.word("result", taken(side,
                                    side.call(Branch.class, "decide", side.constant(width), side.constant(condition), a,
                                            b)));
                        });
                change("refine_" + suffix, "regs_refine_cond_op", refineCode(width, condition),
                        "regs_refine_cond_op(&a, &b, " + op + ", " + jmp32 + ")", (side, a, b) -> {
                            assumeTnum(side, a);
                            assumeTnum(side, b);
                            Value refined = side.call(Branch.class, "whenHolds", side.constant(width),
                                    side.constant(condition), a, b);
                            scalarWords(side, "a.", side.part(refined, "left"));
                            scalarWords(side, "b.", side.part(refined, "right"));
                        });
            }
            change("refine_not_set" + width.bits(), "regs_refine_cond_op", "Branch.noCommonBit",
                    "regs_refine_cond_op(&a, &b, BPF_JSET | BPF_X, " + jmp32 + ")", (side, a, b) -> {
                        assumeTnum(side, a);
                        assumeTnum(side, b);
                        Value refined = side.call(Branch.class, "whenNoCommonBits", side.constant(width), a, b);
                        scalarWords(side, "a.", side.part(refined, "left"));
                        scalarWords(side, "b.", side.part(refined, "right"));
                    });
        }
    }

    private static String decideCode(Condition condition) {
        return switch (condition) {
            case EQ, NE -> "Branch.equal, Branch.disjoint";
            case SET -> "Branch.commonBits";
            default -> "Branch.decide, Branch.boundsAt";
        };
    }

    private static String refineCode(Width width, Condition condition) {
        return switch (condition) {
            case EQ -> "Branch.equal" + width.bits() + ", Tnum.intersect, Range64.meet, Range32.meet";
            case NE -> "Branch.notEqual, Branch.constantToTheRight";
            case SET -> "Branch.commonBit, Branch.constantToTheRight";
            case GT, GE, LT, LE -> "Branch.lessOrEqual" + width.bits();
            case SGT, SGE, SLT, SLE -> "Branch.signedLessOrEqual" + width.bits();
        };
    }

    /** A decision as the kernel numbers it: 1 taken, 0 not, -1 unknown. */
    private static Term taken(JavaSide side, Value decision) {
        Terms terms = side.terms();
        Term ordinal = side.number(decision);
        Term never = terms.eq(ordinal, terms.bv(32, Branch.Decision.NEVER.ordinal()));
        Term always = terms.eq(ordinal, terms.bv(32, Branch.Decision.ALWAYS.ordinal()));
        return terms.ite(always, terms.bv(32, 1), terms.ite(never, terms.bv(32, 0), terms.bv(32, -1)));
    }
}
