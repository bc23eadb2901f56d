package org.bpfz.proofs.syscalls;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.kernel.Attachments;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Flags;
import org.bpfz.spec.kernel.Hooks;
import org.bpfz.spec.kernel.Kernel;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Source;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Task;
import org.bpfz.spec.program.Hook;

/** Two tasks that share the open files behind descriptors 0 and 1, both of one file under verification, and what they may call. */
final class World {
    static final int CHILD = 2;
    static final List<Integer> TASKS = List.of(State.INIT, CHILD);
    static final List<Integer> DESCRIPTORS = List.of(0, 1);
    /** A write of so many bytes is refused by verify. */
    static final int REFUSED = 2;
    static final int WRITTEN = 3;
    private static final String PATH = "/tmp/a";

    /** Every file is under verification; all but {@link #REFUSED} bytes compress to a number that tells their count. */
    static final Hooks HOOKS = new Hooks() {
        @Override
        public long decide(int program, Task task, int uid, int gid) {
            return 1;
        }

        @Override
        public long verify(int program, Task task, long offset, long size, Rope data) {
            return compressed(size);
        }
    };

    private World() {
    }

    static long compressed(long size) {
        return size == REFUSED ? -1 : 5 + 2 * size;
    }

    static State begin() {
        Attachments both = Attachments.NONE.plus(Hook.DECIDE, new Attachments.Attached(-1, 1)).plus(Hook.VERIFY,
                new Attachments.Attached(-2, 2));
        Kernel kernel = new Kernel(State.boot().with(both), Reading.strict(), HOOKS);
        for (int fd : DESCRIPTORS) {
            if (kernel.result(new Call.Open(State.INIT, PATH, Flags.O_CREAT | Flags.O_RDWR, 0644)) != fd) {
                throw new IllegalStateException("the first descriptors are not 0 and 1");
            }
        }
        if (kernel.result(new Call.Clone(State.INIT, 0)) != CHILD) {
            throw new IllegalStateException("the second task is not " + CHILD);
        }
        return kernel.state();
    }

    /** What may be called in any state. */
    static List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        for (int task : TASKS) {
            for (int fd : DESCRIPTORS) {
                calls.add(new Call.Write(task, fd, Source.of(new byte[WRITTEN])));
                calls.add(new Call.Write(task, fd, Source.of(new byte[REFUSED])));
                calls.add(new Call.Write(task, fd, Source.of(new byte[0])));
                calls.add(new Call.ResetCompressionStats(task, fd));
                calls.add(new Call.Close(task, fd));
                calls.add(new Call.Dup2(task, fd, 1 - fd));
            }
            calls.add(new Call.Open(task, PATH, Flags.O_WRONLY, 0));
        }
        return calls;
    }
}
