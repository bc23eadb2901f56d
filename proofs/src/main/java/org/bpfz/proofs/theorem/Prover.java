package org.bpfz.proofs.theorem;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.solver.Answer;
import org.bpfz.proofs.solver.Solver;
import org.bpfz.proofs.term.Term;

/** Tries theorems with a solver: hypotheses first (a claim about nothing proves nothing), then goal by goal. */
public final class Prover {
    private final Solver solver;
    private final Duration limitPerGoal;

    /** A prover that gives each goal so much time. */
    public Prover(Solver solver, Duration limitPerGoal) {
        this.solver = solver;
        this.limitPerGoal = limitPerGoal;
    }

    /** Proves, refutes or gives up; the lifter holds the class files that it is about, so a mutant's too. */
    public Verdict prove(Theorem theorem, JavaLifter lifter) {
        Obligation obligation = theorem.claim().state(lifter);
        Answer hypotheses = solver.solve(obligation.hypotheses(), limitPerGoal);
        if (!(hypotheses instanceof Answer.Satisfiable)) {
            return new Verdict.Unknown("hypotheses", "not known to be satisfiable: " + hypotheses);
        }
        for (Map.Entry<String, Term> goal : obligation.goals().entrySet()) {
            if (!goal.getValue().isTrue()) {
                List<Term> assertions = new ArrayList<>(obligation.hypotheses());
                assertions.add(lifter.terms().not(goal.getValue()));
                switch (solver.solve(assertions, limitPerGoal)) {
                    case Answer.Unsatisfiable() -> {
                        // This goal holds.
                    }
                    case Answer.Satisfiable(Map<String, Long> model) -> {
                        return new Verdict.Refuted(goal.getKey(), model);
                    }
                    case Answer.Unknown(String reason) -> {
                        return new Verdict.Unknown(goal.getKey(), reason);
                    }
                }
            }
        }
        return new Verdict.Proved(obligation.goals().size());
    }
}
