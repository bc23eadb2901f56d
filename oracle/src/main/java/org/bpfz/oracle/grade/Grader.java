package org.bpfz.oracle.grade;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bpfz.oracle.check.Answers;
import org.bpfz.oracle.check.TraceChecker;
import org.bpfz.oracle.check.TraceVerdict;
import org.bpfz.oracle.check.Violation;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.scenario.ScenarioText;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.program.Clause;

/** Grades a kernel: runs scenarios on it, checks the traces, and adds them up to one row a clause. */
public final class Grader {
    /** A grading is to be done in three minutes, and a kernel with many mistakes has many scenarios to shrink. */
    private static final Duration SHRINKING = Duration.ofSeconds(75);

    private final Engine engine;
    private final Answers accepted;
    private final Rubric rubric;
    private final boolean shrinks;
    private final Consumer<String> progress;

    /**
     * A grader.
     *
     * @param engine   runs programs when traces are checked
     * @param accepted the readings that are accepted
     * @param shrinks  whether to look for the smallest scenario of each violation
     * @param progress hears what is being done
     */
    public Grader(Engine engine, Answers accepted, Rubric rubric, boolean shrinks, Consumer<String> progress) {
        this.engine = engine;
        this.accepted = accepted;
        this.rubric = rubric;
        this.shrinks = shrinks;
        this.progress = progress;
    }

    /** One scenario that shows a violation of a clause. */
    private record Evidence(Runner.Recording recording, Violation violation, Path trace) {
        Scenario scenario() {
            return recording.scenario();
        }
    }

    /**
     * Grades.
     *
     * @param folder for traces; exists
     */
    public GradeReport grade(Runner runner, List<Scenario> scenarios, Path folder) throws IOException {
        long start = System.nanoTime();
        try {
            return graded(runner, scenarios, folder, start);
        } catch (UnfitKernelException e) {
            return GradeReport.unfit(runner.kernel(), e, since(start));
        }
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private GradeReport graded(Runner runner, List<Scenario> scenarios, Path folder, long start)
            throws IOException, UnfitKernelException {
        progress.accept(runner.kernel() + ": running " + scenarios.size() + " scenarios");
        TraceChecker checker = new TraceChecker(engine, accepted);
        SeenReadings readings = new SeenReadings(accepted);
        Map<Clause, List<Evidence>> violated = new EnumMap<>(Clause.class);
        Set<Clause> reached = EnumSet.noneOf(Clause.class);
        List<String> undecided = new ArrayList<>();
        List<GradeReport.Accident> troubles = new ArrayList<>();
        long events = 0;
        for (Runner.Recording recording : runner.run(scenarios, folder)) {
            Path trace = recording.trace();
            Scenario scenario = recording.scenario();
            if (trace == null) {
                undecided.add(scenario.name() + ": " + recording.problem());
                continue;
            }
            Runner.Trouble trouble = recording.trouble();
            if (trouble != null) {
                troubles.add(new GradeReport.Accident(scenario.name(), trouble));
            }
            progress.accept(runner.kernel() + ": checking " + scenario.name());
            TraceVerdict verdict = checker.check(trace);
            events += verdict.events();
            reached.addAll(verdict.reached());
            if (verdict.undecided() != null) {
                undecided.add(scenario.name() + ": " + verdict.undecided());
            }
            for (Violation violation : verdict.violations()) {
                violated.computeIfAbsent(violation.clause(), _ -> new ArrayList<>())
                        .add(new Evidence(recording, violation, trace));
            }
            Clause other = verdict.conforms() ? readings.add(verdict) : null;
            if (other != null) {
                violated.computeIfAbsent(other, _ -> new ArrayList<>())
                        .add(new Evidence(recording, otherReading(other, readings, verdict), trace));
            }
        }
        List<ClauseRow> rows = new ArrayList<>();
        long until = System.nanoTime() + SHRINKING.toNanos();
        for (Clause clause : Clause.values()) {
            rows.add(row(clause, violated.getOrDefault(clause, List.of()), reached, readings,
                    new Shrinker(runner, checker, folder.resolve(clause.id()), until)));
        }
        return new GradeReport(runner.kernel(), null, "", rows, scenarios.size(), events, undecided, troubles,
                since(start));
    }

    /** A submission that reads a clause one way here and another way there. */
    private static Violation otherReading(Clause clause, SeenReadings readings, TraceVerdict verdict) {
        SeenReadings alone = new SeenReadings(Answers.all());
        alone.add(verdict);
        return new Violation(clause, 0, 0, "here the clause is read as " + alone.of(clause),
                List.of(readings.of(clause) + ", as in the scenarios before: a submission holds to one reading"));
    }

    private ClauseRow row(Clause clause, List<Evidence> evidence, Set<Clause> reached, SeenReadings readings,
            Shrinker shrinker) throws IOException, UnfitKernelException {
        ClauseRow.Verdict verdict = !evidence.isEmpty()
                ? ClauseRow.Verdict.VIOLATED
                : reached.contains(clause) ? ClauseRow.Verdict.HELD : ClauseRow.Verdict.NOT_REACHED;
        long scenarios = evidence.stream().map(Evidence::scenario).distinct().count();
        return new ClauseRow(clause, verdict, readings.of(clause),
                evidence.isEmpty() ? null : finding(evidence, shrinker),
                (int) Math.max(scenarios - 1, 0), rubric.given(clause, verdict), rubric.possible(clause));
    }

    /** The scenario with the fewest steps, shrunk. */
    private ClauseRow.Finding finding(List<Evidence> evidence, Shrinker shrinker)
            throws IOException, UnfitKernelException {
        Evidence smallest = evidence.getFirst();
        for (Evidence each : evidence) {
            boolean better = each.violation.step() > 0
                    && (smallest.violation.step() == 0
                            || each.scenario().length() < smallest.scenario().length());
            smallest = better ? each : smallest;
        }
        Shrinker.Shrunk shrunk = new Shrinker.Shrunk(smallest.recording, smallest.violation, smallest.trace);
        if (shrinks && smallest.violation.line() > 0) {
            progress.accept("shrinking " + smallest.scenario().name() + " for " + smallest.violation.clause().id());
            shrunk = shrinker.shrink(shrunk);
        }
        return new ClauseRow.Finding(smallest.scenario(), ScenarioText.of(shrunk.scenario()),
                shrunk.scenario().length(), shrunk.violation(), Reproducer.of(shrunk.trace(), shrunk.violation()),
                shrunk.recording().console());
    }
}
