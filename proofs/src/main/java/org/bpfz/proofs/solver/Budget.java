package org.bpfz.proofs.solver;

import java.time.Duration;
import java.util.List;
import org.bpfz.proofs.term.Term;

/** A solver whose questions share one allowance of time, from when this is made; a question that comes too late is not put. */
public final class Budget implements Solver {
    private final Solver solver;
    private final long end;

    /** For this solver, so much from now on. */
    public Budget(Solver solver, Duration allowance) {
        this.solver = solver;
        end = System.nanoTime() + allowance.toNanos();
    }

    @Override
    public String name() {
        return solver.name();
    }

    @Override
    public Answer solve(List<Term> assertions, Duration limit) {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        return left.toMillis() <= 0
                ? new Answer.Unknown("no time is left")
                : solver.solve(assertions, left.compareTo(limit) < 0 ? left : limit);
    }
}
