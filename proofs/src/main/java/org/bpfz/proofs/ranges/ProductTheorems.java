package org.bpfz.proofs.ranges;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.JavaLoop;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Op;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Tnum;

/**
 * Soundness of products, which no solver decides at 64 bits in one piece.
 *
 * <p>All rests on one law, which is among the goals of each theorem: {@code x * y = (x >>> 1) * (y << 1) + (x & 1 != 0 ? y : 0)}. Where products
 * are spoken of, they are any numbers of which the law holds, so nothing is multiplied:
 *
 * <ul>
 * <li>{@code Tnum.mul} by induction over the rounds of its loop. For x and y of what is left of the factors and u of the uncertainty, the
 * product that is looked for is {@code a.value * b.value + u + x * y - value * shiftedValue}: so it is before the first round, each round keeps
 * it, there is an end to them, and then x is 0.
 * <li>products of bounds by induction over the bits of a factor: {@code p <= q} implies {@code p * c <= q * c}, which does not wrap.
 * </ul>
 */
final class ProductTheorems {
    private ProductTheorems() {
    }

    static List<Theorem> all() {
        return List.of(
                theorem("tnum/mul",
                        "x mul y belongs to the tnum for all x and y of the operands, by induction over the loop",
                        List.of(new Code(Tnum.class, "mul"), new Code(Tnum.class, "add")), ProductTheorems::tnum),
                theorem("range64/mul", "x mul y lies in the range for all x and y of the operands",
                        List.of(new Code(Range64.class, "mul"), new Code(Range64.class, "ofUnsignedUnlessNegative")),
                        lifter -> range(lifter, Range64.class, 64)),
                theorem("range32/mul", "x mul y lies in the range for all x and y of the operands",
                        List.of(new Code(Range32.class, "mul")), lifter -> range(lifter, Range32.class, 32)));
    }

    private static Theorem theorem(String name, String statement, List<Code> code, Theorem.Symbolic claim) {
        return new Theorem("ranges/" + name, Group.RANGES, statement, code, List.of(), "", claim);
    }

    /** What the lowest bit of a factor adds. */
    private static Term lowest(Terms t, Term factor, Term other) {
        Term bit = t.eq(t.extract(factor, 0, 1), t.bv(1, 1));
        return t.ite(bit, other, t.bv(other.width(), 0));
    }

    private static Term half(Terms t, Term x) {
        return t.binary(Op.LSHR, x, t.bv(x.width(), 1));
    }

    private static Term twice(Terms t, Term x) {
        return t.binary(Op.SHL, x, t.bv(x.width(), 1));
    }

    /** The law, of numbers of this width: for a factor 2 h + b, in both orders, and that every number is of that form. */
    private static void law(Terms t, Map<String, Term> goals, int width) {
        Term h = t.variable("h", width);
        Term y = t.variable("y", width);
        Term x = t.variable("x", width);
        Term even = t.binary(Op.MUL, t.add(h, h), y);
        Term odd = t.binary(Op.MUL, t.add(t.add(h, h), t.bv(width, 1)), y);
        goals.put("the law, even", t.eq(even, t.binary(Op.MUL, h, t.add(y, y))));
        goals.put("the law, even, doubled after", t.eq(even, t.add(t.binary(Op.MUL, h, y), t.binary(Op.MUL, h, y))));
        goals.put("the law, odd", t.eq(odd, t.add(even, y)));
        Term bit = t.zeroExtend(t.extract(x, 0, 1), width);
        goals.put("halves", t.eq(t.add(t.add(half(t, x), half(t, x)), bit), x));
        goals.put("doubles", t.eq(t.add(y, y), twice(t, y)));
    }

    private static Term in(Terms t, Term number, Term value, Term mask) {
        return t.eq(t.bvAnd(number, t.bvNot(mask)), value);
    }

    private static Obligation tnum(JavaLifter lifter) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Value a = lifter.free(Tnum.class, "a", heap);
        Value b = lifter.free(Tnum.class, "b", heap);
        JavaLoop loop = lifter.loop(Tnum.class, "mul", heap, a, b);
        JavaLoop.Arrival entry = loop.entry();
        Map<String, Term> goals = new LinkedHashMap<>();
        law(t, goals, 64);
        begin(lifter, goals, a, b, entry);

        Term value = t.variable("value", 64);
        Term mask = t.variable("mask", 64);
        Term shiftedValue = t.variable("shiftedValue", 64);
        Term shiftedMask = t.variable("shiftedMask", 64);
        Value uncertainty = lifter.free(Tnum.class, "uncertainty", entry.heap());
        JavaLoop.Arrival round = loop.round(Map.of("value", new Value.Word(value), "mask", new Value.Word(mask),
                "shiftedValue", new Value.Word(shiftedValue), "shiftedMask", new Value.Word(shiftedMask),
                "uncertainty", uncertainty));
        Term x = t.variable("x", 64);
        Term y = t.variable("y", 64);
        Term u = t.variable("u", 64);
        Term unknown = lifter.component(uncertainty, "mask", entry.heap());
        Term kept = t.and(t.and(in(t, x, value, mask), in(t, y, shiftedValue, shiftedMask)),
                t.and(in(t, u, lifter.component(uncertainty, "value", entry.heap()), unknown),
                        t.not(round.throwsWhen())));
        round(lifter, goals, round, t.and(kept, round.again()), List.of(x, y, u));
        goals.put("progress", t.implies(round.again(),
                t.ult(t.bvOr(word(lifter, round, "value"), word(lifter, round, "mask")), t.bvOr(value, mask))));
        // x is 0 then, and so is what is known of it: both products are gone.
        Term known = t.binary(Op.MUL, lifter.component(a, "value", heap), lifter.component(b, "value", heap));
        Term last = t.and(kept, round.done());
        goals.put("end, x", t.implies(last, t.and(t.eq(x, t.bv(64, 0)), t.eq(value, t.bv(64, 0)))));
        goals.put("end", t.implies(last, in(t, t.add(known, u),
                lifter.component(round.result(), "value", round.endHeap()),
                lifter.component(round.result(), "mask", round.endHeap()))));
        lifter.tryBy(new JavaLifter.Run(ProductRun.class, ProductRun::input));
        return new Obligation(List.of(), goals);
    }

    /** Before the first round: nothing is uncertain yet, and all of the factors is left. Constants are multiplied at once. */
    private static void begin(JavaLifter lifter, Map<String, Term> goals, Value a, Value b, JavaLoop.Arrival entry) {
        Terms t = lifter.terms();
        Heap heap = entry.heap();
        goals.put("begin", t.and(t.or(entry.again(), entry.done()), t.not(entry.throwsWhen())));
        Term again = entry.again();
        goals.put("begin, a.value", t.implies(again,
                t.eq(word(lifter, entry, "value"), lifter.component(a, "value", heap))));
        goals.put("begin, a.mask",
                t.implies(again, t.eq(word(lifter, entry, "mask"), lifter.component(a, "mask", heap))));
        goals.put("begin, b.value", t.implies(again,
                t.eq(word(lifter, entry, "shiftedValue"), lifter.component(b, "value", heap))));
        goals.put("begin, b.mask",
                t.implies(again, t.eq(word(lifter, entry, "shiftedMask"), lifter.component(b, "mask", heap))));
        Value nothing = entry.variable("uncertainty");
        goals.put("begin, u", t.implies(again, in(t, t.bv(64, 0), lifter.component(nothing, "value", heap),
                lifter.component(nothing, "mask", heap))));
        if (entry.done().isFalse()) {
            return;
        }
        Term x = t.variable("x", 64);
        Term y = t.variable("y", 64);
        Term belong = t.and(in(t, x, lifter.component(a, "value", heap), lifter.component(a, "mask", heap)),
                in(t, y, lifter.component(b, "value", heap), lifter.component(b, "mask", heap)));
        Term only = t.and(t.eq(x, lifter.component(a, "value", heap)), t.eq(y, lifter.component(b, "value", heap)));
        goals.put("constants", t.implies(t.and(entry.done(), belong), only));
        Term product = t.binary(Op.MUL, lifter.component(a, "value", heap), lifter.component(b, "value", heap));
        goals.put("constants, product", t.implies(entry.done(),
                in(t, product, lifter.component(entry.result(), "value", entry.endHeap()),
                        lifter.component(entry.result(), "mask", entry.endHeap()))));
    }

    /** One round: x and y go on as the law has it, and u takes what the lowest bits add to the one product and not to the other. */
    private static void round(JavaLifter lifter, Map<String, Term> goals, JavaLoop.Arrival round, Term before,
            List<Term> numbers) {
        Terms t = lifter.terms();
        Term x = numbers.get(0);
        Term y = numbers.get(1);
        Term value = t.variable("value", 64);
        Term shiftedValue = t.variable("shiftedValue", 64);
        Term moreOfProduct = lowest(t, x, y);
        Term moreOfKnown = lowest(t, value, shiftedValue);
        Term nextU = t.sub(t.add(numbers.get(2), moreOfProduct), moreOfKnown);
        goals.put("round, value", t.implies(before, t.eq(word(lifter, round, "value"), half(t, value))));
        goals.put("round, shiftedValue",
                t.implies(before, t.eq(word(lifter, round, "shiftedValue"), twice(t, shiftedValue))));
        goals.put("round, x", t.implies(before,
                in(t, half(t, x), word(lifter, round, "value"), word(lifter, round, "mask"))));
        goals.put("round, y", t.implies(before,
                in(t, twice(t, y), word(lifter, round, "shiftedValue"), word(lifter, round, "shiftedMask"))));
        Value uncertainty = round.variable("uncertainty");
        goals.put("round, u", t.implies(before, in(t, nextU, lifter.component(uncertainty, "value", round.heap()),
                lifter.component(uncertainty, "mask", round.heap()))));
        // The product is the same number before and after, of any products that follow the law.
        Term known = t.variable("known", 64);
        Term xy = t.variable("half x * twice y", 64);
        Term vs = t.variable("half value * twice shiftedValue", 64);
        Term was = t.sub(t.add(t.add(known, numbers.get(2)), t.add(xy, moreOfProduct)), t.add(vs, moreOfKnown));
        goals.put("round, product", t.eq(was, t.sub(t.add(t.add(known, nextU), xy), vs)));
    }

    private static Term word(JavaLifter lifter, JavaLoop.Arrival arrival, String variable) {
        return lifter.number(arrival.variable(variable));
    }

    private static Obligation range(JavaLifter lifter, Class<?> range, int width) {
        Terms t = lifter.terms();
        Map<String, Term> goals = new LinkedHashMap<>();
        law(t, goals, width);
        monotone(t, goals, width);
        Claimed c = new Claimed(lifter);
        Value a = c.free(range, "a");
        Value b = c.free(range, "b");
        Term x = c.number("x", width);
        Term y = c.number("y", width);
        c.assume(c.belongs(x, a));
        c.assume(c.belongs(y, b));
        // Both steps from the least product to the greatest, one factor at a time.
        Term least = c.component(a, "umin");
        Term most = c.component(a, "umax");
        c.assume(noMore(t, least, x, c.component(b, "umin"), width));
        c.assume(noMore(t, c.component(b, "umin"), y, x, width));
        c.assume(noMore(t, x, most, y, width));
        c.assume(noMore(t, y, c.component(b, "umax"), most, width));
        Value result = c.call(range, "mul", a, b);
        c.claim("result", t.binary(Op.MUL, x, y), result);
        Obligation claimed = c.done();
        Map<Term, Term> done = new HashMap<>();
        claimed.goals().forEach((name, goal) -> goals.put(name, t.withAnyProducts(goal, done)));
        return new Obligation(claimed.hypotheses().stream().map(term -> t.withAnyProducts(term, done)).toList(), goals);
    }

    /** What {@link #monotone} shows: of factors of half the width, p <= q implies p * c <= q * c. */
    private static Term noMore(Terms t, Term p, Term q, Term c, int width) {
        Term most = t.bv(width, (1L << (width / 2)) - 1);
        Term narrow = t.and(t.ule(q, most), t.ule(c, most));
        return t.implies(t.and(t.ule(p, q), narrow), t.ule(t.binary(Op.MUL, p, c), t.binary(Op.MUL, q, c)));
    }

    /**
     * For p <= q < 2^n and c < 2^k, p * c <= q * c <= (2^n - 1) (2^k - 1), n being half the width and k no more: of no bits of c it is 0 <= 0, and
     * with one more at the low end the products, and the limit, are what the law makes of those before.
     */
    private static void monotone(Terms t, Map<String, Term> goals, int width) {
        int bits = width / 2;
        Term a = t.variable("s", width);
        Term b = t.variable("t", width);
        Term d = t.variable("d", width);
        for (Sum sum : Sum.values()) {
            goals.put("sums, " + sum, t.implies(small(t, sum, a, b, d), t.ule(t.add(a, d), t.add(b, d))));
        }
        Term most = t.bv(width, (1L << bits) - 1);
        Term p = t.variable("p", width);
        Term q = t.variable("q", width);
        Term c = t.variable("c", width);
        Term moreBefore = lowest(t, c, p);
        Term moreAbove = lowest(t, c, q);
        Term factors = t.and(t.ule(p, q), t.ule(q, most));
        Term before = t.variable("p * half c", width);
        Term above = t.variable("q * half c", width);
        Term twiceBefore = twice(t, before);
        Term twiceAbove = twice(t, above);
        Term ordered = t.and(keepsOrder(t, Sum.WITH_FACTOR, twiceBefore, twiceAbove, moreBefore),
                keepsOrder(t, Sum.FACTORS, moreBefore, moreAbove, twiceAbove));
        // The limit grows from 0 by the same law, as often as c has bits; it is the last product of most in the end.
        Term limit = t.variable("limit", width);
        Term last = t.bv(width, ((1L << bits) - 1) * ((1L << (bits - 1)) - 1));
        Term twiceLimit = twice(t, limit);
        Term nextLimit = someSum(t, twiceLimit, most);
        Term nextAbove = someSum(t, twiceAbove, moreAbove);
        Term greatest = t.add(t.add(last, last), most);
        goals.put("monotone, end", t.eq(greatest, t.binary(Op.MUL, most, most)));
        Term limited = t.and(keepsOrder(t, Sum.WITH_FACTOR, twiceAbove, twiceLimit, moreAbove),
                keepsOrder(t, Sum.FACTORS, moreAbove, most, twiceLimit));
        Term met = t.and(t.and(factors, t.ule(limit, last)), t.and(t.ule(before, above), t.ule(above, limit)));
        Term known = t.and(met, t.and(ordered, limited));
        goals.put("monotone", t.implies(known, t.ule(someSum(t, twiceBefore, moreBefore), nextAbove)));
        goals.put("monotone, limited", t.implies(known, t.ule(nextAbove, nextLimit)));
    }

    /** Which sums are known not to wrap. */
    private enum Sum {
        /** The second one below the root of how many numbers there are, the first one as much below their end. */
        WITH_FACTOR,
        /** The same the other way round. */
        FACTORS
    }

    /** a <= b, and both sums with more don't wrap. */
    private static Term small(Terms t, Sum sum, Term a, Term b, Term more) {
        int width = a.width();
        long root = 1L << (width / 2);
        Term bounded = switch (sum) {
            case WITH_FACTOR -> t.and(t.ult(b, t.bv(width, -root)), t.ult(more, t.bv(width, root)));
            case FACTORS -> t.and(t.ult(b, t.bv(width, root)), t.ult(more, t.bv(width, -root)));
        };
        return t.and(bounded, t.ule(a, b));
    }

    /** What the sums are shown to have: a <= b implies a + more <= b + more; of any numbers in their place. */
    private static Term keepsOrder(Terms t, Sum sum, Term a, Term b, Term more) {
        return t.implies(small(t, sum, a, b, more), t.ule(someSum(t, a, more), someSum(t, b, more)));
    }

    /** Any number in the place of the sum, but the same one for the same operands; of constants the sum. */
    private static Term someSum(Terms t, Term a, Term b) {
        if (a.isConstant() && b.isConstant()) {
            return t.add(a, b);
        }
        List<String> operands = Stream.of(a, b).map(term -> term.op() + " " + term.number() + " ").sorted().toList();
        return t.variable("sum of " + operands, a.width());
    }
}
