package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bpfz.oracle.calls.PathBytes;
import org.bpfz.oracle.qemu.CallLayout.Laid;
import org.bpfz.oracle.qemu.GuestTasks.Done;
import org.bpfz.oracle.qemu.GuestTasks.Settled;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Signal;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.Hook;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * A machine that runs one scenario after the other: each has a root file system, tasks, programs and links of its own, of which
 * {@link #end} leaves nothing.
 */
public final class Guest {
    private static final String ROOT = "/scenario";
    private static final int SYS_MKDIR = 83;
    private static final int SYS_CHMOD = 90;
    private static final int SYS_CHOWN = 92;
    private static final int SYS_UMASK = 95;
    private static final int SYS_SETGROUPS = 116;
    private static final int SYS_SETRESUID = 117;
    private static final int SYS_SETRESGID = 119;
    private static final int SYS_MKNOD = 133;
    private static final int SYS_CHROOT = 161;
    private static final int SYS_MOUNT = 165;
    private static final int SYS_UMOUNT2 = 166;
    private static final int SYS_CHDIR = 80;
    private static final int SYS_EXIT = 60;
    private static final int SYS_EXIT_GROUP = 231;
    private static final int SYS_CLOSE_RANGE = 436;
    private static final int SYS_OPEN = 2;
    private static final int SYS_WRITE = 1;
    private static final int SYS_CLOSE = 3;
    private static final int SYS_PRLIMIT64 = 302;
    private static final int RLIMIT_NOFILE = 7;
    private static final int NOFILE_SOFT = 1024;
    private static final int NOFILE_HARD = 4096;
    private static final int MNT_DETACH = 2;
    private static final int CREATE_NEW = 0301;
    private static final int EEXIST = -17;
    private static final int MEMORY_DEVICE = 1 << 8;
    private static final int CHARACTER = 020666;
    private static final long SIGCHLD = 17;
    private static final long CLONE_THREAD = 0x10000;
    private static final int WRITE_AT_ONCE = 1 << 24;
    /** r0 = 0; exit. */
    private static final List<RawInstruction> PROBE = List.of(RawInstruction.ofWord(0xb7), RawInstruction.ofWord(0x95));

    private final VirtualMachine machine;
    private final KernelFacts facts;
    private final int cpus;
    private final GuestTasks tasks;
    private final GuestPrograms programs;
    private final Map<Integer, Call> running = new HashMap<>();
    private final Map<Integer, Integer> groups = new HashMap<>();
    private @Nullable Request request;
    private int leaving = -1;
    private final List<Integer> joint = new ArrayList<>();

    /**
     * A guest whose agent waits for requests.
     *
     * @param cpus how many CPUs it has
     */
    public Guest(VirtualMachine machine, KernelFacts facts, int cpus) {
        this.machine = machine;
        this.facts = facts;
        this.cpus = cpus;
        tasks = new GuestTasks(machine);
        programs = new GuestPrograms(machine, facts);
    }

    /**
     * What came of a call.
     *
     * @param enter where its entry stands in the order of all entries and exits, from 1
     * @param exit  where its exit stands; 0 while it waits
     */
    public record CallDone(long result, long enter, long exit, Set<Signal> signals, Output output,
            List<byte[]> memory) {
        /** Whether it has not returned. */
        public boolean isWaiting() {
            return exit == 0;
        }

        /** The same with what it stored. */
        public CallDone withOutput(Output stored) {
            return new CallDone(result, enter, exit, signals, stored, memory);
        }
    }

    /**
     * What BPF_PROG_LOAD said.
     *
     * @param result a descriptor, or a negative error number
     */
    public record Program(long result, String log) {}

    /**
     * What came of calls that were done at once.
     *
     * @param calls    by slot, in their order
     * @param detached in the order of the descriptors
     * @param resumed  calls that waited before, by slot
     */
    public record JointDone(Map<Integer, List<CallDone>> calls, List<CallDone> detached,
            Map<Integer, CallDone> resumed) {}

    /**
     * Makes the root file system.
     *
     * @param size in bytes; null for one that does not run full
     */
    public void begin(@Nullable Long size) throws IOException {
        Request setUp = new Request();
        List<Integer> results = new ArrayList<>();
        setUp.call(SYS_UMASK, 0);
        int folder = setUp.call(SYS_MKDIR, setUp.put(ROOT), 0755);
        String options = "mode=755" + (size == null ? "" : ",size=" + size);
        results.add(setUp.call(SYS_MOUNT, setUp.put("tmpfs"), setUp.put(ROOT), setUp.put("tmpfs"), 0,
                setUp.put(options)));
        results.add(setUp.call(SYS_MKDIR, setUp.put(ROOT + "/dev"), 0755));
        results.add(setUp.call(SYS_MKNOD, setUp.put(ROOT + "/dev/null"), CHARACTER, MEMORY_DEVICE | 3));
        results.add(setUp.call(SYS_MKNOD, setUp.put(ROOT + "/dev/zero"), CHARACTER, MEMORY_DEVICE | 5));
        results.add(setUp.call(SYS_MKNOD, setUp.put(ROOT + "/dev/full"), CHARACTER, MEMORY_DEVICE | 7));
        results.add(setUp.call(SYS_MKDIR, setUp.put(ROOT + "/tmp"), 01777));
        Answers answers = machine.call(setUp);
        if (answers.result(folder) != EEXIST) {
            results.add(folder);
        }
        require("the root file system", answers, results);
    }

    private static void require(String what, Answers answers, List<Integer> results) throws IOException {
        for (int index : results) {
            if (answers.result(index) < 0) {
                throw new IOException(what + " can not be made: " + GuestBpf.errorName((int) answers.result(index)));
            }
        }
    }

    /** Makes a file or, without content, a folder; false if that is not possible there. */
    public boolean place(String path, int mode, int uid, int gid, @Nullable Rope content) throws IOException {
        Request setUp = new Request();
        byte[] bytes = PathBytes.encode(ROOT + path);
        long name = setUp.put(java.util.Arrays.copyOf(bytes, bytes.length + 1));
        List<Integer> results = new ArrayList<>();
        if (content == null) {
            results.add(setUp.call(SYS_MKDIR, name, 0700));
        } else {
            long fd = setUp.zeroed(Long.BYTES);
            results.add(setUp.callKeeping(fd, Integer.BYTES, SYS_OPEN, new Request.Argument.Value(name),
                    new Request.Argument.Value(CREATE_NEW), new Request.Argument.Value(0600)));
            for (long at = 0; at < content.length(); at += WRITE_AT_ONCE) {
                Rope part = content.slice(at, Math.min(content.length(), at + WRITE_AT_ONCE));
                long data = setUp.put(part.toByteArray());
                results.add(setUp.callKeeping(0, 0, SYS_WRITE, new Request.Argument.At(fd),
                        new Request.Argument.Value(data), new Request.Argument.Value(part.length())));
            }
            setUp.callKeeping(0, 0, SYS_CLOSE, new Request.Argument.At(fd));
        }
        results.add(setUp.call(SYS_CHOWN, name, uid, gid));
        results.add(setUp.call(SYS_CHMOD, name, mode));
        Answers answers = machine.call(setUp);
        return results.stream().allMatch(index -> answers.result(index) >= 0);
    }

    /** Writes a text into a file of the kernel's, such as a parameter; false if that is not possible. */
    public boolean write(String path, String text) throws IOException {
        Request writing = new Request();
        long fd = writing.zeroed(Long.BYTES);
        writing.callKeeping(fd, Integer.BYTES, SYS_OPEN, new Request.Argument.Value(writing.put(path)),
                new Request.Argument.Value(1), new Request.Argument.Value(0));
        long data = writing.put(text);
        int written = writing.callKeeping(0, 0, SYS_WRITE, new Request.Argument.At(fd),
                new Request.Argument.Value(data), new Request.Argument.Value(text.length()));
        writing.callKeeping(0, 0, SYS_CLOSE, new Request.Argument.At(fd));
        return machine.call(writing).result(written) == text.length();
    }

    /** Makes a process with nothing open; returns its slot. */
    public int task(int uid, int gid, int umask, String cwd) throws IOException {
        int slot = tasks.fork();
        groups.put(slot, tasks.pid(slot));
        Request setUp = tasks.begin();
        java.nio.ByteBuffer limits = java.nio.ByteBuffer.allocate(2 * Long.BYTES)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(NOFILE_SOFT).putLong(NOFILE_HARD);
        byte[] folder = PathBytes.encode(cwd);
        tasks.postSetUp(setUp, slot, SYS_CLOSE_RANGE, 0, 0xffffffffL, 0);
        tasks.postSetUp(setUp, slot, SYS_CHROOT, setUp.put(ROOT));
        tasks.postSetUp(setUp, slot, SYS_CHDIR, setUp.put(java.util.Arrays.copyOf(folder, folder.length + 1)));
        tasks.postSetUp(setUp, slot, SYS_PRLIMIT64, 0, RLIMIT_NOFILE, setUp.put(limits.array()), 0);
        tasks.postSetUp(setUp, slot, SYS_UMASK, umask);
        tasks.postSetUp(setUp, slot, SYS_SETGROUPS, 0, 0);
        tasks.postSetUp(setUp, slot, SYS_SETRESGID, gid, gid, gid);
        tasks.postSetUp(setUp, slot, SYS_SETRESUID, uid, uid, uid);
        for (Done done : Objects.requireNonNull(settle(setUp, 0, () -> {
        }).done().get(slot))) {
            if (done.result() < 0) {
                throw new IOException("a task can not be set up: " + GuestBpf.errorName((int) done.result()));
            }
        }
        return slot;
    }

    /** A task's thread id. */
    public int pid(int slot) {
        return tasks.pid(slot);
    }

    /** Creates a map; returns its descriptor. */
    public long create(MapSpec spec) throws IOException {
        return programs.create(spec);
    }

    /** How many bytes user space reads and writes of one element. */
    public int valueSize(MapSpec spec) {
        boolean each = spec.type() == MapType.PERCPU_ARRAY || spec.type() == MapType.PERCPU_HASH
                || spec.type() == MapType.LRU_PERCPU_HASH;
        return each ? (spec.valueSize() + 7) / 8 * 8 * cpus : spec.valueSize();
    }

    /** Updates an element; the raw result. */
    public long update(long map, byte[] key, byte[] value) throws IOException {
        return programs.update(map, key, value);
    }

    /** Looks an element up; null if there is none. */
    public byte @Nullable [] lookup(long map, byte[] key, int size) throws IOException {
        return programs.lookup(map, key, size);
    }

    /**
     * Loads a program.
     *
     * @param target the function that it shall be for; null for none
     * @param maps   descriptors
     */
    public Program load(ProgramImage image, @Nullable String target, List<Long> maps) throws IOException {
        GuestPrograms.Loading loading = programs.load(image, target, maps);
        return new Program(loading.result(), loading.log());
    }

    /** Attaches a program to its hook; the result is the link's descriptor, or a negative error number. */
    public CallDone attach(long program) throws IOException {
        Request attaching = tasks.begin();
        int enter = attaching.tick();
        int result = program < 0 ? -1 : GuestPrograms.attach(attaching, program);
        int exit = attaching.tick();
        Answers answers = machine.call(attaching);
        long fd = result < 0 ? program : answers.result(result);
        if (fd >= 0) {
            programs.owns(fd);
        }
        return done(fd, answers.result(enter), answers.result(exit));
    }

    /** Closes a link's last descriptor. */
    public CallDone detach(long link) throws IOException {
        Request closing = tasks.begin();
        int[] indices = detaching(closing, link);
        Answers answers = machine.call(closing);
        return done(answers.result(indices[1]), answers.result(indices[0]), answers.result(indices[2]));
    }

    private int[] detaching(Request closing, long link) {
        programs.closed(link);
        return new int[]{closing.tick(), GuestPrograms.close(closing, link), closing.tick()};
    }

    private static CallDone done(long result, long enter, long exit) {
        return new CallDone(result, enter, exit, Set.of(), Output.None.NONE, List.of());
    }

    /** Gives a call to a task that does not wait; false for one that can not be done here. */
    public boolean post(int slot, Call call) {
        Request posting = tasks.begin();
        request = posting;
        running.put(slot, call);
        switch (call) {
            case Call.Exit _,Call.ExitGroup _ -> {
                leaving = slot;
                tasks.postExit(posting, slot, call instanceof Call.Exit ? SYS_EXIT : SYS_EXIT_GROUP);
            }
            case Call.Clone c ->
                tasks.postClone(posting, slot, c.flags() | ((c.flags() & CLONE_THREAD) == 0 ? SIGCHLD : 0));
            case Call.StoreMapped c -> tasks.postStore(posting, slot, c.fd(), c.offset(), c.data().toByteArray());
            default -> {
                Laid laid = CallLayout.lay(posting, facts, call);
                if (laid == null) {
                    running.remove(slot);
                    return false;
                }
                tasks.post(posting, slot, laid, false, 0);
            }
        }
        return true;
    }

    /** Lets the posted call be done; returns what came of it and of all calls that waited, by slot. */
    public Map<Integer, CallDone> settle() throws IOException {
        Map<Integer, CallDone> results = new HashMap<>();
        Request posted = Objects.requireNonNull(request);
        request = null;
        if (leaving >= 0) {
            Done left = tasks.awaitExit(posted, leaving);
            results.put(leaving, done(0, left.enter(), left.exit()));
            leave(leaving, Objects.requireNonNull(running.remove(leaving)) instanceof Call.ExitGroup);
            leaving = -1;
            posted = tasks.begin();
        }
        settle(posted, 0, () -> {
        }).done().forEach((slot, all) -> {
            if (!all.isEmpty()) {
                results.put(slot, done(slot, all.getLast()));
            }
        });
        return results;
    }

    private void leave(int slot, boolean group) {
        if (group) {
            groups.forEach((other, leader) -> {
                if (leader.equals(groups.get(slot)) && other != slot) {
                    tasks.forget(other);
                    running.remove(other);
                }
            });
        }
    }

    private Settled settle(Request posted, int together, Runnable meanwhile) throws IOException {
        return tasks.settle(posted, together, meanwhile);
    }

    private CallDone done(int slot, Done done) {
        Call call = running.get(slot);
        if (done.isWaiting() || call == null) {
            return new CallDone(done.result(), done.enter(), done.exit(), done.signals(), Output.None.NONE,
                    done.memory());
        }
        running.remove(slot);
        return new CallDone(done.result(), done.enter(), done.exit(), done.signals(),
                CallLayout.output(call, done.result(), done.memory()), done.memory());
    }

    /** What a call that has returned stored. */
    public Output output(Call call, CallDone done) {
        return CallLayout.output(call, done.result(), done.memory());
    }

    /** Takes in the task that a clone has made; returns its slot, or -1 if it failed. */
    public int adopt(int parent, Call.Clone call, long result) {
        if (result <= 0) {
            return -1;
        }
        int slot = tasks.adopt((int) result);
        groups.put(slot, (call.flags() & CLONE_THREAD) != 0
                ? Objects.requireNonNull(groups.get(parent))
                : (Integer) (int) result);
        return slot;
    }

    /**
     * Gives a call to a task that others begin theirs with.
     *
     * @param placeholder the first of the numbers that stand for results of earlier calls of the same task
     * @param range       how many such numbers there are
     * @return which of these numbers stands for its result, from 0; negative for a call that can not be done here
     */
    public int postJoint(int slot, Call call, long placeholder, int range) {
        if (request == null) {
            request = tasks.begin();
        }
        Laid laid = CallLayout.lay(request, facts, call);
        if (laid == null) {
            return -1;
        }
        int earlier = 0;
        List<Long> arguments = new ArrayList<>(laid.arguments());
        for (int i = 0; i < arguments.size(); i++) {
            long number = arguments.get(i) - placeholder;
            if (number >= 0 && number < range) {
                arguments.set(i, number);
                earlier |= 1 << i;
            }
        }
        boolean first = !joint.contains(slot);
        if (first) {
            joint.add(slot);
        }
        tasks.post(request, slot, new Laid(laid.number(), arguments, laid.guards(), laid.stored()), first, earlier);
        return (tasks.posted(slot) - 1 - laid.guards().size()) % range;
    }

    /** Lets the calls be done at once, and closes links meanwhile. */
    public JointDone settleJoint(List<Long> links) throws IOException {
        Request posted = request == null ? tasks.begin() : request;
        request = null;
        List<int[]> indices = new ArrayList<>();
        Settled settled = settle(posted, joint.size(),
                () -> links.forEach(link -> indices.add(detaching(posted, link))));
        Map<Integer, List<CallDone>> calls = new HashMap<>();
        Map<Integer, CallDone> resumed = new HashMap<>();
        settled.done().forEach((slot, all) -> {
            if (joint.contains(slot)) {
                calls.put(slot, all.stream().map(each -> new CallDone(each.result(), each.enter(), each.exit(),
                        each.signals(), Output.None.NONE, each.memory())).toList());
            } else if (!all.isEmpty()) {
                resumed.put(slot, done(slot, all.getLast()));
            }
        });
        List<CallDone> detached = indices.stream().map(each -> done(settled.answers().result(each[1]),
                settled.answers().result(each[0]), settled.answers().result(each[2]))).toList();
        joint.clear();
        return new JointDone(calls, detached, resumed);
    }

    /** Whether a program can be attached to either hook, as it can where nothing is on them. */
    public boolean hooksAreFree() throws IOException {
        boolean free = true;
        for (Hook hook : Hook.values()) {
            ProgramImage image = ProgramImage.builder("probe", ProgramType.COMPRESSOR)
                    .attachType(AttachType.COMPRESSOR).attachTarget(hook.function()).code(PROBE).build();
            free &= attach(load(image, hook.function(), List.of()).result()).result() >= 0;
        }
        end();
        return free;
    }

    /** Ends tasks, programs and file system. */
    public void end() throws IOException {
        running.clear();
        groups.clear();
        joint.clear();
        request = null;
        leaving = -1;
        tasks.end();
        programs.closeAll();
        Request unmounting = new Request();
        unmounting.call(SYS_UMOUNT2, unmounting.put(ROOT), MNT_DETACH);
        machine.call(unmounting);
    }
}
