package org.bpfz.spec.kernel;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bpfz.spec.Errno;

/**
 * One call being answered: the state as far as the call has changed it, and what the answer rests on. Lives as long as one
 * {@link Relation#allowed}.
 */
final class Evaluation {
    /** The state, changed as the call goes on. */
    State state;

    private final int pid;
    private final Reading reading;
    private final Hooks hooks;
    private final Set<String> clauses = new LinkedHashSet<>();
    private final Set<Class<? extends Variant>> questions = new LinkedHashSet<>();
    private final List<HookRun> runs = new ArrayList<>();
    private final Set<Signal> signals = EnumSet.noneOf(Signal.class);

    Evaluation(State state, int pid, Reading reading, Hooks hooks) {
        this.state = state;
        this.pid = pid;
        this.reading = reading;
        this.hooks = hooks;
    }

    /** The calling task. */
    Task task() {
        return state.task(pid);
    }

    Hooks hooks() {
        return hooks;
    }

    /** The reading's answer, noted as one that the outcome rests on. */
    <V extends Variant> V choose(Class<V> question) {
        V answer = reading.get(question);
        questions.add(question);
        clauses.add(answer.clause());
        return answer;
    }

    /** Notes a clause. */
    void restsOn(String clause) {
        clauses.add(clause);
    }

    void ran(HookRun run) {
        runs.add(run);
    }

    void raise(Signal signal) {
        signals.add(signal);
    }

    Set<Class<? extends Variant>> questions() {
        return ImmutableSet.copyOf(questions);
    }

    /** The caller's descriptor table. */
    DescriptorTable table() {
        return state.table(task());
    }

    /** The id of the open file behind a descriptor, O_PATH or not (fs/file.c, fget_raw). */
    int rawFile(int fd) {
        Descriptor descriptor = table().get(fd);
        if (descriptor == null) {
            throw new Failure(Errno.EBADF);
        }
        return descriptor.file();
    }

    /** The id of the open file behind a descriptor that is no O_PATH one (fs/file.c, fget). */
    int file(int fd) {
        int id = rawFile(fd);
        if (state.file(id).isPathOnly()) {
            throw new Failure(Errno.EBADF);
        }
        return id;
    }

    /** The call returns a value and stores nothing. */
    Outcome.Returned returned(long result) {
        return returned(result, Output.None.NONE);
    }

    /** The call returns a value and has stored something. */
    Outcome.Returned returned(long result, Output output) {
        return new Outcome.Returned(result, output, signals.isEmpty() ? Set.of() : ImmutableSet.copyOf(signals), state,
                clauses.isEmpty() ? Set.of() : ImmutableSet.copyOf(clauses),
                runs.isEmpty() ? List.of() : List.copyOf(runs));
    }

    /** The call waits; {@code pending} is what is left of it. */
    Outcome.Blocked blocked(Call pending) {
        return new Outcome.Blocked(state, pending, ImmutableSet.copyOf(clauses), List.copyOf(runs));
    }

    /** The one outcome: a value. */
    Outcomes ok(long result) {
        return Outcomes.one(returned(result));
    }

    /** The one outcome: a value, with something stored. */
    Outcomes ok(long result, Output output) {
        return Outcomes.one(returned(result, output));
    }

    /** The one outcome: an error. */
    Outcomes fail(Errno errno) {
        return Outcomes.one(returned(errno.negative()));
    }
}
