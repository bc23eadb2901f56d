package org.bpfz.proofs.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.report.Confirmation.Outcome;
import org.bpfz.proofs.solver.Answer;
import org.bpfz.proofs.solver.Solver;
import org.bpfz.proofs.solver.Z3;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem;
import org.junit.jupiter.api.Test;

/** What becomes of a theorem that a second solver confirms, gives up on, or refutes. */
class ConfirmationTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Says the same whatever it is asked, but of no assertions. */
    private record Stubborn(Answer answer) implements Solver {
        @Override
        public String name() {
            return "stubborn";
        }

        @Override
        public Answer solve(List<Term> assertions, Duration limit) {
            return assertions.isEmpty() ? new Answer.Satisfiable(Map.of()) : answer;
        }
    }

    private static Theorem theorem(boolean holds) {
        return new Theorem("test/difference", Group.RANGES, "what is added can be taken away", List.of(), List.of(), "",
                (Theorem.Symbolic) lifter -> {
                    Terms t = lifter.terms();
                    Term a = t.variable("a", 64);
                    Term b = t.variable("b", 64);
                    Term both = t.add(t.bvAnd(a, b), t.bvOr(a, b));
                    return new Obligation(List.of(),
                            Map.of("sum", t.eq(both, holds ? t.add(a, b) : t.add(a, t.add(b, t.bv(64, 1))))));
                });
    }

    private static Finding confirmed(boolean holds, Solver second) {
        return new Campaign(new Z3(), LIMIT, false).confirmedBy(second, LIMIT).run(theorem(holds));
    }

    private static Outcome outcome(Finding finding) {
        Confirmation confirmation = finding.confirmation();
        assertNotNull(confirmation);
        return confirmation.outcome();
    }

    @Test
    void agreementConfirms() throws IOException {
        Finding finding = confirmed(true, new Z3());
        assertEquals(Outcome.CONFIRMED, outcome(finding));
        assertTrue(finding.holds());
        StringWriter json = new StringWriter();
        JsonReport.write(List.of(finding), json);
        assertTrue(json.toString().contains("\"verdict\": \"confirmed\""), json::toString);
    }

    @Test
    void whatIsRefutedIsNotAskedAgain() {
        Finding finding = confirmed(false, new Z3());
        assertNull(finding.confirmation());
        assertFalse(finding.holds());
    }

    @Test
    void givingUpIsSaidAndNoFailure() throws IOException {
        Finding finding = confirmed(true, new Stubborn(new Answer.Unknown("tired")));
        assertEquals(Outcome.NOT_CONFIRMED, outcome(finding));
        assertTrue(finding.holds());
        StringWriter json = new StringWriter();
        JsonReport.write(List.of(finding), json);
        assertTrue(json.toString().contains("\"verdict\": \"not-confirmed\""), json::toString);
        assertTrue(json.toString().contains("sum: tired"), json::toString);
    }

    @Test
    void aTheoremHasOneAllowance() {
        Finding finding = new Campaign(new Z3(), LIMIT, false).confirmedBy(new Z3(), Duration.ZERO).run(theorem(true));
        assertEquals(Outcome.NOT_CONFIRMED, outcome(finding));
    }

    @Test
    void disagreementFails() {
        Finding finding = confirmed(true, new Stubborn(new Answer.Satisfiable(Map.of("a", 1L))));
        assertEquals(Outcome.DISAGREES, outcome(finding));
        assertFalse(finding.holds());
        assertEquals("proved", finding.word());
    }
}
