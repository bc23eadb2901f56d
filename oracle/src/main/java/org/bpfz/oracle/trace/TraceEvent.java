package org.bpfz.oracle.trace;

import java.util.List;
import java.util.Set;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.HookRun;
import org.bpfz.spec.kernel.Observation;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Signal;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/** One line of a trace as it is read (docs/TRACE.md): what a checker has to explain. */
public sealed interface TraceEvent {
    /** Where it stands in the trace, from 1. */
    int line();

    /** The line of the scenario that it came of; 0 if the trace does not say. */
    int step();

    /** What happened in an interval of the order of all entries and exits: others may have happened meanwhile. */
    sealed interface Timed extends TraceEvent {
        /** Where its entry stands in that order, from 1; 0 where nothing else was going on. */
        long enter();

        /** Where its exit stands. */
        long exit();
    }

    /** The size of the root file system in bytes. */
    record Disk(int line, int step, long size) implements TraceEvent {}

    /**
     * A file that was there before.
     *
     * @param content null for a directory
     */
    record Placed(int line, int step, String path, int mode, int uid, int gid,
            @Nullable Rope content) implements TraceEvent {}

    /** A process that was there before, with nothing open. */
    record TaskMade(int line, int step, String task, int pid, int uid, int gid, int umask,
            String cwd) implements TraceEvent {}

    /** A map was created. */
    record MapMade(int line, int step, MapSpec spec) implements TraceEvent {}

    /**
     * BPF_PROG_LOAD.
     *
     * @param maps numbers of the maps that the image refers to
     * @param log  the verifier's; empty if there is none
     */
    record Load(int line, int step, String object, ProgramImage image, List<Integer> maps, long result,
            String log) implements TraceEvent {
        public Load {
            maps = List.copyOf(maps);
        }
    }

    /**
     * BPF_RAW_TRACEPOINT_OPEN.
     *
     * @param target the function, if it is not the program's own; then the program was loaded anew for it
     */
    record Attach(int line, int step, String program, @Nullable String target, String link, long enter, long exit,
            long result) implements Timed {}

    /** The last descriptor of a link was closed. */
    record Detach(int line, int step, String link, long enter, long exit) implements Timed {}

    /** User space updated an element of a map. */
    @SuppressWarnings("ArrayRecordComponent") // read once, by the checker
    record MapUpdate(int line, int step, String map, byte[] key, byte[] value, long result) implements TraceEvent {}

    /** User space looked an element up. */
    @SuppressWarnings("ArrayRecordComponent") // read once, by the checker
    record MapRead(int line, int step, String map, byte[] key, byte[] value, long result) implements TraceEvent {}

    /**
     * A system call that returned.
     *
     * @param runs    the programs that it ran; null if that was not recorded
     * @param signals the signals that it raised; null if that was not recorded
     */
    record Called(int line, int step, String task, long enter, long exit, Call call, Observation.Returned seen,
            @Nullable List<HookRun> runs, @Nullable Set<Signal> signals) implements Timed {}

    /** A system call that waits. */
    record Waits(int line, int step, String task, long enter, Call call) implements TraceEvent {}

    /** The kernel complained of itself. */
    record Kernel(int line, int step, Trouble trouble, String text) implements TraceEvent {}

    /** What a kernel may complain of. */
    enum Trouble {
        /** Its log says something that harms nobody. */
        MESSAGE,
        /** A WARN: something is wrong inside. */
        WARNING,
        /** A bad access in the kernel; the task is gone. */
        OOPS,
        /** The end. */
        PANIC,
        /** A call that must return has not, or a CPU does not answer. */
        HANG
    }

    /** A remark: what a program printed, or an expectation of the scenario that did not hold. */
    record Remark(int line, int step, String text) implements TraceEvent {}
}
