package org.bpfz.oracle.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bpfz.oracle.check.Programs.UnknownProgramException;
import org.bpfz.oracle.model.Admissions;
import org.bpfz.oracle.trace.TraceEvent;
import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.HookProgram;
import org.bpfz.spec.kernel.Observation;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Outcomes;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Relation;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.program.Clause;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/**
 * Explains one event from one candidate: under which of its readings the event is allowed, and what the machine is like then.
 *
 * <p>The relation says which open questions an outcome rests on. Only those are answered one way and the other; answers that lead to the
 * same state are put together again, so that a question splits a candidate only once it makes a difference.
 */
final class Explainer {
    /** A split into more readings than this is given up: no event comes near it. */
    private static final int MAX_LEAVES = 1 << 14;

    private static final List<Class<? extends Variant>> ADMISSION = List.of(Variant.NarrowLoad.class,
            Variant.OtherHooksFields.class, Variant.HelperLicence.class, Variant.EmptyCopy.class);

    private final Programs programs;
    private final Map<String, ProgramImage> images = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<ProgramImage, Map<List<Variant>, Optional<Errno>>> refusals;

    /**
     * What an event may have been.
     *
     * @param next    the candidate afterwards
     * @param clauses the clauses that this rests on
     * @param asked   the questions that it rests on
     */
    record Explained(Candidate next, Set<Clause> clauses, Set<Class<? extends Variant>> asked) {}

    /**
     * What the specification says instead of what was seen.
     *
     * @param answers the readings under which it does
     * @param outcome the strict outcome; null if a program ran of which it can not be said what it does
     */
    record Allowed(Answers answers, @Nullable Outcome outcome) {}

    /** One reading's view of an event. */
    private record Attempt(@Nullable Outcome first, @Nullable Outcome match, MapContents maps,
            Set<Class<? extends Variant>> asked) {}

    /**
     * An explainer of one trace.
     *
     * @param refusals what the verifier has said already, which may be of other traces
     */
    Explainer(Programs programs, Map<ProgramImage, Map<List<Variant>, Optional<Errno>>> refusals) {
        this.programs = programs;
        this.refusals = refusals;
    }

    /** Everything that the event may have been, and if it is nothing, what would have been allowed. */
    static final class Result {
        final List<Explained> explained = new ArrayList<>();
        final List<Allowed> allowed = new ArrayList<>();
        final Set<Clause> clauses = new LinkedHashSet<>();
        boolean tooMany;
    }

    /** Explains a call, a wait, or an attaching or detaching. */
    Result explain(Candidate from, TraceEvent event) {
        return switch (event) {
            case TraceEvent.Called e -> {
                Call pending = from.waiting().get(e.call().task());
                Call call = pending == null ? e.call() : pending;
                yield split(from, reading -> attempt(from, call, reading, outcome -> isSeen(outcome, e), e.seen()),
                        (base, outcome) -> base.withWaiting(base.waiting().minus(e.call().task())));
            }
            case TraceEvent.Waits e -> split(from,
                    reading -> attempt(from, e.call(), reading, _ -> true, new Observation.Waiting()),
                    (base, outcome) -> base
                            .withWaiting(base.waiting().plus(e.call().task(), ((Outcome.Blocked) outcome).pending())));
            case TraceEvent.Attach e -> attach(from, e);
            case TraceEvent.Detach e -> {
                Integer link = from.links().get(e.link());
                yield link == null
                        ? unchanged(from)
                        : split(from,
                                reading -> attempt(from, new Call.Close(State.INIT, link), reading, _ -> true,
                                        Observation.of(0)),
                                (base, outcome) -> base.withLinks(base.links().minus(e.link())));
            }
            case TraceEvent.Load e -> load(from, e);
            default -> unchanged(from);
        };
    }

    private static Result unchanged(Candidate from) {
        Result result = new Result();
        result.explained.add(new Explained(from, Set.of(), Set.of()));
        return result;
    }

    private static boolean isSeen(Outcome outcome, TraceEvent.Called event) {
        return outcome instanceof Outcome.Returned returned
                && (event.signals() == null || event.signals().equals(returned.signals()))
                && (event.runs() == null || event.runs().equals(returned.runs()));
    }

    /** What a program is loaded as. */
    private Result load(Candidate from, TraceEvent.Load event) {
        ProgramImage image = event.image();
        images.put(image.name(), image);
        if (!numbers.containsKey(key(image))) {
            boolean usable = Admissions.isDecodable(image) && event.result() >= 0;
            numbers.put(key(image), usable ? programs.load(image, event.maps()) : -1);
        }
        return loadAs(from, image, image.attachTarget(), event.result(),
                (base, fd) -> base.withProgram(image.name(), fd));
    }

    private static String key(ProgramImage image) {
        return image.name();
    }

    private interface WithDescriptor {
        Candidate apply(Candidate base, int fd);
    }

    private Result loadAs(Candidate from, ProgramImage image, @Nullable String target, long seen, WithDescriptor then) {
        int fd = from.state().table(from.state().task(State.INIT)).lowestFree(0);
        int number = numbers.getOrDefault(key(image), -1);
        return split(from, reading -> {
            HookProgram program = new HookProgram(number, image.type(), image.attachType(), target,
                    refusal(image, reading));
            Attempt attempt = attempt(from, new Call.ProgLoad(State.INIT, program), reading, _ -> true,
                    Observation.of(seen >= 0 ? fd : seen));
            Set<Class<? extends Variant>> asked = new LinkedHashSet<>(attempt.asked);
            asked.addAll(ADMISSION);
            return new Attempt(attempt.first, attempt.match, attempt.maps, asked);
        }, (base, outcome) -> seen >= 0 ? then.apply(base, fd) : base);
    }

    private @Nullable Errno refusal(ProgramImage image, Reading reading) {
        List<Variant> answers = List.of(reading.get(Variant.NarrowLoad.class),
                reading.get(Variant.OtherHooksFields.class), reading.get(Variant.HelperLicence.class),
                reading.get(Variant.EmptyCopy.class));
        return refusals.computeIfAbsent(image, _ -> new HashMap<>()).computeIfAbsent(answers,
                _ -> Optional.ofNullable(Admissions.refusal(Admissions.verdict(image, reading)))).orElse(null);
    }

    /** Attaching; where another function is named, loading the program for that comes before, and either may refuse it. */
    private Result attach(Candidate from, TraceEvent.Attach event) {
        Integer program = from.programs().get(event.program());
        ProgramImage image = images.get(event.program());
        if (program == null || image == null) {
            Result result = new Result();
            if (event.result() < 0) {
                result.explained.add(new Explained(from, Set.of(), Set.of()));
            }
            return result;
        }
        if (event.target() == null) {
            return attach(from, program, event);
        }
        Result result = new Result();
        Result loaded = loadAs(from, image, event.target(), 0,
                (base, fd) -> base.withProgram(event.program() + "!", fd));
        for (Explained each : loaded.explained) {
            int fd = Objects.requireNonNull(each.next.programs().get(event.program() + "!"));
            addAll(result, attach(each.next, fd, event), each);
        }
        if (event.result() < 0) {
            Result refused = loadAs(from, image, event.target(), event.result(), (base, fd) -> base);
            result.explained.addAll(refused.explained);
            result.clauses.addAll(refused.clauses);
        }
        if (result.explained.isEmpty()) {
            result.allowed.addAll(loaded.allowed);
            result.clauses.addAll(loaded.clauses);
        }
        return result;
    }

    private static void addAll(Result into, Result more, Explained before) {
        into.allowed.addAll(more.allowed);
        into.clauses.addAll(more.clauses);
        for (Explained each : more.explained) {
            Set<Clause> clauses = new LinkedHashSet<>(before.clauses);
            clauses.addAll(each.clauses);
            Set<Class<? extends Variant>> asked = new LinkedHashSet<>(before.asked);
            asked.addAll(each.asked);
            into.explained.add(new Explained(each.next, clauses, asked));
        }
    }

    private Result attach(Candidate from, int program, TraceEvent.Attach event) {
        int fd = from.state().table(from.state().task(State.INIT)).lowestFree(0);
        return split(from,
                reading -> attempt(from, new Call.RawTracepointOpen(State.INIT, program), reading, _ -> true,
                        Observation.of(event.result() >= 0 ? fd : event.result())),
                (base, outcome) -> event.result() >= 0 ? base.withLinks(base.links().plus(event.link(), fd)) : base);
    }

    /** A program that should have been refused is loaded all the same; the candidate as it is if it can not be. */
    Candidate forced(Candidate from, TraceEvent.Load event) {
        if (event.result() < 0) {
            return from;
        }
        ProgramImage image = event.image();
        int fd = from.state().table(from.state().task(State.INIT)).lowestFree(0);
        HookProgram program = new HookProgram(numbers.getOrDefault(key(image), -1), image.type(), image.attachType(),
                image.attachTarget(), null);
        return Relation
                .allowed(from.state(), new Call.ProgLoad(State.INIT, program), from.answers().first(), programs)
                .matching(Observation.of(fd))
                .map(loaded -> from.with(loaded.next()).withProgram(image.name(), fd)).orElse(from);
    }

    /** Lets calls that wait do what they can do without returning, such as fill a pipe that has been read from. */
    Candidate progress(Candidate from) {
        Candidate candidate = from;
        for (Map.Entry<Integer, Call> entry : from.waiting().entrySet()) {
            programs.prepare(candidate.maps(), candidate.answers().first());
            Outcome outcome = Relation
                    .allowed(candidate.state(), entry.getValue(), candidate.answers().first(), programs).first();
            if (outcome instanceof Outcome.Blocked blocked && !blocked.pending().equals(entry.getValue())) {
                candidate = candidate.with(blocked.next())
                        .withWaiting(candidate.waiting().plus(entry.getKey(), blocked.pending()));
            }
        }
        return candidate;
    }

    private Attempt attempt(Candidate from, Call call, Reading reading, Function<Outcome, Boolean> also,
            Observation seen) {
        programs.prepare(from.maps(), reading);
        if (!from.state().tasks().containsKey(call.task())) {
            return new Attempt(null, null, from.maps(), Set.of());
        }
        try {
            Outcomes outcomes = Relation.allowed(from.state(), call, reading, programs);
            Outcome match = outcomes.matching(seen).filter(also::apply).orElse(null);
            Set<Class<? extends Variant>> asked = outcomes.questions();
            if (programs.hasAsked()) {
                asked = new LinkedHashSet<>(asked);
                asked.add(Variant.CopyPastEnd.class);
            }
            return new Attempt(outcomes.first(), match, programs.contents(from.maps()), asked);
        } catch (UnknownProgramException e) {
            programs.contents(from.maps());
            return new Attempt(null, null, from.maps(), Set.of());
        }
    }

    private interface Then {
        Candidate apply(Candidate base, Outcome outcome);
    }

    /** Looks at an event under all readings of a candidate. */
    private static Result split(Candidate from, Function<Reading, Attempt> view, Then then) {
        Result result = new Result();
        List<Explained> leaves = new ArrayList<>();
        descend(from, from.answers(), null, view, then, result, leaves);
        merge(leaves, result.explained);
        return result;
    }

    private static void descend(Candidate from, Answers answers, @Nullable Attempt known,
            Function<Reading, Attempt> view, Then then, Result result, List<Explained> leaves) {
        if (leaves.size() + result.allowed.size() > MAX_LEAVES) {
            result.tooMany = true;
            return;
        }
        Attempt attempt = known == null ? view.apply(answers.first()) : known;
        for (Class<? extends Variant> question : attempt.asked) {
            int index = Answers.index(question);
            if (answers.isDecided(index)) {
                continue;
            }
            int mask = answers.mask(index);
            int strict = Integer.lowestOneBit(mask);
            for (int rest = mask; rest != 0; rest &= rest - 1) {
                int bit = Integer.lowestOneBit(rest);
                descend(from, answers.with(index, bit), bit == strict ? attempt : null, view, then, result, leaves);
            }
            return;
        }
        if (attempt.first != null) {
            result.clauses.addAll(attempt.first.clauses());
        }
        if (attempt.match == null) {
            result.allowed.add(new Allowed(answers, attempt.first));
            return;
        }
        Candidate next = then.apply(from.with(answers).with(attempt.match.next()).with(attempt.maps), attempt.match);
        leaves.add(new Explained(next, attempt.match.clauses(), attempt.asked));
    }

    /** Puts readings together that lead to the same. */
    static void merge(List<Explained> leaves, List<Explained> into) {
        List<Explained> open = new ArrayList<>(leaves);
        boolean merged = open.size() > 1;
        while (merged) {
            merged = false;
            List<Explained> kept = new ArrayList<>();
            Map<Integer, List<Integer>> bySummary = new HashMap<>();
            for (Explained leaf : open) {
                List<Integer> alike = bySummary.computeIfAbsent(leaf.next.summary(), _ -> new ArrayList<>());
                boolean placed = false;
                for (int at : alike) {
                    Explained other = kept.get(at);
                    Answers both = other.next.answers().or(leaf.next.answers());
                    if (both != null && other.next.isSame(leaf.next)) {
                        Set<Clause> clauses = new LinkedHashSet<>(other.clauses);
                        clauses.addAll(leaf.clauses);
                        Set<Class<? extends Variant>> asked = new LinkedHashSet<>(other.asked);
                        asked.addAll(leaf.asked);
                        kept.set(at, new Explained(other.next.with(both), clauses, asked));
                        placed = true;
                        merged = true;
                        break;
                    }
                }
                if (!placed) {
                    alike.add(kept.size());
                    kept.add(leaf);
                }
            }
            open = kept;
        }
        into.addAll(open);
    }
}
