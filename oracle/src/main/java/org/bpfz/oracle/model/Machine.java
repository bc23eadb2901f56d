package org.bpfz.oracle.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Hooks;
import org.bpfz.spec.kernel.Observation;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Outcomes;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Relation;
import org.bpfz.spec.kernel.State;
import org.jspecify.annotations.Nullable;

/**
 * A modelled kernel that runs: keeps the state, takes one outcome of each call, and keeps the calls that wait for another task until
 * they can go on. For one thread.
 */
public final class Machine {
    private final Reading reading;
    private final Hooks hooks;
    private final Subject.Behaviour behaviour;
    private final Map<Integer, Call> waiting = new LinkedHashMap<>();
    private State state;

    /** A call that had to wait and has returned. */
    public record Resumed(int task, Outcome.Returned outcome) {}

    /** A machine in a state. */
    public Machine(State state, Reading reading, Hooks hooks) {
        this(state, reading, hooks, Subject.MODEL.behaviour());
    }

    /** A machine in a state that may behave in another way than the model. */
    public Machine(State state, Reading reading, Hooks hooks, Subject.Behaviour behaviour) {
        this.state = state;
        this.reading = reading;
        this.hooks = hooks;
        this.behaviour = behaviour;
    }

    /** How it reads the open clauses. */
    public Reading reading() {
        return reading;
    }

    /** The current state. */
    public State state() {
        return state;
    }

    /** Goes on from another state: something happened that is no modelled call. */
    public void set(State changed) {
        state = changed;
    }

    /** Whether a call of any task waits. */
    public boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Whether a call of the task waits. */
    public boolean isWaiting(int task) {
        return waiting.containsKey(task);
    }

    /** Makes a call, which takes the strict outcome; a call that has to wait is kept. */
    public Outcome call(Call call) {
        return take(call.task(), execute(call));
    }

    private Outcome execute(Call call) {
        return behaviour.execute(state, call, reading, hooks);
    }

    /**
     * Makes a call of which it is known what came of it: takes the outcome that explains that, or the strict one if none does.
     *
     * @param seen null if it is not known
     */
    public Outcome call(Call call, @Nullable Observation seen) {
        Outcomes outcomes = allowed(call);
        return take(call.task(), seen == null ? outcomes.first() : outcomes.matching(seen).orElseGet(outcomes::first));
    }

    /** What a call may do now; the state stays as it is. */
    public Outcomes allowed(Call call) {
        return Relation.allowed(state, call, reading, hooks);
    }

    /** What a call may do in a state that this machine is not in. */
    public Outcomes allowed(State elsewhere, Call call) {
        return Relation.allowed(elsewhere, call, reading, hooks);
    }

    /** Takes one of the outcomes that a call of the task is allowed. */
    public Outcome take(int task, Outcome outcome) {
        state = outcome.next();
        if (outcome instanceof Outcome.Blocked blocked) {
            waiting.put(task, blocked.pending());
        } else {
            waiting.remove(task);
        }
        return outcome;
    }

    /** Lets every waiting call go on that can, the longest waiting one first, until none can; returns those that have returned. */
    public List<Resumed> resume() {
        waiting.keySet().removeIf(task -> !state.tasks().containsKey(task));
        List<Resumed> resumed = new ArrayList<>();
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Map.Entry<Integer, Call> entry : List.copyOf(waiting.entrySet())) {
                switch (take(entry.getKey(), execute(entry.getValue()))) {
                    case Outcome.Returned returned -> {
                        resumed.add(new Resumed(entry.getKey(), returned));
                        moved = true;
                    }
                    // A write that waits again has moved if less of it is left.
                    case Outcome.Blocked blocked -> moved |= !blocked.pending().equals(entry.getValue());
                }
            }
        }
        return resumed;
    }
}
