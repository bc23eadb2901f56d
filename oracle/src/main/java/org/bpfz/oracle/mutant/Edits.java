package org.bpfz.oracle.mutant;

import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.bpfz.oracle.model.Subject;
import org.bpfz.spec.kernel.Attachments;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Hooks;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Source;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Sums;
import org.bpfz.spec.kernel.Task;

/** What mistakes are made of: other results, other states, other arguments of programs. */
final class Edits {
    static final Subject.Behaviour MODEL = Subject.MODEL.behaviour();

    private Edits() {
    }

    /** Changes what came of a call. */
    @FunctionalInterface
    interface After {
        Outcome.Returned change(State before, Call call, Outcome.Returned outcome);
    }

    /** The model, with what comes of calls that return changed. */
    static Subject after(After change) {
        return Subject.MODEL.with((Subject.Behaviour) (state, call, reading, hooks) -> {
            Outcome outcome = MODEL.execute(state, call, reading, hooks);
            return outcome instanceof Outcome.Returned returned ? change.change(state, call, returned) : outcome;
        });
    }

    /** The model, with the state changed before some calls and changed back after. */
    static Subject around(UnaryOperator<Call> only, Before before, After after) {
        return Subject.MODEL.with((Subject.Behaviour) (state, call, reading, hooks) -> {
            if (only.apply(call) == null) {
                return MODEL.execute(state, call, reading, hooks);
            }
            Outcome outcome = MODEL.execute(before.change(state, call), call, reading, hooks);
            return outcome instanceof Outcome.Returned returned ? after.change(state, call, returned) : outcome;
        });
    }

    /** Changes the state that a call finds. */
    @FunctionalInterface
    interface Before {
        State change(State state, Call call);
    }

    /** What programs on verify are shown and answer. */
    @FunctionalInterface
    interface Verify {
        long run(Hooks programs, int program, Task task, long offset, long size, Rope data);
    }

    /** What programs on decide are shown and answer. */
    @FunctionalInterface
    interface Decide {
        long run(Hooks programs, int program, Task task, int uid, int gid);
    }

    static Subject verify(Verify changed) {
        return Subject.MODEL.withHooks(programs -> verify(programs, changed));
    }

    static Hooks verify(Hooks programs, Verify changed) {
        return new Hooks() {
            @Override
            public long decide(int program, Task task, int uid, int gid) {
                return programs.decide(program, task, uid, gid);
            }

            @Override
            public long verify(int program, Task task, long offset, long size, Rope data) {
                return changed.run(programs, program, task, offset, size, data);
            }
        };
    }

    static Subject decide(Decide changed) {
        return Subject.MODEL.withHooks(programs -> new Hooks() {
            @Override
            public long decide(int program, Task task, int uid, int gid) {
                return changed.run(programs, program, task, uid, gid);
            }

            @Override
            public long verify(int program, Task task, long offset, long size, Rope data) {
                return programs.verify(program, task, offset, size, data);
            }
        });
    }

    static Outcome.Returned result(Outcome.Returned outcome, long result) {
        return new Outcome.Returned(result, outcome.output(), outcome.signals(), outcome.next(), outcome.clauses(),
                outcome.runs());
    }

    static Outcome.Returned output(Outcome.Returned outcome, long result, Output output) {
        return new Outcome.Returned(result, output, outcome.signals(), outcome.next(), outcome.clauses(),
                outcome.runs());
    }

    static Outcome.Returned next(Outcome.Returned outcome, State next) {
        return new Outcome.Returned(outcome.result(), outcome.output(), outcome.signals(), next, outcome.clauses(),
                outcome.runs());
    }

    /** The descriptor of a write; empty for other calls. */
    static OptionalInt written(Call call) {
        return switch (call) {
            case Call.Write c -> OptionalInt.of(c.fd());
            case Call.Pwrite64 c -> OptionalInt.of(c.fd());
            case Call.Writev c -> OptionalInt.of(c.fd());
            case Call.Pwritev c -> OptionalInt.of(c.fd());
            case Call.Pwritev2 c -> OptionalInt.of(c.fd());
            default -> OptionalInt.empty();
        };
    }

    /** How much a write was asked to write. */
    static long asked(Call call) {
        return switch (call) {
            case Call.Write c -> c.source().length();
            case Call.Pwrite64 c -> c.source().length();
            case Call.Writev c -> c.vector().segments().stream().mapToLong(Source::length).sum();
            case Call.Pwritev c -> c.vector().segments().stream().mapToLong(Source::length).sum();
            case Call.Pwritev2 c -> c.vector().segments().stream().mapToLong(Source::length).sum();
            default -> 0;
        };
    }

    /** The id of the open file behind a descriptor; -1 if there is none. */
    static int file(State state, int pid, int fd) {
        var descriptor = state.tasks().containsKey(pid) ? state.table(state.task(pid)).get(fd) : null;
        return descriptor == null ? -1 : descriptor.file();
    }

    /** Whether a call is a write of a file under verification. */
    static boolean isVerifiedWrite(State state, Call call) {
        OptionalInt fd = written(call);
        int file = fd.isEmpty() ? -1 : file(state, call.task(), fd.getAsInt());
        return file >= 0 && state.file(file).verified();
    }

    /** The state with the file that is written to under verification or not. */
    static State verified(State state, Call call, boolean verified) {
        OptionalInt fd = written(call);
        int id = fd.isEmpty() ? -1 : file(state, call.task(), fd.getAsInt());
        if (id < 0 || !state.files().containsKey(id)) {
            return state;
        }
        OpenFile file = state.file(id);
        return state.withFile(id, new OpenFile(file.inode(), file.flags(), file.position(), verified, file.sums(),
                file.references()));
    }

    /** The state with the sums of a file grown. */
    static State counted(State state, int file, long written, long after) {
        OpenFile open = state.files().get(file);
        return open == null ? state : state.withFile(file, open.withSums(open.sums().plus(written, after)));
    }

    /** The state with other sums of a file. */
    static State sums(State state, int file, Sums sums) {
        OpenFile open = state.files().get(file);
        return open == null ? state : state.withFile(file, open.withSums(sums));
    }

    /** The state without programs on decide. */
    static State withoutDecide(State state) {
        return state.with(new Attachments(Attachments.NONE.decide(), state.attachments().verify()));
    }
}
