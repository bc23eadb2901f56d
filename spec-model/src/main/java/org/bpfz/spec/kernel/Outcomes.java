package org.bpfz.spec.kernel;

import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * What a call is allowed to do in a state, under one reading. The set is described and never listed: a short write has as many
 * outcomes as it has bytes.
 */
public final class Outcomes {
    /** Finds the outcome that explains what was seen. */
    @FunctionalInterface
    interface Matcher {
        /** The outcome that explains the observation, if any. */
        Optional<Outcome> match(Observation seen);
    }

    private final Outcome first;
    private final Matcher matcher;
    private final Set<Class<? extends Variant>> questions;

    private Outcomes(Outcome first, Matcher matcher, Set<Class<? extends Variant>> questions) {
        this.first = first;
        this.matcher = matcher;
        this.questions = questions;
    }

    /** Just this one. */
    static Outcomes one(Outcome outcome) {
        return new Outcomes(outcome, seen -> explains(outcome, seen), Set.of());
    }

    /** This one when executing; when checking, also any result in the range, as made for the result that was seen. */
    static Outcomes orAnyResult(Outcome first, long least, long most, LongFunction<Outcome> others) {
        return one(first).orMade(least, most, result -> one(others.apply(result)));
    }

    /** These; and for another result in the range that was seen, the outcomes made for it. */
    Outcomes orMade(long least, long most, LongFunction<Outcomes> others) {
        return new Outcomes(first, seen -> matcher.match(seen).or(() -> {
            boolean inRange = seen instanceof Observation.Returned returned && returned.result() >= least
                    && returned.result() <= most;
            return inRange ? others.apply(((Observation.Returned) seen).result()).matching(seen) : Optional.empty();
        }), questions);
    }

    /** These, and if none of them explains what was seen, those. */
    Outcomes or(Outcomes others) {
        return new Outcomes(first, seen -> matcher.match(seen).or(() -> others.matcher.match(seen)), questions);
    }

    /** These, known to rest on the answers to the given questions. */
    Outcomes restingOn(Set<Class<? extends Variant>> asked) {
        return asked.isEmpty() ? this : new Outcomes(first, matcher, asked);
    }

    private static Optional<Outcome> explains(Outcome outcome, Observation seen) {
        boolean agrees = switch (outcome) {
            case Outcome.Returned returned -> seen instanceof Observation.Returned result && returned.explains(result);
            case Outcome.Blocked _ -> seen instanceof Observation.Waiting;
        };
        return agrees ? Optional.of(outcome) : Optional.empty();
    }

    /** The strict and complete outcome: what executing takes. */
    public Outcome first() {
        return first;
    }

    /** The outcome that explains an observation; empty if the observation is not allowed. */
    public Optional<Outcome> matching(Observation seen) {
        return matcher.match(seen);
    }

    /**
     * The open questions that the reading was asked on the way here. Readings that answer them alike have the same outcomes,
     * so a checker branches on these alone.
     */
    public Set<Class<? extends Variant>> questions() {
        return questions;
    }
}
