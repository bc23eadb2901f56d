package org.bpfz.oracle.scenario;

import java.util.List;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/** Something that happened when a scenario was run, in the order of happening. */
public sealed interface RunEvent {

    /** The line of the scenario that it came of, counted from 1. */
    int line();

    /**
     * A call that returned.
     *
     * @param task    what the scenario calls the caller
     * @param entered where its entry stands in the order of all entries and exits, from 1
     * @param exited  where its exit stands
     */
    record Returned(int line, String task, Call call, Outcome.Returned outcome, int entered,
            int exited) implements RunEvent {}

    /** A call that waits for another task; it is heard of again when it returns. */
    record Waits(int line, String task, Call call, Outcome.Blocked outcome, int entered) implements RunEvent {}

    /** The root file system holds so many bytes. */
    record DiskSized(int line, long size) implements RunEvent {}

    /**
     * A file that was there before.
     *
     * @param mode    permissions
     * @param content null for a directory
     */
    record FilePlaced(int line, String path, int mode, int uid, int gid, @Nullable Rope content) implements RunEvent {}

    /** A process with nothing open. */
    record TaskMade(int line, String task, int pid, int uid, int gid, int umask, String cwd) implements RunEvent {}

    /** A map was created; maps are numbered from 0 in the order of these events. */
    record MapMade(int line, MapSpec spec) implements RunEvent {}

    /**
     * A program went through BPF_PROG_LOAD, with a raw result.
     *
     * @param elf  the object file that it comes from; null for one that stands in the scenario
     * @param maps the numbers of the maps that the image refers to, in its order
     * @param log  the verifier's; empty if it did not say anything
     */
    record Loaded(int line, String object, @Nullable Rope elf, ProgramImage image, List<Integer> maps, long result,
            String log) implements RunEvent {
        public Loaded {
            maps = List.copyOf(maps);
        }

        /** What the scenario calls the program. */
        public String program() {
            return image.name();
        }
    }

    /**
     * A program went through BPF_RAW_TRACEPOINT_OPEN, with a raw result.
     *
     * @param target the function that the scenario names; null for the one of the program's section
     * @param link   what the scenario calls the link
     */
    record Attached(int line, String program, @Nullable String target, String link, int entered, int exited,
            long result) implements RunEvent {}

    /** The last reference to a link went. */
    record Detached(int line, String link, int entered, int exited) implements RunEvent {}

    /** User space updated an element of a map. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record MapUpdated(int line, String map, byte[] key, byte[] value, long result) implements RunEvent {}

    /** User space looked an element up; the value is empty if it failed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record MapRead(int line, String map, byte[] key, byte[] value, long result) implements RunEvent {}

    /** A program wrote to the trace pipe during the call whose event comes next. */
    record Printed(int line, String message) implements RunEvent {}

    /** The scenario expected something else. */
    record Mismatch(int line, String message) implements RunEvent {}
}
