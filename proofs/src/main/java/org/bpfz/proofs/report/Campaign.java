package org.bpfz.proofs.report;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bpfz.proofs.mutate.MutantTable;
import org.bpfz.proofs.solver.Solver;
import org.bpfz.proofs.theorem.Prover;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Verdict;
import org.jspecify.annotations.Nullable;

/** Tries many theorems with their mutants, some at a time. */
public final class Campaign {
    /** A solver works in the thread that asks it, and the time of others is none of a theorem's. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private final Solver solver;
    private final Duration limitPerGoal;
    private final boolean withMutants;
    private final Function<Theorem, @Nullable Confirmation> second;

    /** A campaign with this solver; each goal gets so much time. */
    public Campaign(Solver solver, Duration limitPerGoal, boolean withMutants) {
        this(solver, limitPerGoal, withMutants, _ -> null);
    }

    private Campaign(Solver solver, Duration limitPerGoal, boolean withMutants,
            Function<Theorem, @Nullable Confirmation> second) {
        this.solver = solver;
        this.limitPerGoal = limitPerGoal;
        this.withMutants = withMutants;
        this.second = second;
    }

    /** The same, where another solver decides what is proved once more, each theorem in so much time. */
    public Campaign confirmedBy(Solver other, Duration limitPerTheorem) {
        return new Campaign(solver, limitPerGoal, withMutants,
                theorem -> Confirmation.of(theorem, other, limitPerTheorem));
    }

    /** One theorem, here and now. */
    public Finding run(Theorem theorem) {
        Prover prover = new Prover(solver, limitPerGoal);
        long start = CPU.getCurrentThreadCpuTime();
        Verdict verdict = prover.prove(theorem);
        double seconds = (CPU.getCurrentThreadCpuTime() - start) / 1e9;
        List<Prover.Killing> killings = new ArrayList<>();
        if (withMutants && verdict instanceof Verdict.Proved) {
            MutantTable.of(theorem).forEach(mutant -> killings.add(prover.kill(theorem, mutant)));
        }
        boolean isSolved = verdict instanceof Verdict.Proved && theorem.claim() instanceof Theorem.Symbolic;
        return new Finding(theorem, solver.name(), verdict, seconds, killings,
                isSolved ? second.apply(theorem) : null);
    }

    /**
     * Theorems on so many threads.
     *
     * @param each is given each finding in the order of the theorems, as soon as it and all before it are there
     */
    public List<Finding> run(List<Theorem> theorems, int threads, Consumer<Finding> each) {
        List<Finding> findings = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            List<Future<Finding>> futures = new ArrayList<>();
            theorems.forEach(theorem -> futures.add(workers.submit(() -> run(theorem))));
            for (Future<Finding> future : futures) {
                Finding finding = future.get();
                each.accept(finding);
                findings.add(finding);
            }
            return findings;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a theorem could not be tried", e.getCause());
        }
    }
}
