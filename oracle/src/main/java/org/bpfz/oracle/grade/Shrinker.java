package org.bpfz.oracle.grade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bpfz.oracle.check.TraceChecker;
import org.bpfz.oracle.check.Violation;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/**
 * Makes a scenario that shows a violation as short as it goes: what comes behind is cut off, then every line is left out that can be, also
 * of what happens together, and what is repeated is done once where that is enough.
 */
final class Shrinker {
    private static final int ROUNDS = 12;

    private final Runner runner;
    private final TraceChecker checker;
    private final Path folder;
    private final long until;
    private int calls;

    /** A scenario as it was run and its violation. */
    record Shrunk(Runner.Recording recording, Violation violation, Path trace) {
        Scenario scenario() {
            return recording.scenario();
        }
    }

    /** Less of a scenario: how often the steps of some lines are done still, which may be not at all. */
    private record Change(Map<Integer, Integer> times) {
        static Change dropping(List<Integer> lines) {
            Map<Integer, Integer> times = new HashMap<>();
            lines.forEach(line -> times.put(line, 0));
            return new Change(times);
        }
    }

    /**
     * For the violations of one clause.
     *
     * @param folder for traces; need not exist
     * @param until  when to be satisfied with what there is, on the clock of {@link System#nanoTime}
     */
    Shrinker(Runner runner, TraceChecker checker, Path folder, long until) {
        this.runner = runner;
        this.checker = checker;
        this.folder = folder;
        this.until = until;
    }

    /** The shortest scenario that was found; the whole one if it does not show its violation again. */
    Shrunk shrink(Shrunk whole) throws IOException, UnfitKernelException {
        int last = whole.violation.step();
        Shrunk best = whole;
        if (last > 0) {
            List<Integer> behind = whole.scenario().stepLines().stream().filter(line -> line > last).toList();
            Shrunk cut = behind.isEmpty() ? null : attempt(whole, Change.dropping(behind));
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
        List<Integer> superfluous = new ArrayList<>();
        Shrunk one = null;
        for (int line : best.scenario().stepLines()) {
            Shrunk without = attempt(best, Change.dropping(List.of(line)));
            if (without != null) {
                superfluous.add(line);
                one = without;
            } else if (best.scenario().times(line) > 1) {
                Shrunk once = attempt(best, new Change(Map.of(line, 1)));
                one = once == null ? one : once;
            }
        }
        if (superfluous.size() < 2) {
            return one;
        }
        Shrunk all = attempt(best, Change.dropping(superfluous));
        if (all != null) {
            return all;
        }
        List<Integer> half = IntStream.range(0, superfluous.size() / 2).mapToObj(superfluous::get).toList();
        return Objects.requireNonNullElse(attempt(best, Change.dropping(half)), Objects.requireNonNull(one));
    }

    /** What is left of the violation; null if nothing, or if there is no time to look. */
    private @Nullable Shrunk attempt(Shrunk best, Change change) throws IOException, UnfitKernelException {
        if (System.nanoTime() - until > 0) {
            return null;
        }
        Clause clause = best.violation.clause();
        Path place = Files.createDirectories(folder.resolve("shrink-" + calls++));
        Runner.Recording recording = runner.run(List.of(best.scenario().limited(change.times)), place).getFirst();
        Path trace = recording.trace();
        Violation violation = trace == null
                ? null
                : checker.check(trace).violations().stream().filter(one -> one.clause() == clause).findFirst()
                        .orElse(null);
        return trace == null || violation == null ? null : new Shrunk(recording, violation, trace);
    }
}
