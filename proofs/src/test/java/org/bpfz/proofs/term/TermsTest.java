package org.bpfz.proofs.term;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bpfz.proofs.solver.Answer;
import org.bpfz.proofs.solver.Z3;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is folded and evaluated here is what a solver makes of the same operations. */
class TermsTest {
    private static final int CASES = 60;

    private final SplittableRandom random = new SplittableRandom(6);

    private long number() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(-2, 3);
            case 1 -> 1L << random.nextInt(64);
            case 2 -> random.nextInt(70);
            default -> random.nextLong();
        };
    }

    @ParameterizedTest
    @EnumSource(value = Op.class, names = {"ADD", "SUB", "MUL", "UDIV", "UREM", "SDIV", "SREM", "BVAND", "BVOR",
        "BVXOR",
        "SHL", "LSHR", "ASHR"})
    void operationsAreThoseOfTheSolver(Op op) {
        for (int width : new int[]{8, 32, 64}) {
            Terms t = new Terms();
            List<Term> assertions = new ArrayList<>();
            Term all = t.bool(true);
            for (int i = 0; i < CASES; i++) {
                Term a = t.variable("a" + i, width);
                Term b = t.variable("b" + i, width);
                Term x = t.bv(width, number());
                Term y = t.bv(width, number());
                assertions.add(t.eq(a, x));
                assertions.add(t.eq(b, y));
                all = t.and(all, t.eq(t.binary(op, a, b), t.binary(op, x, y)));
                Map<String, Long> values = Map.of("a" + i, x.value(), "b" + i, y.value());
                assertEquals(t.binary(op, x, y).value(), new Evaluator(values).valueOf(t.binary(op, a, b)));
                assertEquals(t.binary(op, x, y).value(),
                        new Compiled(t.binary(op, a, b), List.of(a, b)).apply(x.value(), y.value()));
            }
            assertions.add(t.not(all));
            assertInstanceOf(Answer.Unsatisfiable.class, new Z3().solve(assertions, Duration.ofMinutes(1)),
                    () -> op + "");
        }
    }

    /** Comparisons, choices and changes of width, with the laws by which they fold where something is known. */
    @org.junit.jupiter.api.Test
    void theRestIsToo() {
        Terms t = new Terms();
        List<Term> assertions = new ArrayList<>();
        Term all = t.bool(true);
        for (int i = 0; i < CASES; i++) {
            Term a = t.variable("a" + i, 32);
            Term b = t.variable("b" + i, 32);
            Term x = t.bv(32, number());
            Term y = random.nextInt(4) == 0 ? x : t.bv(32, number());
            assertions.add(t.eq(a, x));
            assertions.add(t.eq(b, y));
            all = t.and(all, t.eq(t.ult(a, b), t.ult(x, y)));
            all = t.and(all, t.eq(t.slt(a, b), t.slt(x, y)));
            all = t.and(all, t.eq(t.eq(a, b), t.eq(x, y)));
            Term choice = t.ite(t.slt(a, b), t.bv(32, -1), t.ite(t.eq(a, b), t.bv(32, 0), t.bv(32, 1)));
            Term known = t.ite(t.slt(x, y), t.bv(32, -1), t.ite(t.eq(x, y), t.bv(32, 0), t.bv(32, 1)));
            all = t.and(all, t.eq(t.slt(choice, t.bv(32, 0)), t.slt(known, t.bv(32, 0))));
            all = t.and(all, t.eq(t.signExtend(a, 64), t.signExtend(x, 64)));
            all = t.and(all, t.eq(t.zeroExtend(a, 64), t.zeroExtend(x, 64)));
            int low = random.nextInt(24);
            all = t.and(all, t.eq(t.extract(t.concat(a, b), low + 8, 8), t.extract(t.concat(x, y), low + 8, 8)));
            all = t.and(all, t.eq(t.extract(t.signExtend(a, 64), low, 8), t.extract(t.signExtend(x, 64), low, 8)));
            Term shifted = t.binary(Op.ASHR, a, t.bv(32, 3));
            all = t.and(all, t.eq(t.extract(shifted, low, 4), t.extract(t.binary(Op.ASHR, x, t.bv(32, 3)), low, 4)));
        }
        assertions.add(t.not(all));
        assertInstanceOf(Answer.Unsatisfiable.class, new Z3().solve(assertions, Duration.ofMinutes(1)));
    }
}
