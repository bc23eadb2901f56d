package org.bpfz.oracle.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bpfz.oracle.check.Explainer.Explained;
import org.bpfz.oracle.trace.TraceEvent;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/**
 * Looks for orders in which calls that overlap may have taken effect (Herlihy and Wing's linearizability): layer by layer, a layer being
 * all that can be reached with so many calls done, with equal states put together. Calls on different regular files are looked at apart,
 * which is sound because linearizability is local. What concurrent writes leave in a file is not looked at: its content is not known
 * afterwards, its size and its sums are.
 *
 * <p>The search is bounded; where the bound is met, nothing is said.
 */
final class Interleaving {
    private static final int MAX_LAYER = 6_000;
    private static final int MAX_STEPS = 120_000;

    private final Explainer explainer;
    private int steps;

    /**
     * What came of a search.
     *
     * @param finals    where all calls may have led; empty if there is no order
     * @param stuck     if there is none: calls that could not come next where most others were done
     * @param exhausted whether the bound was met
     */
    record Found(List<Candidate> finals, Set<Clause> clauses, Set<Class<? extends Variant>> asked,
            List<TraceEvent.Timed> stuck, boolean exhausted) {}

    /** Each task's events in order, and for each the earliest exit among it and those behind it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Lane(List<TraceEvent> events, long[] earliestExit) {}

    Interleaving(Explainer explainer) {
        this.explainer = explainer;
    }

    /** Searches for orders of a group from all candidates. */
    Found search(List<Candidate> starts, List<TraceEvent> group) {
        Set<Clause> clauses = new LinkedHashSet<>();
        Set<Class<? extends Variant>> asked = new LinkedHashSet<>();
        List<Candidate> at = starts;
        steps = 0;
        for (List<TraceEvent> part : parts(starts.getFirst().state(), group)) {
            Found found = searchPart(at, part);
            clauses.addAll(found.clauses);
            asked.addAll(found.asked);
            if (found.finals.isEmpty()) {
                return new Found(List.of(), clauses, asked, found.stuck, found.exhausted);
            }
            at = found.finals;
        }
        return new Found(at, clauses, asked, List.of(), false);
    }

    /** Events by the regular file that they work on; all in one if some work on something else. */
    private static Iterable<List<TraceEvent>> parts(State state, List<TraceEvent> group) {
        Map<Integer, List<TraceEvent>> parts = new LinkedHashMap<>();
        for (TraceEvent event : group) {
            Integer inode = event instanceof TraceEvent.Called called ? Touched.inode(state, called.call()) : null;
            if (inode == null || !Touched.isRegular(state, inode)) {
                return List.of(group);
            }
            parts.computeIfAbsent(inode, _ -> new ArrayList<>()).add(event);
        }
        return parts.values();
    }

    private Found searchPart(List<Candidate> starts, List<TraceEvent> group) {
        List<Lane> lanes = lanes(group);
        Set<Integer> written = writtenByMany(starts.getFirst().state(), group);
        Set<Clause> clauses = new LinkedHashSet<>();
        Set<Class<? extends Variant>> asked = new LinkedHashSet<>();
        Map<List<Integer>, List<Explained>> layer = new LinkedHashMap<>();
        layer.put(lanes.stream().map(_ -> 0).toList(),
                starts.stream().map(start -> new Explained(start, Set.of(), Set.of())).toList());
        for (int done = 0; done < group.size(); done++) {
            Map<List<Integer>, List<Explained>> next = new LinkedHashMap<>();
            List<TraceEvent.Timed> stuck = new ArrayList<>();
            for (Map.Entry<List<Integer>, List<Explained>> entry : layer.entrySet()) {
                for (int lane : runnable(lanes, entry.getKey())) {
                    TraceEvent event = lanes.get(lane).events.get(entry.getKey().get(lane));
                    List<Explained> reached = new ArrayList<>();
                    for (Explained from : entry.getValue()) {
                        if (++steps > MAX_STEPS) {
                            return new Found(List.of(), clauses, asked, List.of(), true);
                        }
                        explainer.explain(from.next(), event).explained.forEach(each -> {
                            clauses.addAll(each.clauses());
                            asked.addAll(each.asked());
                            reached.add(forgetting(each, written));
                        });
                    }
                    if (!reached.isEmpty()) {
                        next.computeIfAbsent(advanced(entry.getKey(), lane), _ -> new ArrayList<>()).addAll(reached);
                    } else if (event instanceof TraceEvent.Timed timed && !stuck.contains(timed)) {
                        stuck.add(timed);
                    }
                }
            }
            next.replaceAll((_, all) -> merged(all));
            if (next.isEmpty()) {
                return new Found(List.of(), clauses, asked, stuck, false);
            }
            if (next.values().stream().mapToInt(List::size).sum() > MAX_LAYER) {
                return new Found(List.of(), clauses, asked, List.of(), true);
            }
            layer = next;
        }
        List<Candidate> finals = layer.values().stream().flatMap(List::stream).map(Explained::next).toList();
        return new Found(finals, clauses, asked, List.of(), false);
    }

    private static List<Explained> merged(List<Explained> all) {
        List<Explained> merged = new ArrayList<>();
        Explainer.merge(all, merged);
        return merged;
    }

    private static Explained forgetting(Explained each, Set<Integer> written) {
        State state = each.next().state();
        for (int inode : written) {
            state = Resync.forget(state, inode);
        }
        return new Explained(each.next().with(state), Set.of(), Set.of());
    }

    private static List<Integer> advanced(List<Integer> progress, int lane) {
        List<Integer> advanced = new ArrayList<>(progress);
        advanced.set(lane, progress.get(lane) + 1);
        return advanced;
    }

    /** The lanes whose next event may come next: it was entered before anything that is not done had returned. */
    private static List<Integer> runnable(List<Lane> lanes, List<Integer> progress) {
        long bound = Long.MAX_VALUE;
        for (int i = 0; i < lanes.size(); i++) {
            bound = Math.min(bound, lanes.get(i).earliestExit[progress.get(i)]);
        }
        List<Integer> runnable = new ArrayList<>();
        for (int i = 0; i < lanes.size(); i++) {
            List<TraceEvent> events = lanes.get(i).events;
            if (progress.get(i) < events.size() && enter(events.get(progress.get(i))) < bound) {
                runnable.add(i);
            }
        }
        return runnable;
    }

    private static long enter(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Timed timed -> timed.enter();
            case TraceEvent.Waits waits -> waits.enter();
            default -> throw new IllegalArgumentException("has no place in the order: " + event);
        };
    }

    private static long exit(TraceEvent event) {
        return event instanceof TraceEvent.Timed timed ? timed.exit() : Long.MAX_VALUE;
    }

    private static List<Lane> lanes(List<TraceEvent> group) {
        Map<String, List<TraceEvent>> byTask = new LinkedHashMap<>();
        for (TraceEvent event : group) {
            String task = switch (event) {
                case TraceEvent.Called called -> called.task();
                case TraceEvent.Waits waits -> waits.task();
                default -> "";
            };
            byTask.computeIfAbsent(task, _ -> new ArrayList<>()).add(event);
        }
        return byTask.values().stream().map(events -> {
            long[] earliest = new long[events.size() + 1];
            earliest[events.size()] = Long.MAX_VALUE;
            for (int i = events.size() - 1; i >= 0; i--) {
                earliest[i] = Math.min(earliest[i + 1], exit(events.get(i)));
            }
            return new Lane(events, earliest);
        }).toList();
    }

    /** Regular files that several of the calls work on, of which one writes. */
    private static Set<Integer> writtenByMany(State state, List<TraceEvent> group) {
        Map<Integer, Integer> calls = new LinkedHashMap<>();
        Set<Integer> written = new LinkedHashSet<>();
        for (TraceEvent event : group) {
            Call call = event instanceof TraceEvent.Called called ? called.call() : null;
            Integer inode = call == null ? null : Touched.inode(state, call);
            if (inode != null) {
                calls.merge(inode, 1, Integer::sum);
                if (Touched.writes(Objects.requireNonNull(call))) {
                    written.add(inode);
                }
            }
        }
        written.removeIf(inode -> Objects.requireNonNullElse(calls.get(inode), 0) < 2);
        return written;
    }

    /** The file that all calls of a group work on; null if there is no such file. */
    static @Nullable Integer common(State state, List<TraceEvent> group) {
        Integer common = null;
        for (TraceEvent event : group) {
            Integer inode = event instanceof TraceEvent.Called called ? Touched.inode(state, called.call()) : null;
            if (inode == null || (common != null && !common.equals(inode))) {
                return null;
            }
            common = inode;
        }
        return common;
    }
}
