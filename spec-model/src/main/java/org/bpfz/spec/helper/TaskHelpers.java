package org.bpfz.spec.helper;

import java.nio.charset.StandardCharsets;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.Region;
import org.bpfz.spec.memory.RegionKind;
import org.bpfz.spec.memory.ViolationException;

/** The helpers that tell about the current task (kernel/bpf/helpers.c; kernel/trace/bpf_trace.c, bpf_get_current_task). */
final class TaskHelpers {
    private TaskHelpers() {
    }

    /** {@code u64 bpf_get_current_pid_tgid(void)}: tgid in the upper half, pid in the lower one. */
    static Outcome pidTgid(HelperCall call) {
        Task task = call.task();
        return Outcome.of((long) task.tgid() << 32 | Integer.toUnsignedLong(task.pid()));
    }

    /** {@code u64 bpf_get_current_uid_gid(void)}: gid in the upper half, uid in the lower one. */
    static Outcome uidGid(HelperCall call) {
        Task task = call.task();
        return Outcome.of((long) task.gid() << 32 | Integer.toUnsignedLong(task.uid()));
    }

    /** {@code long bpf_get_current_comm(char *buf, u32 size)}: the name, cut to the size with its terminator, and zeroes behind it. */
    static Outcome comm(HelperCall call) throws ViolationException, ArgumentException {
        int size = call.size(2, Integer.SIZE);
        byte[] buffer = new byte[size];
        byte[] comm = call.task().comm().getBytes(StandardCharsets.UTF_8);
        System.arraycopy(comm, 0, buffer, 0, Math.max(0, Math.min(comm.length, size - 1)));
        call.write(1, buffer);
        return Outcome.of(0);
    }

    /** {@code u64 bpf_get_current_task(void)}: the address of the task, a number to the verifier. */
    static Outcome task(HelperCall call) {
        return Outcome.of(Layout.TASK);
    }

    /** {@code struct task_struct *bpf_get_current_task_btf(void)}: the address of the task, a pointer to the verifier. */
    static Outcome taskPointer(HelperCall call) {
        return Outcome.pointer(new Region(RegionKind.TASK, "task " + call.task().pid(), Layout.TASK, 1));
    }
}
