package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.qemu.CallLayout.Laid;
import org.bpfz.oracle.qemu.CallLayout.Stored;
import org.bpfz.spec.kernel.Signal;

/**
 * The tasks of a scenario in the guest: processes and threads that do calls which are posted to them.
 *
 * <p>A call that waits keeps its memory until it has returned; {@link #settle} asks again for all such calls.
 */
final class GuestTasks {
    private static final int UNTIMED = 1;
    private static final int CLONES = 2;
    private static final int TOGETHER = 4;
    private static final int COPIES = 8;
    private static final int RECORD = 4 * Long.BYTES;
    private static final long RUNNING = -1;
    private static final int SYS_MMAP = 9;
    private static final int SYS_MPROTECT = 10;
    private static final int SYS_MUNMAP = 11;
    private static final int PAGE = 4096;
    private static final long WINDOW = 0x5000_0000L;
    private static final int SHARED_FIXED = 0x11;
    private static final int READ_WRITE = 3;

    private final VirtualMachine machine;
    private final Map<Integer, Deque<Posted>> posted = new HashMap<>();
    private final Map<Integer, Integer> counts = new HashMap<>();
    private final Map<Integer, Integer> pids = new HashMap<>();
    private long floor = Request.ARENA_BASE;
    private int slots;

    GuestTasks(VirtualMachine machine) {
        this.machine = machine;
    }

    /**
     * What came of a call.
     *
     * @param enter  where its entry stands in the order of all entries and exits; 0 if it is not counted
     * @param exit   0 while it waits
     * @param memory what the stored memory holds
     */
    record Done(long result, long enter, long exit, Set<Signal> signals, List<byte[]> memory) {
        boolean isWaiting() {
            return exit == 0 && enter != 0;
        }
    }

    /**
     * What came of a request.
     *
     * @param done by slot
     */
    record Settled(Answers answers, Map<Integer, List<Done>> done) {}

    /** A call on its way: whose result somebody wants, and what to look at. */
    private record Posted(boolean wanted, List<Stored> stored) {}

    /** Makes a process with nothing open, as root. */
    int fork() throws IOException {
        int slot = slots++;
        Request request = new Request();
        int result = request.fork(slot);
        long pid = machine.call(request).result(result);
        if (pid < 0) {
            throw new IOException("the guest can not fork: " + GuestBpf.errorName((int) pid));
        }
        posted.put(slot, new ArrayDeque<>());
        counts.put(slot, 0);
        pids.put(slot, (int) pid);
        return slot;
    }

    /** A task's thread id. */
    int pid(int slot) {
        return pids.getOrDefault(slot, 0);
    }

    /** The slot of a task that a call has made. */
    int adopt(int pid) {
        pids.put(slots, pid);
        posted.put(slots, new ArrayDeque<>());
        counts.put(slots, 0);
        return slots++;
    }

    /** A request whose memory does not touch that of calls that wait. */
    Request begin() {
        return new Request(floor);
    }

    /** How many calls have been posted to a task. */
    int posted(int slot) {
        return counts.getOrDefault(slot, 0);
    }

    /** Posts a call that has no place in the order of entries and exits. */
    void postUntimed(Request request, int slot, int number, long... arguments) {
        add(request, slot, UNTIMED, 0, number, false, List.of(), arguments);
    }

    /** Posts a call of the setting up, whose result is wanted. */
    void postSetUp(Request request, int slot, int number, long... arguments) {
        add(request, slot, UNTIMED, 0, number, true, List.of(), arguments);
    }

    /**
     * Posts a call.
     *
     * @param together whether it begins when others do
     * @param earlier  a bit for each argument that is the index of a call of the task, whose result it shall be
     */
    void post(Request request, int slot, Laid laid, boolean together, int earlier) {
        laid.guards().forEach(guard -> postUntimed(request, slot, SYS_MPROTECT, guard, PAGE, 0));
        long[] arguments = laid.arguments().stream().mapToLong(Long::longValue).toArray();
        add(request, slot, together ? TOGETHER : 0, earlier, laid.number(), true, laid.stored(), arguments);
        laid.guards().forEach(guard -> postUntimed(request, slot, SYS_MPROTECT, guard, PAGE, READ_WRITE));
    }

    /** Posts clone(2), whose child gets the next slot. */
    void postClone(Request request, int slot, long flags) {
        add(request, slot, CLONES, 0, 0, true, List.of(), flags, slots);
    }

    /** Posts exit(2) or exit_group(2), which do not return. */
    void postExit(Request request, int slot, int number) {
        request.post(slot, 0, 0, number, 0);
    }

    /** Posts a store through a shared mapping. */
    void postStore(Request request, int slot, int fd, long offset, byte[] data) {
        long page = Math.floorDiv(offset, (long) PAGE) * PAGE;
        long length = data.length == 0 ? 0 : offset - page + data.length;
        long source = request.put(data);
        int mapping = posted(slot);
        add(request, slot, UNTIMED, 0, SYS_MMAP, false, List.of(), WINDOW, length, READ_WRITE, SHARED_FIXED, fd, page);
        add(request, slot, COPIES, 1 << 3, 0, true, List.of(), WINDOW + offset - page, source, data.length, mapping);
        add(request, slot, UNTIMED, 0, SYS_MUNMAP, false, List.of(), WINDOW, length);
    }

    private void add(Request request, int slot, int flags, int earlier, int number, boolean wanted,
            List<Stored> stored, long... arguments) {
        request.post(slot, flags, earlier, number, arguments);
        of(slot).add(new Posted(wanted, stored));
        counts.merge(slot, 1, Integer::sum);
    }

    private Deque<Posted> of(int slot) {
        Deque<Posted> queue = posted.get(slot);
        if (queue == null) {
            throw new IllegalStateException("no task " + slot);
        }
        return queue;
    }

    /**
     * Sends a request, lets the given tasks and all that wait come to rest, and returns what came of their calls that are wanted; a
     * call that waits is the last one of its task.
     *
     * @param together  how many of them begin at once
     * @param meanwhile what the agent itself does then, as part of the request
     */
    Settled settle(Request request, int together, Runnable meanwhile) throws IOException {
        request.start(together);
        meanwhile.run();
        List<Integer> busy = posted.entrySet().stream().filter(entry -> !entry.getValue().isEmpty())
                .map(Map.Entry::getKey).sorted().toList();
        Map<Integer, Integer> records = new HashMap<>();
        Map<Stored, Integer> memory = new HashMap<>();
        for (int slot : busy) {
            records.put(slot, request.collect(slot));
        }
        for (int slot : busy) {
            for (Posted call : of(slot)) {
                call.stored.forEach(part -> memory.put(part, request.peek(part.address(), part.length())));
            }
        }
        long end = request.end();
        Answers answers = machine.call(request);
        Map<Integer, List<Done>> done = new HashMap<>();
        for (int slot : busy) {
            done.put(slot, take(answers, answers.bytes(records.getOrDefault(slot, 0)), of(slot), memory));
        }
        floor = posted.values().stream().allMatch(Deque::isEmpty) ? Request.ARENA_BASE : Math.max(floor, end);
        return new Settled(answers, done);
    }

    private static List<Done> take(Answers answers, byte[] bytes, Deque<Posted> queue, Map<Stored, Integer> memory) {
        ByteBuffer records = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Done> done = new ArrayList<>();
        while (records.remaining() >= RECORD) {
            long result = records.getLong();
            long enter = records.getLong();
            long exit = records.getLong();
            long signals = records.getLong();
            if (signals == RUNNING && enter == 0) {
                throw new InputException("the task that was to do a call is gone");
            }
            if (signals == RUNNING) {
                done.add(new Done(0, enter, 0, Set.of(), List.of()));
                continue;
            }
            Posted call = queue.remove();
            if (call.wanted) {
                done.add(new Done(result, enter, exit, signals(signals), call.stored.stream()
                        .map(part -> answers.bytes(memory.getOrDefault(part, 0))).toList()));
            }
        }
        return done;
    }

    private static Set<Signal> signals(long mask) {
        Set<Signal> signals = EnumSet.noneOf(Signal.class);
        for (Signal signal : Signal.values()) {
            if ((mask >>> (signal.number() - 1) & 1) != 0) {
                signals.add(signal);
            }
        }
        return signals;
    }

    /** Sends a request that lets a task end, and returns where entry and exit of its last call stand. */
    Done awaitExit(Request request, int slot) throws IOException {
        request.start(0);
        int index = request.gone(slot);
        ByteBuffer answer = ByteBuffer.wrap(machine.call(request).bytes(index)).order(ByteOrder.LITTLE_ENDIAN);
        if (answer.getLong(0) == 0) {
            throw machine.stuck("a task that was to end is still there");
        }
        forget(slot);
        return new Done(0, answer.getLong(8), answer.getLong(16), Set.of(), List.of());
    }

    /** The task is gone. */
    void forget(int slot) {
        posted.remove(slot);
    }

    /** Ends all tasks. */
    void end() throws IOException {
        Request request = new Request();
        int left = request.endTasks();
        long result = machine.call(request).result(left);
        posted.clear();
        slots = 0;
        floor = Request.ARENA_BASE;
        if (result != 0) {
            throw machine.stuck(result + " tasks can not be ended");
        }
    }
}
