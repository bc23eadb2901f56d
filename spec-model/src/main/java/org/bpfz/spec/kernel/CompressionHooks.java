package org.bpfz.spec.kernel;

import org.bpfz.spec.program.Clause;
import org.bpfz.spec.kernel.Attachments.Attached;
import org.pcollections.PVector;

/** When the two hooks are consulted, with what, and what their answers mean (clauses HOOK, ATT-4, CTX-5 and CTX-6). */
final class CompressionHooks {
    private CompressionHooks() {
    }

    /** Consults decide for a file that has just been opened: whether its writes are to be verified (clause HOOK-1). */
    static boolean decide(Evaluation call, Inode inode, boolean pathOnly) {
        PVector<Attached> programs = call.state.attachments().decide();
        if (programs.isEmpty()) {
            return false;
        }
        call.restsOn(Clause.HOOK_1);
        if (pathOnly && call.choose(Variant.PathDecide.class) == Variant.PathDecide.NOT_CONSULTED) {
            return false;
        }
        Task task = call.task();
        Credentials who = task.credentials();
        Variant.DecideOwner owner = call.choose(Variant.DecideOwner.class);
        int uid = switch (owner) {
            case INODE -> inode.uid();
            case TASK -> who.uid();
            case TASK_EFFECTIVE -> who.euid();
            case TASK_FILE_ACCESS -> who.fsuid();
        };
        int gid = switch (owner) {
            case INODE -> inode.gid();
            case TASK -> who.gid();
            case TASK_EFFECTIVE -> who.egid();
            case TASK_FILE_ACCESS -> who.fsgid();
        };
        return chain(programs, program -> {
            int answer = (int) call.hooks().decide(program, task, uid, gid);
            call.ran(new HookRun.Decide(program, uid, gid, answer));
            return answer;
        }) > 0;
    }

    /**
     * Has some of a write's data verified.
     *
     * @param file    the open file, which is under verification
     * @param skipped how much of the write's data lies before it
     * @param data    the bytes that the program can get at; shorter than {@code size} where memory cannot be read
     */
    static VerifyAnswer verify(Evaluation call, int file, WriteRequest request, long skipped, long size, Rope data) {
        PVector<Attached> programs = call.state.attachments().verify();
        if (programs.isEmpty()) {
            return withoutProgram(call);
        }
        call.restsOn(Clause.HOOK_2);
        Task task = call.task();
        long offset = offset(call, file, request, skipped);
        return VerifyAnswer.of(chain(programs, program -> {
            int answer = (int) call.hooks().verify(program, task, offset, size, data);
            call.ran(new HookRun.Verify(program, offset, size, answer));
            return answer;
        }));
    }

    /** Clause HOOK-5, except that clause HOOK-6 rules where nothing is attached at all. */
    private static VerifyAnswer withoutProgram(Evaluation call) {
        return switch (call.choose(Variant.NoVerifier.class)) {
            case NOT_COUNTED -> VerifyAnswer.NOT_COUNTED;
            case COMPRESSED_TO_NOTHING -> VerifyAnswer.of(0);
            case INCOMPRESSIBLE -> VerifyAnswer.INCOMPRESSIBLE;
            case REFUSED -> call.state.attachments().isEmpty() ? VerifyAnswer.NOT_COUNTED : VerifyAnswer.REFUSED;
        };
    }

    /** compress_ctx.offset: where the data lands (clause CTX-5). */
    private static long offset(Evaluation call, int id, WriteRequest request, long skipped) {
        OpenFile file = call.state.file(id);
        if (FileTraits.of(call.state, id).isStream()) {
            return switch (call.choose(Variant.StreamOffset.class)) {
                case ZERO -> 0;
                case MINUS_ONE -> -1;
            };
        }
        Inode inode = call.state.inode(file.inode());
        if (!request.appendsTo(file) || !inode.isRegular()) {
            return request.offset() + skipped;
        }
        return skipped + switch (call.choose(Variant.AppendOffset.class)) {
            case END_OF_FILE -> inode.size();
            case POSITION -> request.offset();
        };
    }

    /** Adds a completed write to the sums of an open file under verification (clauses HOOK-4 and SYS-4). */
    static void count(Evaluation call, int id, Sums more) {
        if (more.equals(Sums.ZERO)) {
            return;
        }
        call.restsOn(Clause.HOOK_4);
        OpenFile file = call.state.file(id);
        Inode inode = call.state.inode(file.inode());
        call.state = switch (call.choose(Variant.SumsOwner.class)) {
            case OPEN_FILE -> call.state.withFile(id, file.withSums(file.sums().plus(more.written(), more.after())));
            case INODE -> call.state.with(inode.withSums(inode.sums().plus(more.written(), more.after())));
        };
    }

    /** Runs a program and says what it returned. */
    @FunctionalInterface
    private interface Run {
        int of(int program);
    }

    /** Chained programs: the first result that is not zero ends the chain (clause ATT-4; kernel/bpf/trampoline.c, fmod_ret). */
    private static int chain(PVector<Attached> programs, Run run) {
        int answer = 0;
        for (Attached attached : programs) {
            answer = run.of(attached.program());
            if (answer != 0) {
                break;
            }
        }
        return answer;
    }
}
