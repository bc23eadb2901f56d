package org.bpfz.spec.kernel;

/**
 * The model as something that runs: keeps the current state and executes each call by taking the first allowed outcome. For
 * one thread at a time.
 */
public final class Kernel {
    private final Reading reading;
    private final Hooks hooks;
    private State state;

    /** A kernel in a given state. */
    public Kernel(State state, Reading reading, Hooks hooks) {
        this.state = state;
        this.reading = reading;
        this.hooks = hooks;
    }

    /** Executes a call. A call that has to wait leaves the state as it is while waiting. */
    public Outcome call(Call call) {
        Outcome outcome = Relation.allowed(state, call, reading, hooks).first();
        state = outcome.next();
        return outcome;
    }

    /** Executes a call that cannot wait, and returns its raw result. */
    public long result(Call call) {
        return switch (call(call)) {
            case Outcome.Returned returned -> returned.result();
            case Outcome.Blocked _ -> throw new IllegalStateException("the call waits: " + call);
        };
    }

    /** The current state. */
    public State state() {
        return state;
    }

    /** Goes on from another state, such as one with more files in it. */
    public void set(State changed) {
        state = changed;
    }

    /** The reading of the open clauses. */
    public Reading reading() {
        return reading;
    }
}
