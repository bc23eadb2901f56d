package org.bpfz.spec.kernel.live;

import com.google.common.collect.ImmutableSet;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.CallGenerator;
import org.bpfz.spec.kernel.Credentials;
import org.bpfz.spec.kernel.FileSystem;
import org.bpfz.spec.kernel.Flags;
import org.bpfz.spec.kernel.Hooks;
import org.bpfz.spec.kernel.InodeKind;
import org.bpfz.spec.kernel.Limits;
import org.bpfz.spec.kernel.Observation;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.ProcessLimits;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Relation;
import org.bpfz.spec.kernel.Source;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Task;
import org.jspecify.annotations.Nullable;

/** The running kernel and the model of it, brought into the same state and compared. */
final class Machine implements AutoCloseable {
    static final int TASK = State.INIT;
    private static final Path SHARED = Path.of("/dev/shm");
    /** Where sequences run: deep enough that a few ".." do not leave what is theirs. */
    private static final String WORK = "/p/q/w";
    private static final int NOBODY = 65534;
    /** Set-up capabilities by their bits in include/uapi/linux/capability.h: CHOWN, SETGID, SETUID, SYS_CHROOT, SYS_ADMIN, MKNOD. */
    private static final long FOR_SANDBOX = 1L | 1L << 6 | 1L << 7 | 1L << 18 | 1L << 21 | 1L << 27;
    /** What the model takes root to have besides: DAC_OVERRIDE, FOWNER, FSETID. */
    private static final long OF_ROOT = 1L << 1 | 1L << 3 | 1L << 4;

    /** Where and as whom a sequence runs. */
    enum Place {
        /** In a folder, as whoever runs the test, or as nobody if that is root. */
        PLAIN,
        /** In a file system of its own that is its root directory, as root. */
        SANDBOX_ROOT,
        /** The same as nobody. */
        SANDBOX_NOBODY
    }

    private final LinuxProcess process;
    private final Path directory;
    private final boolean root;
    private final boolean sandbox;
    private final long nofile;
    private final boolean late;
    private int sequences;

    private Machine(LinuxProcess process, Path directory, boolean root, boolean sandbox, long nofile,
            boolean late) {
        this.process = process;
        this.directory = directory;
        this.root = root;
        this.sandbox = sandbox;
        this.nofile = nofile;
        this.late = late;
    }

    /** The machine; null with a printed reason where the test cannot run. */
    static @Nullable Machine startOrNull() throws IOException, URISyntaxException {
        String reason = null;
        if (!System.getProperty("os.name").equals("Linux") || !System.getProperty("os.arch").equals("amd64")) {
            reason = "not Linux on x86-64";
        } else if (!Files.isWritable(SHARED) || !Files.getFileStore(SHARED).type().equals("tmpfs")) {
            reason = "/dev/shm is no tmpfs that can be written to";
        }
        if (reason != null) {
            System.out.println("differential test against Linux skipped: " + reason);
            return null;
        }
        long capabilities = Long.parseUnsignedLong(status("CapEff").getFirst(), 16);
        boolean root = status("Uid").get(1).equals("0");
        boolean sandbox = root && (capabilities & (FOR_SANDBOX | OF_ROOT)) == (FOR_SANDBOX | OF_ROOT);
        Path directory = Files.createTempDirectory(SHARED, "bpfz-differential-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Machine(new LinuxProcess(), directory, root, sandbox, openFilesLimit(), isLate());
    }

    private static List<String> status(String key) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(key + ":")) {
                String value = line.substring(key.length() + 1).strip();
                return value.isEmpty() ? List.of() : Arrays.asList(value.split("\\s+", -1));
            }
        }
        throw new IOException("/proc/self/status has no " + key);
    }

    private static long openFilesLimit() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max open files")) {
                return Long.parseLong(Arrays.asList(line.split("\\s{2,}", -1)).get(2));
            }
        }
        throw new IOException("/proc/self/limits has no open files");
    }

    /** Where sequences can run here. */
    List<Place> places() {
        return sandbox ? List.of(Place.values()) : List.of(Place.PLAIN);
    }

    /**
     * The model of where a sequence starts.
     *
     * @param bytes the size of the file system; null for one without a limit
     */
    State start(Place place, @Nullable Long bytes) throws IOException {
        FileSystem fileSystem = bytes == null ? FileSystem.unlimited(1) : FileSystem.ofSize(1, bytes);
        Credentials who = credentials(place);
        State state = State.boot(fileSystem).with(new Task(TASK, TASK, "test", who, 1, 1));
        StringBuilder path = new StringBuilder();
        for (String name : WORK.substring(1).split("/", -1)) {
            path.append('/').append(name);
            state = state.withNode(path.toString(), who.fsuid(), who.fsgid(), 0755, InodeKind.Directory.empty());
        }
        int work = state.nextId() - 1;
        return state.withContext(1, state.context(state.task(TASK)).withCwd(work)).withLimits(TASK,
                new ProcessLimits(-1, -1, nofile, nofile));
    }

    private Credentials credentials(Place place) throws IOException {
        if (place == Place.SANDBOX_ROOT) {
            return Credentials.ROOT;
        }
        if (root) {
            return Credentials.of(NOBODY, NOBODY);
        }
        List<Integer> uids = status("Uid").stream().map(Integer::parseUnsignedInt).toList();
        List<Integer> gids = status("Gid").stream().map(Integer::parseUnsignedInt).toList();
        ImmutableSet<Integer> groups = status("Groups").stream().map(Integer::parseUnsignedInt)
                .collect(ImmutableSet.toImmutableSet());
        return new Credentials(uids.get(0), uids.get(1), uids.get(2), uids.get(3), gids.get(0), gids.get(1),
                gids.get(2),
                gids.get(3), groups);
    }

    /**
     * Whether the running kernel is known to answer a call otherwise than 6.12 does. From 6.15 on a write to a file takes the page
     * before it looks whether there is something to put into it (mm/filemap.c, generic_perform_write), and a write to a pipe
     * takes the slot after it has filled the page (fs/pipe.c, anon_pipe_write).
     */
    boolean knownToDiffer(State state, Call call) {
        if (!late) {
            return false;
        }
        return switch (call) {
            case Call.Write c -> faultsElsewhere(state, c.fd(), null, false, List.of(c.source()));
            case Call.Pwrite64 c -> faultsElsewhere(state, c.fd(), c.offset(), false, List.of(c.source()));
            case Call.Writev c -> faultsElsewhere(state, c.fd(), null, false, c.vector().segments());
            case Call.Pwritev c -> faultsElsewhere(state, c.fd(), c.offset(), false, c.vector().segments());
            case Call.Pwritev2 c -> faultsElsewhere(state, c.fd(), c.offset() == -1 ? null : c.offset(),
                    (c.flags() & Flags.RWF_APPEND) != 0, c.vector().segments());
            default -> false;
        };
    }

    private static boolean faultsElsewhere(State state, int fd, @Nullable Long offset, boolean append,
            List<Source> segments) {
        OpenFile file = state.open(TASK, fd);
        long readable = 0;
        boolean faults = false;
        for (Source segment : segments) {
            readable += segment.readable().length();
            faults = segment.faults();
            if (faults) {
                break;
            }
        }
        if (file == null || !faults) {
            return false;
        }
        if (state.inode(file.inode()).kind() instanceof InodeKind.Fifo) {
            return true;
        }
        long position = append || file.appends()
                ? state.inode(file.inode()).size()
                : offset == null ? file.position() : offset;
        return readable == 0 || (position + readable) % Limits.PAGE_SIZE == 0;
    }

    /** Whether the running kernel is 6.15 or later. */
    private static boolean isLate() throws IOException {
        List<String> version = Arrays.asList(Files.readString(Path.of("/proc/sys/kernel/osrelease")).split("[.-]", -1));
        int major = Integer.parseInt(version.get(0));
        return major > 6 || (major == 6 && Integer.parseInt(version.get(1)) >= 15);
    }

    /** Calls that do not wait, each chosen in the state that the ones before it lead to, and then a look at what is left. */
    List<Call> generate(State start, CallGenerator generator, int length) {
        List<Call> calls = new ArrayList<>();
        State state = start;
        while (calls.size() < length) {
            Call call = generator.next(state);
            Outcome outcome = Relation.allowed(state, call, Reading.strict(), Hooks.NONE).first();
            if (outcome instanceof Outcome.Returned && !knownToDiffer(state, call)) {
                calls.add(call);
                state = outcome.next();
            }
        }
        return calls;
    }

    /** Runs the calls on both sides, and a look at every file after them; the first difference, or null. */
    @Nullable
    String difference(Place place, @Nullable Long bytes, List<Call> sequence) throws IOException {
        State start = start(place, bytes);
        List<Call> calls = new ArrayList<>(sequence);
        calls.addAll(LookAround.calls(after(start, sequence), TASK));
        List<RawCall> raw = new ArrayList<>();
        for (Call call : calls) {
            raw.add(CallEncoder.encode(call));
        }
        List<LinuxProcess.Answer> answers = execute(place, bytes, raw);
        State state = start;
        for (int i = 0; i < calls.size(); i++) {
            Outcome outcome = Relation.allowed(state, calls.get(i), Reading.strict(), Hooks.NONE).first();
            String difference = compare(calls.get(i), outcome, answers.get(i));
            if (difference != null) {
                return "call " + i + ", " + difference;
            }
            state = outcome.next();
        }
        return null;
    }

    private List<LinuxProcess.Answer> execute(Place place, @Nullable Long bytes, List<RawCall> calls)
            throws IOException {
        Path folder = directory.resolve("s" + sequences++);
        Path work = Files.createDirectories(folder.resolve(WORK.substring(1)));
        try {
            if (place != Place.PLAIN) {
                String options = "mode=755" + (bytes == null ? "" : ",size=" + bytes);
                return process.run(folder, options, place == Place.SANDBOX_ROOT ? 0 : NOBODY, calls);
            }
            if (root) {
                for (Path owned = work; !owned.equals(folder); owned = owned.getParent()) {
                    Files.setAttribute(owned, "unix:uid", NOBODY);
                    Files.setAttribute(owned, "unix:gid", NOBODY);
                }
            }
            return process.run(work, "", root ? NOBODY : 0, calls);
        } finally {
            makeRemovable(folder);
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private static State after(State start, List<Call> calls) {
        State state = start;
        for (Call call : calls) {
            state = Relation.allowed(state, call, Reading.strict(), Hooks.NONE).first().next();
        }
        return state;
    }

    private static @Nullable String compare(Call call, Outcome outcome, LinuxProcess.Answer answer) {
        if (!(outcome instanceof Outcome.Returned expected)) {
            return call + ": the model waits";
        }
        boolean failed = answer.result() < 0 && answer.result() >= -4095;
        Observation.Returned seen = failed
                ? Observation.of(answer.result())
                : new Observation.Returned(answer.result(), CallEncoder.output(call, answer));
        if (expected.explains(seen)) {
            return null;
        }
        return call + ": Linux " + show(seen.result()) + " " + seen.output() + ", model " + show(expected.result())
                + " "
                + expected.output();
    }

    private static String show(long result) {
        Errno errno = result < 0 && result >= -4095 ? Errno.of((int) -result) : null;
        return errno == null ? Long.toString(result) : "-" + errno;
    }

    /** The calls with the model's results, a line each. */
    static String describe(State start, List<Call> calls) {
        StringBuilder text = new StringBuilder();
        State state = start;
        for (Call call : calls) {
            Outcome outcome = Relation.allowed(state, call, Reading.strict(), Hooks.NONE).first();
            text.append(call).append(" = ")
                    .append(outcome instanceof Outcome.Returned returned ? show(returned.result()) : "waits")
                    .append('\n');
            state = outcome.next();
        }
        return text.toString();
    }

    /** Gives folders that a sequence has closed to their owner back. */
    private static void makeRemovable(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    makeRemovable(entry);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        process.close();
        Files.delete(directory);
    }
}
