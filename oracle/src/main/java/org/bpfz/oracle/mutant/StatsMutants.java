package org.bpfz.oracle.mutant;

import com.google.common.collect.ImmutableList;
import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Call.SumAddress;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Sums;
import org.bpfz.spec.kernel.Task;
import org.bpfz.spec.program.Clause;

/** Mistakes with the two system calls. */
final class StatsMutants {
    static final ImmutableList<Mutant> ALL = ImmutableList.of(
            Mutant.of("sums-swapped", Clause.SYS_1, "the two sums are stored in each other's place",
                    Edits.after((state, call, outcome) -> outcome.output() instanceof Output.Stats(Sums sums)
                            ? Edits.output(outcome, 0,
                                    new Output.Stats(
                                            new Sums(/* written= */ sums.after(), /* after= */ sums.written())))
                            : outcome)),
            Mutant.of("reset-first-only", Clause.SYS_1, "reset zeroes the first sum only",
                    Edits.after((state, call, outcome) -> {
                        if (!(call instanceof Call.ResetCompressionStats reset) || outcome.isError()) {
                            return outcome;
                        }
                        int id = Edits.file(state, call.task(), reset.fd());
                        return Edits.next(outcome,
                                Edits.sums(outcome.next(), id, new Sums(0, state.file(id).sums().after())));
                    })),
            Mutant.of("reset-does-nothing", Clause.SYS_1, "reset returns 0 and leaves the sums",
                    Edits.after((state, call, outcome) -> call instanceof Call.ResetCompressionStats
                            ? Edits.next(outcome, state)
                            : outcome)),
            Mutant.of("fault-missing", Clause.SYS_2, "an address that can not be written is not noticed",
                    Edits.after((state, call, outcome) -> call instanceof Call.GetCompressionStats
                            && outcome.result() == Errno.EFAULT.negative()
                                    ? Edits.output(outcome, 0, Output.NONE)
                                    : outcome)),
            Mutant.of("fault-of-second-missing", Clause.SYS_2, "only the first address is checked",
                    Edits.after((state, call, outcome) -> call instanceof Call.GetCompressionStats get
                            && outcome.result() == Errno.EFAULT.negative() && get.written() == SumAddress.WRITABLE
                                    ? Edits.output(outcome, 0, Output.NONE)
                                    : outcome)),
            Mutant.of("bad-descriptor-einval", Clause.SYS_2, "a bad descriptor gives EINVAL",
                    Edits.after((state, call, outcome) -> isStats(call) && outcome.result() == Errno.EBADF.negative()
                            ? Edits.result(outcome, Errno.EINVAL.negative())
                            : outcome)),
            Mutant.of("sums-of-any-file", Clause.SYS_3, "a file that is not under verification has sums all the same",
                    Edits.after((state, call, outcome) -> {
                        OpenFile file = call instanceof Call.GetCompressionStats get
                                ? state.open(call.task(), get.fd())
                                : null;
                        return file != null && !file.verified() && outcome.output() instanceof Output.Stats
                                ? Edits.output(outcome, 0, new Output.Stats(new Sums(file.position(), 0)))
                                : outcome;
                    })),
            Mutant.of("sums-by-descriptor", Clause.SYS_4, "a duplicate of a descriptor has sums of its own",
                    Edits.after((state, call, outcome) -> call instanceof Call.GetCompressionStats get
                            && outcome.output() instanceof Output.Stats && !isFirst(state, call.task(), get.fd())
                                    ? Edits.output(outcome, 0, new Output.Stats(Sums.ZERO))
                                    : outcome)),
            Mutant.of("sums-by-process", Clause.SYS_4, "a child does not see the sums of what it has inherited",
                    Edits.after((state, call, outcome) -> call instanceof Call.GetCompressionStats get
                            && outcome.output() instanceof Output.Stats && isInherited(state, call.task(), get.fd())
                                    ? Edits.output(outcome, 0, new Output.Stats(Sums.ZERO))
                                    : outcome)),
            Mutant.of("sums-of-all-files", Clause.SYS_4, "there is one pair of sums for the whole system",
                    Edits.after((state, call, outcome) -> {
                        if (!(outcome.output() instanceof Output.Stats) || state.files().size() < 2) {
                            return outcome;
                        }
                        Sums all = state.files().values().stream().map(OpenFile::sums).reduce(Sums.ZERO,
                                (one, other) -> one.plus(other.written(), other.after()));
                        return Edits.output(outcome, 0, new Output.Stats(all));
                    })),
            Mutant.of("reset-resets-all", Clause.SYS_4, "reset zeroes the sums of every open file",
                    Edits.after((state, call, outcome) -> {
                        if (!(call instanceof Call.ResetCompressionStats) || outcome.isError()) {
                            return outcome;
                        }
                        State next = outcome.next();
                        for (int id : state.files().keySet()) {
                            next = Edits.sums(next, id, Sums.ZERO);
                        }
                        return Edits.next(outcome, next);
                    })));

    private StatsMutants() {
    }

    private static boolean isStats(Call call) {
        return call instanceof Call.GetCompressionStats || call instanceof Call.ResetCompressionStats;
    }

    /** Whether no lower descriptor of the task stands for the same open file. */
    private static boolean isFirst(State state, int pid, int fd) {
        int file = Edits.file(state, pid, fd);
        for (int lower = 0; lower < fd; lower++) {
            if (Edits.file(state, pid, lower) == file) {
                return false;
            }
        }
        return true;
    }

    /** Whether an older task has the open file too. */
    private static boolean isInherited(State state, int pid, int fd) {
        int file = Edits.file(state, pid, fd);
        for (Task task : state.tasks().values()) {
            if (task.pid() < pid && task.files() != state.task(pid).files()
                    && state.table(task).entries().values().stream().anyMatch(each -> each.file() == file)) {
                return true;
            }
        }
        return false;
    }
}
