package org.bpfz.oracle.mutant;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.Map;
import org.bpfz.oracle.model.Subject;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Sums;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/** Mistakes with what a write adds to the sums. */
final class CountMutants {
    static final ImmutableList<Mutant> ALL = ImmutableList.of(
            Mutant.of("zero-is-an-error", Clause.HOOK_4, "a size of 0 after compression aborts the write",
                    Edits.verify((programs, program, task, offset, size, data) -> {
                        int result = (int) programs.verify(program, task, offset, size, data);
                        return result == 0 ? -1 : result;
                    })),
            Mutant.of("bigger-is-cut", Clause.HOOK_4, "a size after compression beyond the data's is cut to it",
                    Edits.verify((programs, program, task, offset, size, data) -> {
                        int result = (int) programs.verify(program, task, offset, size, data);
                        return Math.min(result, size);
                    })),
            Mutant.of("bigger-is-an-error", Clause.HOOK_4, "a size after compression beyond the data's aborts",
                    Edits.verify((programs, program, task, offset, size, data) -> {
                        int result = (int) programs.verify(program, task, offset, size, data);
                        return result > size ? -1 : result;
                    })),
            Mutant.of("last-write-only", Clause.HOOK_4, "the sums are those of the last write",
                    Edits.after((state, call, outcome) -> {
                        Sums grown = grown(state, call, outcome.next());
                        return grown == null
                                ? outcome
                                : Edits.next(outcome, Edits.sums(outcome.next(), id(state, call), grown));
                    })),
            Mutant.of("count-for-written", Clause.WR_2, "the bytes asked for are counted, not those written",
                    Edits.after((state, call, outcome) -> {
                        Sums grown = grown(state, call, outcome.next());
                        return grown == null || outcome.result() <= 0
                                ? outcome
                                : Edits.next(outcome, Edits.counted(outcome.next(), id(state, call),
                                        Edits.asked(call) - outcome.result(), 0));
                    })),
            Mutant.of("failures-count", Clause.WR_2, "a write that fails counts what it was asked to write",
                    Edits.after((state, call, outcome) -> Edits.isVerifiedWrite(state, call) && outcome.isError()
                            && !WriteMutants.aborted(state, call, outcome)
                                    ? Edits.next(outcome,
                                            Edits.counted(outcome.next(), id(state, call), Edits.asked(call), 0))
                                    : outcome)),
            Mutant.of("aborts-count", Clause.WR_1, "the sums grow although the write is aborted",
                    Edits.after((state, call, outcome) -> WriteMutants.aborted(state, call, outcome)
                            ? Edits.next(outcome,
                                    Edits.counted(outcome.next(), id(state, call), Edits.asked(call), 0))
                            : outcome)),
            Mutant.of("sums-of-32-bits", Clause.WR_5, "the sums are kept in 32 bits",
                    Edits.after((state, call, outcome) -> {
                        if (grown(state, call, outcome.next()) == null) {
                            return outcome;
                        }
                        Sums sums = outcome.next().file(id(state, call)).sums();
                        return Edits.next(outcome, Edits.sums(outcome.next(), id(state, call),
                                new Sums(sums.written() & 0xffff_ffffL, sums.after() & 0xffff_ffffL)));
                    })),
            new Mutant("updates-are-lost", Clause.SYS_5, "the sums are read and written back without a lock",
                    CountMutants::losing));

    private CountMutants() {
    }

    private static int id(State state, Call call) {
        return Edits.written(call).isEmpty() ? -1 : Edits.file(state, call.task(), Edits.written(call).getAsInt());
    }

    /** By how much a call has made the sums of its file grow; null if it has not. */
    private static @Nullable Sums grown(State before, Call call, State after) {
        int id = id(before, call);
        OpenFile now = id < 0 ? null : after.files().get(id);
        if (now == null || now.sums().equals(before.file(id).sums())) {
            return null;
        }
        Sums old = before.file(id).sums();
        return new Sums(now.sums().written() - old.written(), now.sums().after() - old.after());
    }

    /** Every seventh write of a file by several tasks overwrites what another task has just added. */
    private static Subject losing() {
        Map<Integer, Integer> last = new HashMap<>();
        Map<Integer, Sums> before = new HashMap<>();
        int[] writes = {0};
        return Edits.after((state, call, outcome) -> {
            Sums grown = grown(state, call, outcome.next());
            if (grown == null) {
                return outcome;
            }
            int id = id(state, call);
            Integer writer = last.put(id, call.task());
            Sums stale = before.put(id, state.file(id).sums());
            boolean races = writer != null && writer != call.task() && stale != null && ++writes[0] % 7 == 0;
            return races
                    ? Edits.next(outcome,
                            Edits.sums(outcome.next(), id, stale.plus(grown.written(), grown.after())))
                    : outcome;
        });
    }
}
