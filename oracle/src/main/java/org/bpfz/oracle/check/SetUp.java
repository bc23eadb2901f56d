package org.bpfz.oracle.check;

import org.bpfz.oracle.trace.TraceEvent;
import org.bpfz.spec.kernel.Credentials;
import org.bpfz.spec.kernel.DescriptorTable;
import org.bpfz.spec.kernel.FileSystem;
import org.bpfz.spec.kernel.FsContext;
import org.bpfz.spec.kernel.Inode;
import org.bpfz.spec.kernel.InodeKind;
import org.bpfz.spec.kernel.ProcessLimits;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Task;

/** Puts into a machine what a trace says was there before. */
final class SetUp {
    private SetUp() {
    }

    /**
     * The state with what the event says in it; as it is if the event is of another kind.
     *
     * @throws IllegalArgumentException if it can not be there
     */
    static State apply(State state, TraceEvent event) {
        return switch (event) {
            case TraceEvent.Disk e ->
                state.with(FileSystem.ofSize(state.fileSystem(state.inode(State.ROOT)).id(), e.size()));
            case TraceEvent.Placed e -> {
                Inode parent = state.lookup(e.path().substring(0, e.path().lastIndexOf('/')));
                if (parent == null || !parent.isDirectory() || e.path().endsWith("/")) {
                    throw new IllegalArgumentException("there is no folder for " + e.path());
                }
                yield state.withNode(e.path(), e.uid(), e.gid(), e.mode(), e.content() == null
                        ? InodeKind.Directory.empty()
                        : new InodeKind.Regular(e.content()));
            }
            case TraceEvent.TaskMade e -> task(state, e);
            default -> state;
        };
    }

    private static State task(State state, TraceEvent.TaskMade made) {
        if (state.tasks().containsKey(made.pid())) {
            throw new IllegalArgumentException("there is a task " + made.pid() + " already");
        }
        Inode folder = state.lookup(made.cwd());
        if (folder == null || !folder.isDirectory()) {
            throw new IllegalArgumentException("there is no folder " + made.cwd());
        }
        int table = state.nextId();
        return state.withNextPid(Math.max(state.nextPid(), made.pid() + 1)).withIdTaken().withIdTaken()
                .withTable(table, DescriptorTable.EMPTY)
                .withContext(table + 1, new FsContext(State.ROOT, folder.id(), made.umask(), 1))
                .withLimits(made.pid(), ProcessLimits.INITIAL)
                .with(new Task(made.pid(), made.pid(), made.task(), Credentials.of(made.uid(), made.gid()), table,
                        table + 1));
    }
}
