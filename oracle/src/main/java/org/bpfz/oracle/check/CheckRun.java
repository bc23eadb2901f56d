package org.bpfz.oracle.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.check.Explainer.Explained;
import org.bpfz.oracle.trace.TraceEvent;
import org.bpfz.oracle.trace.TraceHeader;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.MapCreationException;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.program.Clause;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/** The checking of one trace: the candidates that explain it so far, and what has been found. */
final class CheckRun {
    /** More explanations at a time than this are not followed; then nothing is called a violation. */
    private static final int MAX_CANDIDATES = 3_000;
    /** Candidates that did not part at an event rarely come together at it. */
    private static final int MERGE_EVERY = 32;
    private static final int MAX_GROUP = 4_000;

    private final Path trace;
    private final TraceHeader header;
    private final Programs programs;
    private final Explainer explainer;
    private final MapSteps maps;
    private final Blame blame;
    private final List<Violation> violations = new ArrayList<>();
    private final Set<Clause> reached = EnumSet.noneOf(Clause.class);
    private final Set<Class<? extends Variant>> asked = new HashSet<>();
    /** Events whose places in the order have a gap before them: something overlaps them that has not been read yet. */
    private final List<TraceEvent> group = new ArrayList<>();
    private final Set<String> waiting = new HashSet<>();
    private int unmerged;
    private long taken;
    private long highest;
    private List<Candidate> candidates;
    private @Nullable String undecided;
    /** Whether a program is missing that the scenario is about. */
    private boolean setUpFailed;
    /** Whether the scenario was not followed to its end. */
    private boolean cutShort;

    CheckRun(Path trace, TraceHeader header, Engine engine, Answers allowed,
            Map<ProgramImage, Map<List<Variant>, Optional<Errno>>> refusals) {
        this.trace = trace;
        this.header = header;
        programs = new Programs(engine);
        explainer = new Explainer(programs, refusals);
        maps = new MapSteps(programs);
        blame = new Blame(header);
        candidates = List.of(Candidate.boot(allowed));
    }

    /** Looks at the next event. */
    void accept(TraceEvent event) {
        if (event instanceof TraceEvent.Kernel kernel) {
            complaint(kernel);
        }
        if (undecided != null) {
            return;
        }
        programs.next();
        count(event);
        switch (event) {
            case TraceEvent.Timed _,TraceEvent.Waits _ -> {
                group.add(event);
                if (taken == highest) {
                    perform();
                } else if (group.size() > MAX_GROUP) {
                    giveUp("more than " + MAX_GROUP + " calls overlap");
                }
            }
            default -> setUp(event);
        }
    }

    /** Notes the places in the order that an event takes. */
    private void count(TraceEvent event) {
        switch (event) {
            case TraceEvent.Called e -> {
                taken += waiting.remove(e.task()) ? 1 : 2;
                highest = Math.max(highest, e.exit());
            }
            case TraceEvent.Waits e -> {
                waiting.add(e.task());
                taken++;
                highest = Math.max(highest, e.enter());
            }
            case TraceEvent.Timed e when e.exit() != 0 -> {
                taken += 2;
                highest = Math.max(highest, e.exit());
            }
            default -> {
                // Takes none.
            }
        }
    }

    private void setUp(TraceEvent event) {
        switch (event) {
            case TraceEvent.MapMade e -> {
                try {
                    programs.create(e.spec());
                } catch (MapCreationException refused) {
                    throw new InputException(trace, e.line(), String.valueOf(refused.getMessage()));
                }
                everywhere(candidate -> candidate.with(programs.grown(candidate.maps())));
            }
            case TraceEvent.Load e -> single(e);
            case TraceEvent.MapUpdate e -> mapStep(e.line(), e.step(), maps.update(candidates, e), maps.show(e), true);
            case TraceEvent.MapRead e -> mapStep(e.line(), e.step(), maps.read(candidates, e), maps.show(e), false);
            default -> {
                try {
                    everywhere(candidate -> candidate.with(SetUp.apply(candidate.state(), event)));
                } catch (IllegalArgumentException e) {
                    throw new InputException(trace, event.line(), String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private void everywhere(UnaryOperator<Candidate> change) {
        candidates = candidates.stream().map(change).toList();
    }

    private void mapStep(int line, int step, MapSteps.Result result, String shown, boolean update) {
        if (result.right()) {
            candidates = result.candidates();
            if (!update) {
                blame.clearMaps();
            }
            return;
        }
        violations.add(new Violation(blame.ofMap(), line, step, shown, result.allowed()));
        candidates = result.candidates();
    }

    /** What is in the group has happened, and nothing that overlaps it is missing. */
    private void perform() {
        List<TraceEvent> events = List.copyOf(group);
        group.clear();
        for (TraceEvent event : events) {
            if (event instanceof TraceEvent.Called called && candidates.stream()
                    .noneMatch(candidate -> candidate.state().tasks().containsKey(called.call().task()))) {
                if (violations.isEmpty()) {
                    throw new InputException(trace, event.line(), "there is no task " + called.call().task());
                }
                giveUp("task " + called.task() + " came of something that is not allowed");
                return;
            }
        }
        if (events.size() == 1) {
            single(events.getFirst());
            return;
        }
        Integer common = Interleaving.common(candidates.getFirst().state(), events);
        Interleaving.Found found = new Interleaving(explainer).search(candidates, events);
        if (found.exhausted()) {
            giveUp("too many orders of " + events.size() + " calls that overlap");
        } else if (found.finals().isEmpty()) {
            noOrder(events, found, common);
        } else {
            asked.addAll(found.asked());
            reached.addAll(found.clauses());
            EnumSet<Clause> clauses = EnumSet.of(Clause.SYS_5);
            clauses.addAll(found.clauses());
            if (clauses.contains(Clause.HOOK_4) || clauses.contains(Clause.SYS_1)) {
                reached.add(Clause.SYS_5);
            }
            blame.note(common, clauses);
            settle(found.finals());
        }
    }

    /** No order of overlapping calls is allowed: that is told, and they are taken one by one in the order of their exits. */
    private void noOrder(List<TraceEvent> events, Interleaving.Found found, @Nullable Integer common) {
        EnumSet<Clause> clauses = EnumSet.of(Clause.SYS_5);
        clauses.addAll(found.clauses());
        TraceEvent.Timed stuck = found.stuck().isEmpty() ? null : found.stuck().getFirst();
        TraceEvent shown = stuck == null ? events.getLast() : stuck;
        violations.add(new Violation(blame.of(common, clauses), shown.line(), shown.step(), EventText.of(shown),
                List.of("what some order of the " + events.size() + " overlapping calls explains")));
        blame.note(common, clauses);
        int before = violations.size();
        for (TraceEvent event : events) {
            if (undecided == null) {
                single(event);
            }
        }
        violations.subList(before, violations.size()).clear();
    }

    private void single(TraceEvent event) {
        List<Explained> all = new ArrayList<>();
        List<Explainer.Result> results = new ArrayList<>();
        for (Candidate candidate : candidates) {
            Explainer.Result result = explainer.explain(candidate, event);
            if (result.tooMany) {
                giveUp("too many readings at once");
                return;
            }
            results.add(result);
            all.addAll(result.explained);
        }
        if (all.isEmpty()) {
            unexplained(event, results);
            return;
        }
        List<Explained> merged = all;
        boolean split = all.size() > candidates.size();
        if (candidates.size() > 1 && (split || ++unmerged >= MERGE_EVERY)) {
            unmerged = 0;
            merged = new ArrayList<>();
            Explainer.merge(all, merged);
        }
        Set<Clause> clauses = EnumSet.noneOf(Clause.class);
        merged.forEach(each -> {
            clauses.addAll(each.clauses());
            asked.addAll(each.asked());
        });
        reached.addAll(clauses);
        note(event, clauses, merged.getFirst().next());
        settle(merged.stream().map(Explained::next).toList());
    }

    private void note(TraceEvent event, Set<Clause> clauses, Candidate next) {
        if (!(event instanceof TraceEvent.Called called)) {
            return;
        }
        Integer inode = Touched.opens(called.call())
                ? Touched.inode(next.state(), called.call().task(), (int) called.seen().result())
                : Touched.inode(candidates.getFirst().state(), called.call());
        if (called.call() instanceof Call.GetCompressionStats && !called.seen().isError()) {
            blame.clear(inode);
        } else {
            blame.note(inode, clauses);
        }
    }

    private void settle(List<Candidate> next) {
        if (next.size() > MAX_CANDIDATES) {
            giveUp("more than " + MAX_CANDIDATES + " explanations at a time");
            return;
        }
        boolean someWait = next.stream().anyMatch(candidate -> !candidate.waiting().isEmpty());
        candidates = someWait ? next.stream().map(explainer::progress).toList() : next;
    }

    private void unexplained(TraceEvent event, List<Explainer.Result> results) {
        if (results.stream().allMatch(result -> !result.allowed.isEmpty()
                && result.allowed.stream().allMatch(allowed -> allowed.outcome() == null))) {
            giveUp("a program ran of which it can not be said what it does");
            return;
        }
        Integer file = event instanceof TraceEvent.Called called
                ? Touched.file(candidates.getFirst().state(), called.call())
                : null;
        boolean doubtful = file != null && candidates.stream().allMatch(each -> each.doubtful().contains(file));
        if (!doubtful) {
            Set<Clause> clauses = EnumSet.noneOf(Clause.class);
            results.forEach(result -> clauses.addAll(result.clauses));
            Integer inode = event instanceof TraceEvent.Called called
                    ? Touched.inode(candidates.getFirst().state(), called.call())
                    : null;
            Clause clause = switch (event) {
                case TraceEvent.Load load -> blame.ofLoading(clauses, load.result() < 0);
                case TraceEvent.Attach attach -> blame.ofAttaching(clauses, attach.result() < 0);
                default -> blame.of(inode, clauses);
            };
            setUpFailed |= (event instanceof TraceEvent.Load load && load.result() < 0)
                    || (event instanceof TraceEvent.Attach attach && attach.result() < 0);
            violations.add(new Violation(clause, event.line(), event.step(), EventText.of(event),
                    EventText.allowed(event, results)));
        }
        goOn(event, results);
    }

    private void goOn(TraceEvent event, List<Explainer.Result> results) {
        List<Explained> next = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            Outcome strict = results.get(i).allowed.stream().map(Explainer.Allowed::outcome)
                    .filter(outcome -> outcome != null).findFirst().orElse(null);
            Candidate after = switch (event) {
                case TraceEvent.Called called ->
                    strict == null ? null : Resync.after(candidate, called, strict);
                case TraceEvent.Load load -> explainer.forced(candidate, load);
                default -> candidate;
            };
            if (after != null) {
                next.add(new Explained(after, Set.of(), Set.of()));
            }
        }
        if (next.isEmpty()) {
            giveUp("what was seen in line " + event.line() + " does not say what the machine is like then");
            return;
        }
        List<Explained> merged = new ArrayList<>();
        Explainer.merge(next, merged);
        settle(merged.stream().map(Explained::next).toList());
    }

    private void complaint(TraceEvent.Kernel kernel) {
        cutShort |= switch (kernel.trouble()) {
            case MESSAGE, PANIC, HANG -> true;
            case WARNING, OOPS -> false;
        };
        if (kernel.trouble() != TraceEvent.Trouble.MESSAGE) {
            violations.add(new Violation(blame.of(null, Set.of()), kernel.line(), kernel.step(), EventText.of(kernel),
                    List.of("a kernel that does not complain")));
        }
    }

    private void giveUp(String why) {
        undecided = why;
        group.clear();
    }

    /** What has been found, at the end of the trace. */
    TraceVerdict finish(long events) {
        if (undecided == null && !setUpFailed && !cutShort) {
            reached.addAll(blame.named());
        }
        violations.forEach(violation -> reached.add(violation.clause()));
        Set<Answers> readings = new LinkedHashSet<>();
        candidates.forEach(candidate -> readings.add(candidate.answers()));
        return new TraceVerdict(header, events, violations, reached, asked, List.copyOf(readings), undecided);
    }
}
