package org.bpfz.spec.kernel;

import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import org.bpfz.spec.Errno;
import org.bpfz.spec.program.Clause;

/**
 * One call being answered: the state as far as the call has changed it, and what the answer rests on. Lives as long as one
 * {@link Relation#allowed}.
 */
final class Evaluation {
    /** The state, changed as the call goes on. */
    State state;

    /** Bytes that a write finds room for in a file system of which nothing better is known; see {@link #spaceFor}. */
    private final long space;
    private long mostBytes;
    private final Task task;
    private final Reading reading;
    private final Hooks hooks;
    private final EnumSet<Clause> clauses = EnumSet.noneOf(Clause.class);
    private Set<Class<? extends Variant>> questions = Set.of();
    private List<HookRun> runs = List.of();
    private Set<Signal> signals = Set.of();

    Evaluation(State state, int pid, Reading reading, Hooks hooks, long space) {
        this.state = state;
        this.space = space;
        this.task = state.task(pid);
        this.reading = reading;
        this.hooks = hooks;
    }

    /** The calling task, as it was when it called. */
    Task task() {
        return task;
    }

    Hooks hooks() {
        return hooks;
    }

    /** The reading's answer, noted as one that the outcome rests on. */
    <V extends Variant> V choose(Class<V> question) {
        V answer = reading.get(question);
        if (questions.isEmpty()) {
            questions = new LinkedHashSet<>();
        }
        questions.add(question);
        clauses.add(answer.clause());
        return answer;
    }

    /** Notes a clause. */
    void restsOn(Clause clause) {
        clauses.add(clause);
    }

    void ran(HookRun run) {
        if (runs.isEmpty()) {
            runs = new ArrayList<>();
        }
        runs.add(run);
    }

    void raise(Signal signal) {
        signals = Set.of(signal);
    }

    /** The questions asked of the reading so far. */
    Set<Class<? extends Variant>> questions() {
        return questions;
    }

    /**
     * What becomes of a write where space may run out at any byte.
     *
     * @param moved the whole write, which succeeds
     * @param part  the same write with fewer bytes
     */
    Moved spaceFor(Moved moved, LongFunction<Moved> part) {
        mostBytes = Math.max(mostBytes, moved.result());
        if (space >= moved.result()) {
            return moved;
        }
        return space == 0 ? Moved.failed(state, Errno.ENOSPC) : part.apply(space);
    }

    /** The bytes of the largest write that space may have run out for; 0 if there was none. */
    long mostBytes() {
        return mostBytes;
    }

    /** The caller's descriptor table. */
    DescriptorTable table() {
        return state.table(task);
    }

    /** Changes the caller's descriptor table. */
    void setTable(DescriptorTable table) {
        state = state.withTable(task.files(), table);
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
        return new Outcome.Returned(result, output, signals, state, clauses(), List.copyOf(runs));
    }

    /** The call waits; {@code pending} is what is left of it. */
    Outcome.Blocked blocked(Call pending) {
        return new Outcome.Blocked(state, pending, clauses(), List.copyOf(runs));
    }

    private Set<Clause> clauses() {
        return Sets.immutableEnumSet(clauses);
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
