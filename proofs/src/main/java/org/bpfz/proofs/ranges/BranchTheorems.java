package org.bpfz.proofs.ranges;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Width;
import org.bpfz.verifier.domain.Branch;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.Tnum;

/** Which way a jump goes, where that is decided, and what either way teaches of both operands. */
final class BranchTheorems {
    private BranchTheorems() {
    }

    static List<Theorem> all() {
        List<Theorem> theorems = new ArrayList<>();
        for (Width width : Width.values()) {
            for (Condition condition : Condition.values()) {
                String suffix = condition.name().toLowerCase(Locale.ROOT) + width.bits();
                theorems.add(RangeTheorems.theorem("branch/decide_" + suffix,
                        "a jump that is decided to be always or never taken, is",
                        RangeTheorems.code(Branch.class, condition == Condition.EQ || condition == Condition.NE
                                ? new String[]{"equal", "disjoint"}
                                : condition == Condition.SET
                                        ? new String[]{"commonBits"}
                                        : new String[]{"decide", "boundsAt"}),
                        c -> decide(c, width, condition)));
                for (boolean taken : new boolean[]{true, false}) {
                    theorems.add(RangeTheorems.theorem("branch/refine_" + suffix + (taken ? "" : "_not"),
                            "numbers that belong, and for which the jump is " + (taken ? "" : "not ")
                                    + "taken, belong to what it teaches",
                            refineCode(width, condition, taken), c -> refine(c, width, condition, taken)));
                }
            }
        }
        return theorems;
    }

    private static List<Code> refineCode(Width width, Condition condition, boolean taken) {
        String bits = String.valueOf(width.bits());
        return switch (condition) {
            case EQ -> taken ? equalCode(bits) : RangeTheorems.code(Branch.class, "notEqual");
            case NE -> taken ? RangeTheorems.code(Branch.class, "notEqual") : equalCode(bits);
            case SET -> RangeTheorems.code(Branch.class, taken ? "commonBit" : "noCommonBit");
            case GT, GE, LT, LE -> RangeTheorems.code(Branch.class, "lessOrEqual" + bits);
            case SGT, SGE, SLT, SLE -> RangeTheorems.code(Branch.class, "signedLessOrEqual" + bits);
        };
    }

    private static List<Code> equalCode(String bits) {
        return List.of(new Code(Branch.class, "equal" + bits), new Code(Tnum.class, "intersect"),
                new Code(Range64.class, "meet"), new Code(Range32.class, "meet"));
    }

    private static void decide(Claimed c, Width width, Condition condition) {
        Terms t = c.terms();
        Value a = c.free(Scalar.class, "a");
        Value b = c.free(Scalar.class, "b");
        Term jumps = c.semantics().jumps(width, condition, RangeTheorems.member(c, "x", a),
                RangeTheorems.member(c, "y", b));
        Term decision = c.number(c.call(Branch.class, "decide", c.constant(width), c.constant(condition), a, b));
        Term always = t.eq(decision, t.bv(32, Branch.Decision.ALWAYS.ordinal()));
        Term never = t.eq(decision, t.bv(32, Branch.Decision.NEVER.ordinal()));
        c.goal("ALWAYS", t.implies(always, jumps));
        c.goal("NEVER", t.implies(never, t.not(jumps)));
    }

    private static void refine(Claimed c, Width width, Condition condition, boolean taken) {
        Value a = c.free(Scalar.class, "a");
        Value b = c.free(Scalar.class, "b");
        Term x = RangeTheorems.member(c, "x", a);
        Term y = RangeTheorems.member(c, "y", b);
        Term jumps = c.semantics().jumps(width, condition, x, y);
        c.assume(taken ? jumps : c.terms().not(jumps));
        c.assumeKeeps(Scalar.class, "sync", x, y);
        Value refined = c.call(Branch.class, "refine", c.constant(width), c.constant(condition), c.constant(taken), a,
                b);
        c.claim("left", x, c.part(refined, "left"));
        c.claim("right", y, c.part(refined, "right"));
    }
}
