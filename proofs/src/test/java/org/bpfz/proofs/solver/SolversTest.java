package org.bpfz.proofs.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bpfz.proofs.term.Evaluator;
import org.bpfz.proofs.term.Op;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Both solvers answer alike, give models that are some, and stop when they are told to. */
class SolversTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Terms t = new Terms();
    private final Term a = t.variable("a.left #1", 64);
    private final Term b = t.variable("b", 64);

    private static Solver bitwuzla() {
        return Bitwuzla.find().orElseGet(() -> abort("Bitwuzla is not compared with Z3: " + Bitwuzla.missing()));
    }

    static Stream<Solver> solvers() {
        return Stream.of(new Z3(), bitwuzla());
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void aStatementThatHoldsHasNoCounterexample(Solver solver) {
        // What two numbers have in common and what either has are, added, the two numbers added.
        Term law = t.eq(t.add(t.bvAnd(a, b), t.bvOr(a, b)), t.add(a, b));
        assertInstanceOf(Answer.Unsatisfiable.class, solver.solve(List.of(t.not(law)), LIMIT));
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void aStatementThatFailsHasOne(Solver solver) {
        Term flag = t.variable("flag", 0);
        Term failing = t.or(t.not(t.eq(t.binary(Op.UDIV, a, b), t.bv(64, 1L << 63))), t.not(flag));
        Answer.Satisfiable answer = assertInstanceOf(Answer.Satisfiable.class,
                solver.solve(List.of(t.not(failing), t.ult(t.bv(64, 0), b)), LIMIT));
        Map<String, Long> model = answer.model();
        assertEquals(0, new Evaluator(model).valueOf(failing), () -> solver.name() + ": " + model);
        assertEquals(1L, model.get("flag"));
    }

    /** The same operation written down for both: where they take it differently, they differ for some operands. */
    @ParameterizedTest
    @EnumSource(value = Op.class, names = {"ADD", "SUB", "MUL", "UDIV", "UREM", "SDIV", "SREM", "BVAND", "BVOR",
        "BVXOR", "SHL", "LSHR", "ASHR"})
    void operationsMeanTheSame(Op op) {
        for (long x : new long[]{0, 1, 5, 0x7f, 0x80, 0xff}) {
            for (long y : new long[]{0, 1, 7, 8, 0x80, 0xff}) {
                long result = t.binary(op, t.bv(8, x), t.bv(8, y)).value();
                Term p = t.variable("p", 8);
                Term q = t.variable("q", 8);
                List<Term> differs = List.of(t.eq(p, t.bv(8, x)), t.eq(q, t.bv(8, y)),
                        t.not(t.eq(t.binary(op, p, q), t.bv(8, result))));
                assertInstanceOf(Answer.Unsatisfiable.class, bitwuzla().solve(differs, LIMIT),
                        () -> op + " of " + x + " and " + y);
            }
        }
    }

    @Test
    void changesOfWidthMeanTheSame() {
        Term narrow = t.extract(a, 8, 16);
        Term back = t.bvAnd(t.binary(Op.LSHR, a, t.bv(64, 8)), t.bv(64, 0xffff));
        Term signed = t.binary(Op.ASHR, t.binary(Op.SHL, a, t.bv(64, 40)), t.bv(64, 48));
        Term pair = t.concat(t.extract(a, 32, 32), t.extract(a, 0, 32));
        Term all = t.and(t.and(t.eq(t.zeroExtend(narrow, 64), back), t.eq(t.signExtend(narrow, 64), signed)),
                t.and(t.eq(pair, a), t.eq(t.slt(a, b), t.not(t.sle(b, a)))));
        assertInstanceOf(Answer.Unsatisfiable.class, bitwuzla().solve(List.of(t.not(all)), LIMIT));
    }

    /** Factors of the prime 2^63 - 25: that there are none is more than a minute's work for either, and there is nothing to find by luck. */
    private List<Term> hard() {
        Term x = t.zeroExtend(t.variable("x", 32), 64);
        Term y = t.zeroExtend(t.variable("y", 32), 64);
        Term one = t.bv(64, 1);
        return List.of(t.eq(t.binary(Op.MUL, x, y), t.bv(64, 9_223_372_036_854_775_783L)),
                t.ult(one, x),
                t.ult(one, y));
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void whatTakesTooLongIsUnknown(Solver solver) {
        long start = System.nanoTime();
        assertInstanceOf(Answer.Unknown.class, solver.solve(hard(), Duration.ofMillis(50)));
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(20).toNanos(), "the limit is not kept");
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void noTimeIsNoAnswer(Solver solver) {
        Budget spent = new Budget(solver, Duration.ZERO);
        assertEquals(solver.name(), spent.name());
        assertInstanceOf(Answer.Unknown.class, spent.solve(List.of(t.eq(a, b)), LIMIT));
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void questionsShareABudget(Solver solver) {
        Budget budget = new Budget(solver, Duration.ofMillis(100));
        long start = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            assertInstanceOf(Answer.Unknown.class, budget.solve(hard(), LIMIT));
        }
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(20).toNanos(), "the limit is not kept");
    }
}
