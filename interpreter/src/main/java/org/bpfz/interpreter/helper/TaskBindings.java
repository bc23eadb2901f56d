package org.bpfz.interpreter.helper;

import java.nio.charset.StandardCharsets;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.memory.Layout;

/** The helpers about the current task, the time, the CPU and chance (kernel/bpf/helpers.c, kernel/bpf/core.c). */
final class TaskBindings {
    private TaskBindings() {
    }

    static long pidTgid(Run run, long r1, long r2, long r3, long r4, long r5) {
        Task task = run.invocation().task();
        return pair(task.tgid(), task.pid());
    }

    static long uidGid(Run run, long r1, long r2, long r3, long r4, long r5) {
        Task task = run.invocation().task();
        return pair(task.gid(), task.uid());
    }

    static long comm(Run run, long target, long length, long r3, long r4, long r5) {
        int size = run.size("bpf_get_current_comm", 2, length & 0xffff_ffffL);
        byte[] name = run.invocation().task().comm().getBytes(StandardCharsets.UTF_8);
        byte[] buffer = new byte[size];
        System.arraycopy(name, 0, buffer, 0, Math.max(0, Math.min(name.length, size - 1)));
        run.memory().write(target, buffer);
        return 0;
    }

    static long task(Run run, long r1, long r2, long r3, long r4, long r5) {
        return Layout.TASK;
    }

    static long monotonic(Run run, long r1, long r2, long r3, long r4, long r5) {
        return run.services().clock().monotonic();
    }

    static long boot(Run run, long r1, long r2, long r3, long r4, long r5) {
        return run.services().clock().boot();
    }

    static long coarse(Run run, long r1, long r2, long r3, long r4, long r5) {
        return run.services().clock().coarse();
    }

    static long tai(Run run, long r1, long r2, long r3, long r4, long r5) {
        return run.services().clock().tai();
    }

    static long jiffies(Run run, long r1, long r2, long r3, long r4, long r5) {
        return run.services().clock().jiffies64();
    }

    static long random(Run run, long r1, long r2, long r3, long r4, long r5) {
        return run.services().random().getAsInt() & 0xffff_ffffL;
    }

    static long processor(Run run, long r1, long r2, long r3, long r4, long r5) {
        return run.invocation().cpu();
    }

    /** All CPUs are on node 0. */
    static long node(Run run, long r1, long r2, long r3, long r4, long r5) {
        return 0;
    }

    private static long pair(int high, int low) {
        return (long) high << 32 | Integer.toUnsignedLong(low);
    }
}
