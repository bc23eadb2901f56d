package org.bpfz.spec.kernel.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.CallGenerator;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.Flags;
import org.bpfz.spec.kernel.Inode;
import org.bpfz.spec.kernel.InodeKind;
import org.bpfz.spec.kernel.Limits;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Hooks;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Relation;
import org.bpfz.spec.kernel.State;

/** Calls that look at every file that a sequence may have left: what it is, whose, and what is in it. */
final class LookAround {
    private static final long MOST = 1 << 18;

    private LookAround() {
    }

    static List<Call> calls(State state, int task) {
        List<Call> calls = new ArrayList<>();
        // Room for one more descriptor, and no limit that would stand in the way.
        for (int fd : state.table(state.task(task)).entries().keySet()) {
            calls.add(new Call.Lseek(task, fd, 0, Flags.SEEK_CUR));
            calls.add(new Call.Fcntl(task, fd, Flags.F_GETFL, 0));
            calls.add(new Call.Fstat(task, fd));
        }
        TreeSet<String> names = new TreeSet<>(CallGenerator.plainNames());
        State now = state;
        for (String name : names) {
            calls.add(new Call.Newfstatat(task, Flags.AT_FDCWD, name, Flags.AT_SYMLINK_NOFOLLOW));
            Call open = new Call.Open(task, name, Flags.O_RDONLY | Flags.O_NOFOLLOW | Flags.O_NONBLOCK, 0);
            Outcome outcome = Relation.allowed(now, open, Reading.strict(), Hooks.NONE).first();
            calls.add(open);
            if (outcome instanceof Outcome.Returned opened && !opened.isError()) {
                int fd = (int) opened.result();
                read(calls, task, fd, opened.next().inode(opened.next().open(task, fd).inode()));
                calls.add(new Call.Close(task, fd));
            }
        }
        return calls;
    }

    /** Reads the runs of pages with data; that there are holes between them shows in what SEEK_DATA finds. */
    private static void read(List<Call> calls, int task, int fd, Inode inode) {
        if (!(inode.kind() instanceof InodeKind.Regular file)) {
            return;
        }
        calls.add(new Call.Lseek(task, fd, 0, Flags.SEEK_DATA));
        for (Map.Entry<Long, Long> run : file.pages().runs().entrySet()) {
            long from = run.getKey() * Limits.PAGE_SIZE;
            long length = Math.min((run.getValue() - run.getKey()) * Limits.PAGE_SIZE, MOST);
            calls.add(new Call.Pread64(task, fd, Destination.of(length), from));
            calls.add(new Call.Lseek(task, fd, from, Flags.SEEK_HOLE));
        }
    }
}
