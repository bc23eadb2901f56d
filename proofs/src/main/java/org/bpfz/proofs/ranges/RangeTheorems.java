package org.bpfz.proofs.ranges;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Op;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.spec.isa.Width;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.Tnum;

/**
 * Soundness of tnums, bounds, their synchronisation, arithmetic and branches, for all knowledge and all numbers in it.
 *
 * <p>A part is shown by itself and stands as a contract where it is used: the whole of {@code Scalar.sync} follows from its stages. Here are the
 * parts; {@link ProductTheorems}, {@link ArithmeticTheorems} and {@link BranchTheorems} have the rest.
 */
public final class RangeTheorems {
    private static final List<String> STAGES = List.of("learnBounds", "deduce", "learnBits");

    private final List<Theorem> theorems = new ArrayList<>();

    private RangeTheorems() {
        tnums();
        for (Class<?> range : List.of(Range64.class, Range32.class)) {
            ranges(range);
        }
        stages();
        narrowing();
    }

    /** All of them. */
    public static List<Theorem> all() {
        List<Theorem> all = new ArrayList<>(new RangeTheorems().theorems);
        all.addAll(ProductTheorems.all());
        all.addAll(ArithmeticTheorems.all());
        all.addAll(BranchTheorems.all());
        return all;
    }

    private void add(String name, String statement, List<Code> code, Consumer<Claimed> claim) {
        theorems.add(theorem(name, statement, code, claim));
    }

    /** A theorem of this group. */
    static Theorem theorem(String name, String statement, List<Code> code, Consumer<Claimed> claim) {
        return new Theorem("ranges/" + name, Group.RANGES, statement, code, List.of(), "",
                (Theorem.Symbolic) lifter -> {
                    Claimed claimed = new Claimed(lifter);
                    claim.accept(claimed);
                    return claimed.done();
                });
    }

    static List<Code> code(Class<?> owner, String... methods) {
        return Arrays.stream(methods).map(method -> new Code(owner, method)).toList();
    }

    private void tnums() {
        tnumOperator("add", Terms::add);
        tnumOperator("sub", Terms::sub);
        tnumOperator("and", Terms::bvAnd);
        tnumOperator("or", Terms::bvOr);
        tnumOperator("xor", Terms::bvXor);
        tnumShift("shiftLeft", Op.SHL);
        tnumShift("shiftRight", Op.LSHR);
        for (Width width : Width.values()) {
            add("tnum/shiftRightSigned" + width.bits(),
                    "the arithmetic shift of a number of the tnum, at " + width.bits() + " bits, belongs to the result",
                    code(Tnum.class, "shiftRightSigned"), c -> {
                        Value a = c.free(Tnum.class, "a");
                        Term x = member(c, "x", a);
                        Term by = distance(c, width.bits());
                        Terms t = c.terms();
                        Term low = t.extract(x, 0, width.bits());
                        Term shifted = t.binary(Op.ASHR, low, t.zeroExtend(t.extract(by, 0, 8), width.bits()));
                        c.claim("result", t.zeroExtend(shifted, 64),
                                c.call(Tnum.class, "shiftRightSigned", a, c.word(by), c.constant(width)));
                    });
        }
        for (int bytes : new int[]{1, 2, 4}) {
            add("tnum/truncate" + bytes, "the low " + bytes + " bytes of a number of the tnum belong to the result",
                    code(Tnum.class, "truncate"), c -> {
                        Value a = c.free(Tnum.class, "a");
                        Term x = member(c, "x", a);
                        Term kept = c.terms().zeroExtend(c.terms().extract(x, 0, 8 * bytes), 64);
                        c.claim("result", kept, c.call(Tnum.class, "truncate", a, c.constant(bytes)));
                    });
        }
        add("tnum/halves", "the halves of a number of the tnum belong to its low and high, and put together to withLow",
                code(Tnum.class, "withLow", "low", "high"), c -> {
                    Terms t = c.terms();
                    Value a = c.free(Tnum.class, "a");
                    Value b = c.free(Tnum.class, "b");
                    Term x = member(c, "x", a);
                    Term y = member(c, "y", b);
                    Term low = t.extract(x, 0, 32);
                    Term high = t.extract(x, 32, 32);
                    c.claim("low", t.zeroExtend(low, 64), c.call(Tnum.class, "low", a));
                    c.claim("high", t.concat(high, t.bv(32, 0)), c.call(Tnum.class, "high", a));
                    c.claim("withLow", t.concat(high, t.extract(y, 0, 32)), c.call(Tnum.class, "withLow", a, b));
                });
        add("tnum/range", "a number from min to max, unsigned, belongs to the tnum of the range",
                code(Tnum.class, "range"), c -> {
                    Term min = c.number("min", 64);
                    Term max = c.number("max", 64);
                    Term x = c.number("x", 64);
                    c.assume(c.terms().ule(min, x));
                    c.assume(c.terms().ule(x, max));
                    c.claim("result", x, c.call(Tnum.class, "range", c.word(min), c.word(max)));
                });
        add("tnum/intersect", "a number of both tnums belongs to their intersection, and they overlap",
                code(Tnum.class, "intersect", "overlap"), c -> {
                    Value a = c.free(Tnum.class, "a");
                    Value b = c.free(Tnum.class, "b");
                    Term x = member(c, "x", a);
                    c.assume(c.belongs(x, b));
                    c.claim("intersect", x, c.call(Tnum.class, "intersect", a, b));
                    c.goal("overlap", isTrue(c, c.call(Tnum.class, "overlap", a, b)));
                });
        add("tnum/contains",
                "what a tnum contains, as a number or as another tnum, belongs to it; and contains(long) is exact",
                code(Tnum.class, "contains"), c -> {
                    Value a = c.free(Tnum.class, "a");
                    Value b = c.free(Tnum.class, "b");
                    Term x = member(c, "x", b);
                    c.goal("each number of b is one of a", c.terms()
                            .implies(isTrue(c, c.callStatic(Tnum.class, "contains", a, b)), c.belongs(x, a)));
                });
        add("tnum/isAligned", "each number of an aligned tnum is a multiple of the size, a power of two",
                code(Tnum.class, "isAligned"), c -> {
                    Terms t = c.terms();
                    Value a = c.free(Tnum.class, "a");
                    Term x = member(c, "x", a);
                    Term size = c.number("size", 64);
                    Term one = t.bv(64, 1);
                    c.assume(t.not(t.eq(size, t.bv(64, 0))));
                    c.assume(t.eq(t.bvAnd(size, t.sub(size, one)), t.bv(64, 0)));
                    Term aligned = isTrue(c, c.call(Tnum.class, "isAligned", a, c.word(size)));
                    c.goal("multiple",
                            t.implies(aligned, t.eq(t.bvAnd(x, t.sub(size, one)), t.bv(64, 0))));
                });
    }

    private void tnumOperator(String name, Operator operator) {
        add("tnum/" + name, "x " + name + " y belongs to the tnum for all x and y of the operands",
                code(Tnum.class, name), c -> {
                    Value a = c.free(Tnum.class, "a");
                    Value b = c.free(Tnum.class, "b");
                    Term x = member(c, "x", a);
                    Term y = member(c, "y", b);
                    c.claim("result", operator.apply(c.terms(), x, y), c.call(Tnum.class, name, a, b));
                });
    }

    private void tnumShift(String name, Op op) {
        add("tnum/" + name, "a number of the tnum, shifted by 0 to 63, belongs to the result", code(Tnum.class, name),
                c -> {
                    Value a = c.free(Tnum.class, "a");
                    Term x = member(c, "x", a);
                    Term by = distance(c, 64);
                    c.claim("result", c.terms().binary(op, x, c.terms().zeroExtend(by, 64)),
                            c.call(Tnum.class, name, a, c.word(by)));
                });
    }

    private interface Operator {
        Term apply(Terms terms, Term a, Term b);
    }

    static Term member(Claimed c, String name, Value knowledge) {
        boolean narrow = knowledge instanceof Value.Cell cell && cell.type() == Range32.class;
        Term x = c.number(name, narrow ? 32 : 64);
        c.assume(c.belongs(x, knowledge));
        return x;
    }

    private static Term distance(Claimed c, int width) {
        Term by = c.number("by", 32);
        c.assume(c.terms().ult(by, c.terms().bv(32, width)));
        return by;
    }

    private static Term isTrue(Claimed c, Value flag) {
        return c.terms().not(c.terms().eq(c.number(flag), c.terms().bv(32, 0)));
    }

    private static String nameOf(Class<?> range) {
        return range.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private void ranges(Class<?> range) {
        String prefix = nameOf(range) + "/";
        rangeOperator(range, "add", Terms::add);
        rangeOperator(range, "sub", Terms::sub);
        add(prefix + "meet", "a number of both ranges lies in what they meet in", code(range, "meet"), c -> {
            Value a = c.free(range, "a");
            Value b = c.free(range, "b");
            Term x = member(c, "x", a);
            c.assume(c.belongs(x, b));
            c.claim("result", x, c.call(range, "meet", a, b));
        });
        add(prefix + "within", "a number of the range and of the tnum lies in the range that the tnum narrows",
                code(range, "within"), c -> {
                    Value a = c.free(range, "a");
                    Value bits = c.free(Tnum.class, "bits");
                    Term whole = member(c, "x", bits);
                    Term x = range == Range32.class ? c.terms().extract(whole, 0, 32) : whole;
                    c.assume(c.belongs(x, a));
                    c.claim("result", x, c.call(range, "within", a, bits));
                });
        add(prefix + "acrossSigns", "a number of the range stays in it where its signed and unsigned bounds teach each "
                + "other", code(range, "acrossSigns"), c -> {
                    Value a = c.free(range, "a");
                    Term x = member(c, "x", a);
                    c.claim("result", x, c.call(range, "acrossSigns", a));
                });
        add(prefix + "contains", "each number of a range that another contains lies in that one",
                code(range, "contains"), c -> {
                    Value a = c.free(range, "a");
                    Value b = c.free(range, "b");
                    Term x = member(c, "x", b);
                    c.assume(isTrue(c, c.callStatic(range, "contains", a, b)));
                    c.claim("a number of b in a", x, a);
                });
        bitwise(range, "and", Terms::bvAnd, true);
        bitwise(range, "or", Terms::bvOr, true);
        bitwise(range, "xor", Terms::bvXor, false);
        rangeShift(range, "shiftRight", Op.LSHR);
        rangeShift(range, "shiftRightSigned", Op.ASHR);
        if (range == Range32.class) {
            rangeShift(range, "shiftLeft", Op.SHL);
            add(prefix + "withinWide", "the low half of a number of 64-bit bounds lies in what they teach",
                    code(range, "withinWide"), c -> {
                        Value low = c.free(Range32.class, "low");
                        Value wide = c.free(Range64.class, "wide");
                        Term x = member(c, "x", wide);
                        c.assume(c.belongs(x, low));
                        c.claim("result", c.terms().extract(x, 0, 32), c.call(Range32.class, "withinWide", low, wide));
                    });
        } else {
            add(prefix + "shiftLeft", "a number of the bounds of both widths, shifted by 0 to 63, lies in the result",
                    code(range, "shiftLeft"), c -> {
                        Value a = c.free(Range64.class, "a");
                        Value low = c.free(Range32.class, "low");
                        Term x = member(c, "x", a);
                        c.assume(c.belongs(x, low));
                        Term by = distance(c, 64);
                        c.claim("result", c.terms().binary(Op.SHL, x, c.terms().zeroExtend(by, 64)),
                                c.call(Range64.class, "shiftLeft", a, low, c.word(by)));
                    });
        }
    }

    private void rangeOperator(Class<?> range, String name, Operator operator) {
        add(nameOf(range) + "/" + name, "x " + name + " y lies in the range for all x and y of the operands",
                code(range, name), c -> {
                    Value a = c.free(range, "a");
                    Value b = c.free(range, "b");
                    Term x = member(c, "x", a);
                    Term y = member(c, "y", b);
                    c.claim("result", operator.apply(c.terms(), x, y), c.call(range, name, a, b));
                });
    }

    private void bitwise(Class<?> range, String name, Operator operator, boolean ofOperands) {
        add(nameOf(range) + "/" + name, "x " + name + " y lies in the range, given a tnum that it belongs to",
                code(range, "bitwise", name), c -> {
                    Value a = c.free(range, "a");
                    Value b = c.free(range, "b");
                    Value bits = c.free(Tnum.class, "bits");
                    Term x = member(c, "x", a);
                    Term y = member(c, "y", b);
                    Term result = operator.apply(c.terms(), x, y);
                    Term whole = result.width() == 64
                            ? result
                            : c.terms().concat(c.number("high", 32), result);
                    c.assume(c.belongs(whole, bits));
                    c.claim("result", result,
                            ofOperands ? c.call(range, name, a, b, bits) : c.call(range, name, bits));
                });
    }

    private void rangeShift(Class<?> range, String name, Op op) {
        int width = range == Range32.class ? 32 : 64;
        int most = name.equals("shiftLeft") ? 64 : width;
        add(nameOf(range) + "/" + name,
                "a number of the range, shifted by 0 to " + (most - 1) + ", lies in the result",
                code(range, name), c -> {
                    Value a = c.free(range, "a");
                    Term x = member(c, "x", a);
                    Term by = distance(c, most);
                    c.claim("result", c.terms().binary(op, x, c.terms().zeroExtend(by, width)),
                            c.call(range, name, a, c.word(by)));
                });
    }

    private void stages() {
        for (String stage : List.of("learnBounds", "deduceWideFromLow", "learnBits")) {
            keepsAll(stage, "a number that belongs before this stage of synchronisation belongs after it", stage);
        }
        add("scalar/deduce", "a number that belongs before a round of bounds teaching bounds belongs after it",
                code(Scalar.class, "deduce"), c -> {
                    Value a = c.free(Scalar.class, "a");
                    Term x = member(c, "x", a);
                    c.assumeKeepsAll(Scalar.class, "deduceWideFromLow", x);
                    c.assumeKeepsAll(Range64.class, "acrossSigns", x);
                    c.assumeKeepsAll(Range32.class, "acrossSigns", x);
                    c.assumeKeepsAll(Range32.class, "withinWide", x);
                    c.claim("result", x, c.call(Scalar.class, "deduce", a));
                });
        add("scalar/constants",
                "each stage makes, of a constant that no bound contradicts, that constant, as sync does at once",
                List.of(new Code(Scalar.class, "constant"), new Code(Range64.class, "within"),
                        new Code(Range32.class, "within")),
                RangeTheorems::constants);
        add("scalar/sync", "a number that belongs before synchronisation belongs after it; by its stages",
                code(Scalar.class, "sync"), c -> {
                    Value a = c.free(Scalar.class, "a");
                    Term x = member(c, "x", a);
                    STAGES.forEach(stage -> c.assumeKeepsAll(Scalar.class, stage, x));
                    c.claim("result", x, c.call(Scalar.class, "sync", a));
                });
    }

    /** Why synchronisation may leave out its stages where all bits are known. */
    private static void constants(Claimed c) {
        Terms t = c.terms();
        Value a = c.free(Scalar.class, "a");
        Term value = c.component(a, "bits.value");
        c.assume(t.eq(c.component(a, "bits.mask"), t.bv(64, 0)));
        // By its own comparisons: others that mean the same are much for a solver.
        c.assume(c.asked(Range64.class, "contains", "(J)Z", c.part(a, "wide"), value));
        c.assume(c.asked(Range32.class, "contains", "(I)Z", c.part(a, "low"), t.extract(value, 0, 32)));
        Value constant = c.call(Scalar.class, "constant", c.word(value));
        c.goal("learnBounds", c.equal(c.call(Scalar.class, "learnBounds", a), constant));
        for (String stage : STAGES) {
            c.goal(stage + " of the constant", c.equal(c.call(Scalar.class, stage, constant), constant));
        }
        c.goal("sync", c.equal(c.call(Scalar.class, "sync", a), constant));
    }

    private void keepsAll(String name, String statement, String method) {
        List<Code> code = new ArrayList<>(code(Scalar.class, method, "withLowEnds"));
        if (method.equals("learnBounds")) {
            code = List.of(new Code(Range64.class, "within"), new Code(Range32.class, "within"));
        }
        add("scalar/" + name, statement, code, c -> {
            Value a = c.free(Scalar.class, "a");
            Term x = member(c, "x", a);
            c.claim("result", x, c.call(Scalar.class, method, a));
        });
    }

    private void narrowing() {
        add("scalar/zeroExtended", "the low half of a number, zero-extended, belongs to the result",
                code(Scalar.class, "zeroExtended"), c -> {
                    Value a = c.free(Scalar.class, "a");
                    Term x = member(c, "x", a);
                    c.claim("result", c.terms().zeroExtend(c.terms().extract(x, 0, 32), 64),
                            c.call(Scalar.class, "zeroExtended", a));
                });
        extension("truncated", new int[]{1, 2, 4}, (c, bits) -> c.terms().zeroExtend(bits, 64));
        extension("signExtended", new int[]{1, 2, 4}, (c, bits) -> c.terms().signExtend(bits, 64));
        for (int bytes : new int[]{1, 2}) {
            add("scalar/signExtendedLow" + bytes,
                    "the low " + bytes + " bytes of a number with their sign above them, as the low half, belong to "
                            + "bits and low of the result",
                    code(Scalar.class, "signExtendedLow"), c -> {
                        Value a = c.free(Scalar.class, "a");
                        Term x = member(c, "x", a);
                        Value result = c.call(Scalar.class, "signExtendedLow", a, c.constant(bytes));
                        Terms t = c.terms();
                        Term low = t.signExtend(t.extract(x, 0, 8 * bytes), 32);
                        Value bits = c.call(Tnum.class, "low", c.part(result, "bits"));
                        c.claim("bits", t.zeroExtend(low, 64), bits);
                        c.claim("low", low, c.part(result, "low"));
                    });
        }
        add("scalar/withinSigned32",
                "a number that is an int from min to max and belongs before the narrowing belongs after it",
                List.of(new Code(Scalar.class, "withinSigned32"), new Code(Range64.class, "withSigned"),
                        new Code(Range32.class, "withSigned")),
                c -> {
                    Terms t = c.terms();
                    Value a = c.free(Scalar.class, "a");
                    Term x = member(c, "x", a);
                    Term min = c.number("min", 32);
                    Term max = c.number("max", 32);
                    Term low = t.extract(x, 0, 32);
                    c.assume(t.eq(t.signExtend(low, 64), x));
                    c.assume(t.sle(min, low));
                    c.assume(t.sle(low, max));
                    c.assumeKeeps(Scalar.class, "sync", x);
                    c.claim("result", x, c.call(Scalar.class, "withinSigned32", a, c.word(min), c.word(max)));
                });
    }

    private void extension(String method, int[] sizes, BiFunction<Claimed, Term, Term> extend) {
        for (int bytes : sizes) {
            add("scalar/" + method + bytes,
                    "the low " + bytes + " bytes of a number, extended as " + method + " says, belong to the result",
                    code(Scalar.class, method), c -> {
                        Value a = c.free(Scalar.class, "a");
                        Term x = member(c, "x", a);
                        Term result = extend.apply(c, c.terms().extract(x, 0, 8 * bytes));
                        c.assumeKeepsAll(Scalar.class, "sync", result);
                        c.claim("result", result, c.call(Scalar.class, method, a, c.constant(bytes)));
                    });
        }
    }
}
