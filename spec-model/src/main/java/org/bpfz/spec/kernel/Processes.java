package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;

/** Tasks that come and go, and what they share (kernel/fork.c, copy_process; kernel/exit.c; fs/exec.c, begin_new_exec). */
final class Processes {
    static final long CLONE_VM = 0x100;
    static final long CLONE_FS = 0x200;
    static final long CLONE_FILES = 0x400;
    static final long CLONE_SIGHAND = 0x800;
    static final long CLONE_THREAD = 0x10000;

    private Processes() {
    }

    /** fork, vfork and clone: which pid the new task gets is up to the kernel. */
    static Outcomes clone(Evaluation call, long flags) {
        boolean thread = (flags & CLONE_THREAD) != 0;
        boolean handlers = (flags & CLONE_SIGHAND) != 0;
        if ((thread && !handlers) || (handlers && (flags & CLONE_VM) == 0)) {
            return call.fail(Errno.EINVAL);
        }
        State before = call.state;
        Outcome.Returned first = cloned(call, before, flags, before.nextPid());
        return Outcomes.one(first).orMade(2, Integer.MAX_VALUE, pid -> before.tasks().containsKey((int) pid)
                ? Outcomes.one(first)
                : Outcomes.one(cloned(call, before, flags, (int) pid)));
    }

    private static Outcome.Returned cloned(Evaluation call, State before, long flags, int pid) {
        Task parent = call.task();
        State state = before.withNextPid(Math.max(before.nextPid(), pid + 1));
        int files = parent.files();
        DescriptorTable table = state.table(parent);
        if ((flags & CLONE_FILES) != 0) {
            state = state.withTable(files, table.withUsers(table.users() + 1));
        } else {
            files = state.nextId();
            state = state.withIdTaken().withTable(files, table.withoutReserved().withUsers(1));
            for (Descriptor entry : table.open()) {
                state = Descriptors.retain(state, entry.file());
            }
        }
        int fs = parent.fs();
        FsContext context = state.context(parent);
        if ((flags & CLONE_FS) != 0) {
            state = state.withContext(fs, context.withUsers(context.users() + 1));
        } else {
            fs = state.nextId();
            state = state.withIdTaken().withContext(fs, context.withUsers(1));
        }
        int tgid = (flags & CLONE_THREAD) != 0 ? parent.tgid() : pid;
        state = state.with(new Task(pid, tgid, parent.comm(), parent.credentials(), files, fs));
        if (tgid == pid) {
            state = state.withLimits(pid, before.limits(parent));
        }
        call.state = state;
        return call.returned(pid);
    }

    /** exit: the calling thread goes. */
    static Outcomes exit(Evaluation call) {
        call.state = gone(call.state, call.task());
        return call.ok(0);
    }

    /** exit_group: all threads of the process go. */
    static Outcomes exitGroup(Evaluation call) {
        for (Task task : call.state.tasks().values()) {
            if (task.tgid() == call.task().tgid()) {
                call.state = gone(call.state, task);
            }
        }
        return call.ok(0);
    }

    private static State gone(State state, Task task) {
        State left = leaveTable(state.withoutTask(task.pid()), task);
        FsContext context = left.context(task);
        left = context.users() > 1
                ? left.withContext(task.fs(), context.withUsers(context.users() - 1))
                : left.withoutContext(task.fs());
        boolean last = left.tasks().values().stream().noneMatch(other -> other.tgid() == task.tgid());
        return last ? left.withoutLimits(task.tgid()) : left;
    }

    /** Gives up a task's descriptor table; with the last user all descriptors are closed. */
    private static State leaveTable(State state, Task task) {
        DescriptorTable table = state.table(task);
        if (table.users() > 1) {
            return state.withTable(task.files(), table.withUsers(table.users() - 1));
        }
        State closed = state.withoutTable(task.files());
        for (Descriptor entry : table.open()) {
            closed = Descriptors.release(closed, entry.file());
        }
        return closed;
    }

    /** execve as far as descriptors go: other threads end, the table is the process's own, FD_CLOEXEC ones are closed. */
    static Outcomes exec(Evaluation call) {
        Task caller = call.task();
        State state = call.state;
        for (Task task : state.tasks().values()) {
            if (task.tgid() == caller.tgid() && task.pid() != caller.pid()) {
                state = gone(state, task);
            }
        }
        // The caller becomes the leader of its process, with the leader's pid (fs/exec.c, de_thread).
        int files = state.nextId();
        DescriptorTable kept = state.table(caller).withoutReserved().withUsers(1);
        state = state.withIdTaken();
        for (Descriptor entry : kept.open()) {
            state = Descriptors.retain(state, entry.file());
        }
        state = leaveTable(state, caller).withoutTask(caller.pid());
        for (var entry : kept.entries().entrySet()) {
            if (entry.getValue().closeOnExec()) {
                kept = kept.without(entry.getKey());
                state = Descriptors.release(state, entry.getValue().file());
            }
        }
        call.state = state.withTable(files, kept).with(new Task(caller.tgid(), caller.tgid(), caller.comm(),
                caller.credentials(), files, caller.fs()));
        return call.ok(0);
    }
}
