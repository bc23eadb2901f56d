package org.bpfz.oracle.mutant;

import com.google.common.collect.ImmutableList;
import org.bpfz.oracle.model.Subject;
import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.HookRun;
import org.bpfz.spec.kernel.Hooks;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Source;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.program.Clause;

/** Mistakes with verify: when it is asked, with what, and what becomes of the write. */
final class WriteMutants {
    static final ImmutableList<Mutant> ALL = ImmutableList.of(forgotten("pwrite-forgotten", Call.Pwrite64.class),
            forgotten("writev-forgotten", Call.Writev.class), forgotten("pwritev-forgotten", Call.Pwritev.class),
            forgotten("pwritev2-forgotten", Call.Pwritev2.class),
            Mutant.of("verify-everything", Clause.HOOK_2, "every file is verified, whatever decide said",
                    Subject.MODEL.with((Subject.Behaviour) (state, call, reading, hooks) -> {
                        boolean wrongly = Edits.written(call).isPresent() && !Edits.isVerifiedWrite(state, call)
                                && !state.attachments().verify().isEmpty();
                        Outcome outcome = Edits.MODEL.execute(wrongly ? Edits.verified(state, call, true) : state, call,
                                reading, hooks);
                        return wrongly && outcome instanceof Outcome.Returned returned
                                ? Edits.next(returned, Edits.verified(returned.next(), call, false))
                                : outcome;
                    })),
            Mutant.of("errno-passed-on", Clause.HOOK_3, "verify's own error is returned",
                    Edits.after((state, call,
                            outcome) -> refused(outcome) == 0 || outcome.result() != Errno.EINVAL.negative()
                                    ? outcome
                                    : Edits.result(outcome, Math.max(refused(outcome), -4095)))),
            Mutant.of("only-errnos", Clause.HOOK_3, "only results from -4095 to -1 abort (IS_ERR_VALUE)",
                    Edits.verify((programs, program, task, offset, size, data) -> {
                        int result = (int) programs.verify(program, task, offset, size, data);
                        return result < -4095 ? 0 : result;
                    })),
            Mutant.of("verify-long", Clause.HOOK_3, "verify's 64-bit result is looked at instead of its int",
                    Edits.verify((programs, program, task, offset, size, data) -> {
                        long result = programs.verify(program, task, offset, size, data);
                        return result > Integer.MAX_VALUE ? Integer.MAX_VALUE : result;
                    })),
            Mutant.of("abort-too-late", Clause.WR_1,
                    "an aborted write has moved the position, though nothing was written",
                    Edits.after((state, call, outcome) -> aborted(state, call, outcome)
                            ? Edits.next(outcome, moved(outcome.next(), call))
                            : outcome)),
            Mutant.of("abort-after-half", Clause.WR_1, "an aborted write has written its first half",
                    Subject.MODEL.with((Subject.Behaviour) (state, call, reading, hooks) -> {
                        Outcome outcome = Edits.MODEL.execute(state, call, reading, hooks);
                        if (call instanceof Call.Write write && outcome instanceof Outcome.Returned returned
                                && aborted(state, call, returned)) {
                            Call half = new Call.Write(write.task(), write.fd(),
                                    Source.of(
                                            write.source().readable().prefix(write.source().readable().length() / 2)));
                            State bare = Edits.verified(state, call, false);
                            State next = Edits.MODEL.execute(bare, half, reading, hooks).next();
                            return Edits.next(returned, Edits.verified(next, call, true));
                        }
                        return outcome;
                    })),
            Mutant.of("offset-after", Clause.CTX_5, "verify sees the position after the write",
                    Edits.verify((programs, program, task, offset, size, data) -> programs.verify(program, task,
                            offset + size, size, data))),
            Mutant.of("offset-of-position", Clause.CTX_5, "verify sees the file's position also for pwrite64",
                    shown((programs, state, call) -> Edits.verify(programs,
                            (inner, program, task, offset, size, data) -> inner.verify(program, task,
                                    call instanceof Call.Pwrite64 pwrite ? position(state, call, pwrite.fd()) : offset,
                                    size, data)))),
            Mutant.of("first-segment", Clause.WR_4, "verify sees the first segment of a vectored write only",
                    shown((programs, state, call) -> Edits.verify(programs,
                            (inner, program, task, offset, size, data) -> {
                                long first = firstSegment(call);
                                return first >= 0 && first < size
                                        ? inner.verify(program, task, offset, first,
                                                data.prefix(Math.min(first, data.length())))
                                        : inner.verify(program, task, offset, size, data);
                            }))),
            Mutant.of("size-of-a-page", Clause.WR_5, "sizes above 1 MiB are cut",
                    Edits.verify((programs, program, task, offset, size, data) -> programs.verify(program, task, offset,
                            Math.min(size, 1 << 20), data.prefix(Math.min(data.length(), 1 << 20))))),
            Mutant.of("nothing-refused", Clause.WR_3, "a write of nothing fails with EINVAL",
                    Edits.after((state, call, outcome) -> Edits.isVerifiedWrite(state, call) && Edits.asked(call) == 0
                            && outcome.result() == 0 ? Edits.result(outcome, Errno.EINVAL.negative()) : outcome)),
            Mutant.of("no-verifier-fails", Clause.HOOK_5, "without a verify program a write fails with EIO",
                    Edits.after((state, call, outcome) -> Edits.isVerifiedWrite(state, call)
                            && state.attachments().verify().isEmpty() && outcome.result() > 0
                                    ? Edits.next(Edits.result(outcome, Errno.EIO.negative()), state)
                                    : outcome)),
            Mutant.of("copies-are-verified", Clause.HOOK_7, "what splice and sendfile move into a file counts",
                    Edits.after((state, call, outcome) -> {
                        int fd = switch (call) {
                            case Call.Splice splice -> splice.outFd();
                            case Call.Sendfile sendfile -> sendfile.outFd();
                            default -> -1;
                        };
                        int file = Edits.file(state, call.task(), fd);
                        return outcome.result() > 0 && file >= 0 && state.file(file).verified()
                                ? Edits.next(outcome,
                                        Edits.counted(outcome.next(), file, outcome.result(), outcome.result()))
                                : outcome;
                    })),
            Mutant.of("mapped-stores-count", Clause.HOOK_7, "stores through a mapping count",
                    Edits.after((state, call, outcome) -> call instanceof Call.StoreMapped store
                            && outcome.result() == 0
                            && Edits.file(state, call.task(), store.fd()) >= 0
                            && state.file(Edits.file(state, call.task(), store.fd())).verified()
                                    ? Edits.next(outcome,
                                            Edits.counted(outcome.next(), Edits.file(state, call.task(), store.fd()),
                                                    store.data().length(), store.data().length()))
                                    : outcome)),
            Mutant.of("fault-ignored", Clause.WR_2, "a write from an address that can not be read succeeds",
                    Edits.after((state, call, outcome) -> Edits.isVerifiedWrite(state, call)
                            && outcome.result() == Errno.EFAULT.negative()
                                    ? Edits.output(outcome, Edits.asked(call), Output.NONE)
                                    : outcome)));

    private WriteMutants() {
    }

    private static Mutant forgotten(String name, Class<? extends Call> kind) {
        return Mutant.of(name, Clause.HOOK_2, name.replace("-forgotten", "") + " does not consult verify",
                Edits.around(call -> kind.isInstance(call) ? call : null,
                        (state, call) -> Edits.verified(state, call, false),
                        (state, call, outcome) -> Edits.isVerifiedWrite(state, call)
                                ? Edits.next(outcome, Edits.verified(outcome.next(), call, true))
                                : outcome));
    }

    private interface Shown {
        Hooks change(Hooks programs, State state, Call call);
    }

    /** The model, with programs that are shown something else depending on the call. */
    private static Subject shown(Shown change) {
        return Subject.MODEL.with((Subject.Behaviour) (state, call, reading, hooks) -> Edits.MODEL.execute(state, call,
                reading, change.change(hooks, state, call)));
    }

    /** The negative result of verify; 0 if it did not refuse. */
    private static long refused(Outcome.Returned outcome) {
        return outcome.runs().stream().filter(run -> run instanceof HookRun.Verify && run.result() < 0)
                .mapToLong(HookRun::result).findFirst().orElse(0);
    }

    static boolean aborted(State state, Call call, Outcome.Returned outcome) {
        return Edits.isVerifiedWrite(state, call) && refused(outcome) < 0;
    }

    private static State moved(State state, Call call) {
        if (!(call instanceof Call.Write write)) {
            return state;
        }
        int id = Edits.file(state, call.task(), write.fd());
        OpenFile file = state.file(id);
        return state.withFile(id, file.withPosition(file.position() + Edits.asked(call)));
    }

    private static long position(State state, Call call, int fd) {
        OpenFile file = state.open(call.task(), fd);
        return file == null ? 0 : file.position();
    }

    private static long firstSegment(Call call) {
        return switch (call) {
            case Call.Writev c -> c.vector().segments().getFirst().length();
            case Call.Pwritev c -> c.vector().segments().getFirst().length();
            case Call.Pwritev2 c -> c.vector().segments().getFirst().length();
            default -> -1;
        };
    }
}
