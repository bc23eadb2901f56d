package org.bpfz.oracle.grade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.bpfz.oracle.check.TraceChecker;
import org.bpfz.oracle.check.Violation;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.scenario.Step;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/**
 * Makes a scenario that shows a violation as short as it goes: what comes behind is cut off, then every step is left out that can be. All
 * steps of a round are tried in one call of the runner, which for a real kernel may be one boot.
 */
final class Shrinker {
    private static final int ROUNDS = 12;

    private final Runner runner;
    private final TraceChecker checker;
    private final Path folder;
    private int calls;

    /** A scenario and its violation. */
    record Shrunk(Scenario scenario, Violation violation, Path trace) {}

    Shrinker(Runner runner, TraceChecker checker, Path folder) {
        this.runner = runner;
        this.checker = checker;
        this.folder = folder;
    }

    /** The shortest scenario that was found; the whole one if it does not show its violation again. */
    Shrunk shrink(Scenario whole, Violation violation, Path trace) throws IOException, UnfitKernelException {
        Shrunk best = new Shrunk(whole, violation, trace);
        if (violation.step() > 0) {
            List<Step> until = whole.steps().stream().filter(step -> step.line() <= violation.step()).toList();
            Shrunk cut = attempts(violation.clause(), List.of(whole.withSteps(until))).getFirst();
            best = cut == null ? best : cut;
        }
        for (int round = 0; round < ROUNDS; round++) {
            Shrunk shorter = round(best);
            if (shorter == null) {
                return best;
            }
            best = shorter;
        }
        return best;
    }

    private @Nullable Shrunk round(Shrunk best) throws IOException, UnfitKernelException {
        List<Step> steps = best.scenario.steps();
        List<Scenario> variants = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            List<Step> rest = new ArrayList<>(steps);
            rest.remove(i);
            variants.add(best.scenario.withSteps(rest));
        }
        List<@Nullable Shrunk> tried = attempts(best.violation.clause(), variants);
        BitSet superfluous = new BitSet();
        Shrunk one = null;
        for (int i = 0; i < tried.size(); i++) {
            if (tried.get(i) != null) {
                superfluous.set(i);
                one = tried.get(i);
            }
        }
        if (superfluous.cardinality() < 2) {
            return one;
        }
        List<Step> needed = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            if (!superfluous.get(i)) {
                needed.add(steps.get(i));
            }
        }
        List<Step> half = new ArrayList<>();
        int dropped = 0;
        for (int i = 0; i < steps.size(); i++) {
            if (superfluous.get(i) && dropped < superfluous.cardinality() / 2) {
                dropped++;
            } else {
                half.add(steps.get(i));
            }
        }
        List<@Nullable Shrunk> bolder = attempts(best.violation.clause(),
                List.of(best.scenario.withSteps(needed), best.scenario.withSteps(half)));
        return Optional.ofNullable(bolder.get(0)).or(() -> Optional.ofNullable(bolder.get(1))).orElse(one);
    }

    /** For each scenario what it shows of the clause; null if nothing. */
    private List<@Nullable Shrunk> attempts(Clause clause, List<Scenario> scenarios)
            throws IOException, UnfitKernelException {
        Path round = Files.createDirectories(folder.resolve("shrink-" + calls++));
        List<@Nullable Shrunk> found = new ArrayList<>();
        for (Runner.Recording recording : runner.run(scenarios, round)) {
            Path trace = recording.trace();
            Violation violation = trace == null
                    ? null
                    : checker.check(trace).violations().stream().filter(one -> one.clause() == clause).findFirst()
                            .orElse(null);
            found.add(trace == null || violation == null ? null : new Shrunk(recording.scenario(), violation, trace));
        }
        return found;
    }
}
