package org.bpfz.oracle.mutant;

import com.google.common.collect.ImmutableList;
import org.bpfz.oracle.model.Subject;
import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.HookRun;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.program.Clause;

/** Mistakes with decide: when it is asked, with what, and what its answer means. */
final class OpenMutants {
    static final ImmutableList<Mutant> ALL = ImmutableList.of(
            Mutant.of("decide-non-zero", Clause.HOOK_1, "any result of decide but zero turns verification on",
                    Edits.decide((programs, program, task, uid, gid) -> (int) programs.decide(program, task, uid,
                            gid) != 0 ? 1 : 0)),
            Mutant.of("decide-long", Clause.HOOK_1, "decide's 64-bit result is looked at instead of its int",
                    Edits.decide((programs, program, task, uid, gid) -> programs.decide(program, task, uid, gid) > 0
                            ? 1
                            : 0)),
            Mutant.of("creat-forgotten", Clause.HOOK_1, "creat does not consult decide",
                    Edits.around(call -> call instanceof Call.Creat ? call : null,
                            (state, call) -> Edits.withoutDecide(state), (state, call, outcome) -> Edits.next(outcome,
                                    outcome.next().with(state.attachments())))),
            Mutant.of("openat2-forgotten", Clause.HOOK_1, "openat2 does not consult decide",
                    Edits.around(call -> call instanceof Call.Openat2 ? call : null,
                            (state, call) -> Edits.withoutDecide(state), (state, call, outcome) -> Edits.next(outcome,
                                    outcome.next().with(state.attachments())))),
            Mutant.of("decide-twice", Clause.HOOK_1, "decide is consulted twice for each open",
                    Edits.decide((programs, program, task, uid, gid) -> {
                        programs.decide(program, task, uid, gid);
                        return programs.decide(program, task, uid, gid);
                    })),
            Mutant.of("decide-refuses", Clause.HOOK_1, "a negative result of decide makes the open fail",
                    Edits.after((state, call, outcome) -> outcome.runs().stream()
                            .anyMatch(run -> run instanceof HookRun.Decide && run.result() < 0)
                                    ? Edits.next(Edits.output(outcome, Errno.EINVAL.negative(), Output.NONE), state)
                                    : outcome)),
            Mutant.of("uid-gid-swapped", Clause.CTX_1, "uid and gid stand in each other's place",
                    Edits.decide((programs, program, task, uid, gid) -> programs.decide(program, task, gid, uid))),
            Mutant.of("offset-size-swapped", Clause.CTX_1, "offset and size stand in each other's place",
                    Edits.verify((programs, program, task, offset, size, data) -> programs.verify(program, task,
                            /* offset= */ size, /* size= */ offset, data))),
            Mutant.of("uid-not-filled-in", Clause.CTX_6, "decide always sees uid 0 and gid 0",
                    Edits.decide((programs, program, task, uid, gid) -> programs.decide(program, task, 0, 0))),
            Mutant.of("limits-writes", Clause.HOOK_6, "writes are cut to 64 KiB pieces also without programs",
                    Subject.MODEL.with((Subject.Behaviour) (state, call, reading, hooks) -> Edits.MODEL.execute(state,
                            state.attachments().isEmpty() && call instanceof Call.Write write
                                    && write.source().readable().length() > 1 << 16
                                            ? new Call.Write(write.task(), write.fd(),
                                                    org.bpfz.spec.kernel.Source
                                                            .of(write.source().readable().prefix(1 << 16)))
                                            : call,
                            reading, hooks))));

    private OpenMutants() {
    }
}
