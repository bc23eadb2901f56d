package org.bpfz.oracle.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.calls.CallReader;
import org.bpfz.oracle.calls.PathBytes;
import org.bpfz.oracle.model.Admissions;
import org.bpfz.oracle.model.HelperNames;
import org.bpfz.oracle.model.Machine;
import org.bpfz.oracle.model.ProgramHost;
import org.bpfz.oracle.model.Subject;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.oracle.syntax.Value.Text;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.MapCreationException;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.AssemblyException;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Credentials;
import org.bpfz.spec.kernel.DescriptorTable;
import org.bpfz.spec.kernel.FileSystem;
import org.bpfz.spec.kernel.FsContext;
import org.bpfz.spec.kernel.HookProgram;
import org.bpfz.spec.kernel.Inode;
import org.bpfz.spec.kernel.InodeKind;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.ProcessLimits;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Task;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario's directives set up: the machine with its disk and files, tasks, programs, links and maps. Programs are loaded and
 * attached by the first task, which is root's.
 */
final class World {
    /** What a scenario calls the first task. */
    static final String INIT = "init";

    private final Path folder;
    private final CallReader calls;
    private final Map<String, Integer> tasks = new HashMap<>(Map.of(INIT, State.INIT));
    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final Map<String, Integer> links = new HashMap<>();
    private final Subject subject;
    private final Consumer<RunEvent> events;
    private final ProgramHost host;
    private final Machine machine;

    /**
     * A program that went through BPF_PROG_LOAD.
     *
     * @param id      the number that the kernel knows it by; -1 if the verifier refused it
     * @param maps    the numbers of its maps in the order of creation
     * @param fd      the descriptor that BPF_PROG_LOAD returned; negative if the program was refused
     * @param refusal what the verifier refused it with; null if it did not
     * @param log     the verifier's
     */
    record Program(ProgramImage image, int id, List<Integer> maps, long fd, @Nullable Errno refusal, String log) {}

    /**
     * A world without anything in it.
     *
     * @param folder  where objects are looked for
     * @param subject what all this is run on
     * @param calls   knows what numbers are called
     * @param trace   hears what programs print
     * @param events  hears of what is set up
     */
    World(Path folder, Engine engine, Reading reading, Subject subject, CallReader calls, Consumer<String> trace,
            Consumer<RunEvent> events) {
        this.folder = folder;
        this.calls = calls;
        this.subject = subject;
        this.events = events;
        host = new ProgramHost(engine, subject.services()
                .apply(ProgramHost.services(reading).withTrace((task, cpu, message) -> trace.accept(message))));
        machine = new Machine(State.boot(), reading, subject.hooks().apply(host), subject.behaviour());
    }

    /** The machine. */
    Machine machine() {
        return machine;
    }

    void resizeDisk(Step.Disk step) throws NotationException {
        if (step.size().value() < 0) {
            throw new NotationException(step.size().at(), "a size expected");
        }
        State state = machine.state();
        FileSystem root = state.fileSystem(state.inode(State.ROOT));
        machine.set(state.with(FileSystem.ofSize(root.id(), step.size().value())));
        events.accept(new RunEvent.DiskSized(step.line(), step.size().value()));
    }

    void addDirectory(Step.Directory step) throws NotationException {
        place(step.line(), step.path(), new Attributes(calls, step.attributes(), Set.of("mode", "uid", "gid")), 0755,
                null);
    }

    void addFile(Step.ExistingFile step, Rope content) throws NotationException {
        place(step.line(), step.path(), new Attributes(calls, step.attributes(), Set.of("mode", "uid", "gid")), 0644,
                content);
    }

    private void place(int line, Text path, Attributes attributes, int otherwise, @Nullable Rope content)
            throws NotationException {
        String name = PathBytes.decode(path.bytes());
        int slash = name.lastIndexOf('/');
        if (!name.startsWith("/") || slash == name.length() - 1) {
            throw new NotationException(path.at(), "an absolute path expected");
        }
        State state = machine.state();
        Inode parent = state.lookup(name.substring(0, slash));
        if (parent == null || !parent.isDirectory()) {
            throw new NotationException(path.at(), "there is no folder for it; dir makes one");
        }
        if (state.lookup(name) != null) {
            throw new NotationException(path.at(), "is there already");
        }
        int uid = attributes.number("uid", 0);
        int gid = attributes.number("gid", 0);
        int mode = attributes.number("mode", otherwise);
        machine.set(state.withNode(name, uid, gid, mode,
                content == null ? InodeKind.Directory.empty() : new InodeKind.Regular(content)));
        events.accept(new RunEvent.FilePlaced(line, name, mode, uid, gid, content));
    }

    void addTask(Step.TaskStep step) throws NotationException {
        if (tasks.containsKey(step.task())) {
            throw new NotationException(step.at(), "there is a task " + step.task() + " already");
        }
        Attributes attributes = new Attributes(calls, step.attributes(), Set.of("uid", "gid", "umask", "cwd"));
        State state = machine.state();
        int pid = state.nextPid();
        int table = state.nextId();
        State next = state.withNextPid(pid + 1).withIdTaken().withIdTaken();
        Credentials who = Credentials.of(attributes.number("uid", 0), attributes.number("gid", 0));
        Value cwd = attributes.value("cwd");
        int folderId = cwd == null ? State.ROOT : folder(cwd).id();
        int umask = attributes.number("umask", 022);
        next = next.withTable(table, DescriptorTable.EMPTY)
                .withContext(table + 1, new FsContext(State.ROOT, folderId, umask, 1))
                .withLimits(pid, ProcessLimits.INITIAL).with(new Task(pid, pid, step.task(), who, table, table + 1));
        machine.set(next);
        tasks.put(step.task(), pid);
        events.accept(new RunEvent.TaskMade(step.line(), step.task(), pid, who.uid(), who.gid(), umask,
                cwd instanceof Text text ? PathBytes.decode(text.bytes()) : "/"));
    }

    private Inode folder(@Nullable Value path) throws NotationException {
        if (path instanceof Text text) {
            return inode(text);
        }
        throw new NotationException(path == null ? 0 : path.at(), "a path in quotes expected");
    }

    /** The pid of a task. */
    int pid(String task, int at) throws NotationException {
        Integer pid = tasks.get(task);
        if (pid == null) {
            throw new NotationException(at, "there is no task " + task + "; 'task " + task + "' makes one");
        }
        return pid;
    }

    /** What the scenario calls a task; its pid if it has no name. */
    String name(int pid) {
        return tasks.entrySet().stream().filter(entry -> entry.getValue() == pid).map(Map.Entry::getKey).findFirst()
                .orElse(String.valueOf(pid));
    }

    /** From here on the task is called so. */
    void nameTask(String name, int pid) {
        tasks.put(name, pid);
    }

    /** Loads each program of an object. */
    List<Program> load(Step.Load step) throws NotationException, IOException {
        Path file = file(step);
        if (!Files.isRegularFile(file)) {
            throw new NotationException(step.at(), file + " is no file");
        }
        try {
            BpfObject object = BpfObject.open(file);
            List<BpfMap> maps = object.maps().stream().map(definition -> create(step.line(), definition.spec()))
                    .toList();
            return object.programs().stream().filter(BpfProgram::autoload)
                    .map(program -> load(object.name(), object.program(program), maps)).toList();
        } catch (BadObject | MapCreationException e) {
            throw new NotationException(step.at(), Objects.requireNonNull(e.getMessage()));
        }
    }

    private Path file(Step.Load step) {
        return folder.resolve(PathBytes.decode(step.object().getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** The bytes of an object that has been loaded. */
    Rope bytes(Step.Load step) throws IOException {
        return Rope.wrap(Files.readAllBytes(file(step)));
    }

    private BpfMap create(int line, MapSpec spec) {
        BpfMap map = host.createMap(spec);
        events.accept(new RunEvent.MapMade(line, spec));
        return map;
    }

    private Program load(String origin, ProgramImage image, List<BpfMap> maps) {
        Verdict verdict = Admissions.verdict(image, machine.reading());
        boolean accepted = subject.admission().admits(image, verdict instanceof Verdict.Accepted)
                && Admissions.isDecodable(image);
        // What a subject refuses although the verifier accepts it, it refuses as the verifier most often does.
        Errno refusal = accepted ? null : Objects.requireNonNullElse(Admissions.refusal(verdict), Errno.EACCES);
        int id = accepted ? host.load(origin, image, maps).id() : -1;
        long fd = result(new Call.ProgLoad(State.INIT,
                new HookProgram(id, image.type(), image.attachType(), image.attachTarget(), refusal)));
        Program loaded = new Program(image, id, maps.stream().map(map -> map.id() - 1).toList(), fd, refusal,
                verdict.log());
        programs.put(image.name(), loaded);
        return loaded;
    }

    /**
     * Assembles and loads a program that stands in the scenario.
     *
     * @param scenario the file that it stands in, for complaints
     */
    Program load(Step.InlineProgram step, Path scenario) throws NotationException {
        try {
            org.bpfz.spec.isa.Program code = new Assembler(HelperNames.ofLinux()).assemble(step.code());
            return load(scenario.toString(), InlinePrograms.image(step, calls, Encoder.encode(code)), List.of());
        } catch (AssemblyException e) {
            String message = Objects.requireNonNull(e.getMessage());
            throw new InputException(scenario, step.line() + e.line(), e.column(),
                    message.substring(message.indexOf(": ") + 2));
        }
    }

    /** Attaches a program, loaded anew if another target is wanted than its section names; returns the raw result. */
    long attach(Step.Attach step) throws NotationException {
        Program program = programs.get(step.program());
        if (program == null) {
            throw new NotationException(step.at(), "no program " + step.program() + " is loaded; there are "
                    + (programs.isEmpty() ? "none" : String.join(", ", programs.keySet())));
        }
        if (links.getOrDefault(step.link(), -1) >= 0) {
            throw new NotationException(step.at(),
                    "there is a link " + step.link() + " already; 'as' gives it another name");
        }
        long fd = program.fd();
        if (step.target() != null) {
            ProgramImage image = program.image();
            fd = result(new Call.ProgLoad(State.INIT, new HookProgram(program.id(), image.type(), image.attachType(),
                    step.target(), program.refusal())));
        }
        if (fd < 0) {
            links.put(step.link(), (int) fd);
            return fd;
        }
        long link = result(new Call.RawTracepointOpen(State.INIT, (int) fd));
        links.put(step.link(), (int) link);
        return link;
    }

    /** Closes the link's descriptor, which is the only one; there is none where attaching has failed. */
    void detach(Step.Detach step) throws NotationException {
        Integer fd = links.remove(step.link());
        if (fd == null) {
            throw new NotationException(step.at(), "there is no link " + step.link());
        }
        if (fd >= 0) {
            result(new Call.Close(State.INIT, fd));
        }
    }

    private long result(Call call) {
        return switch (machine.call(call)) {
            case Outcome.Returned returned -> returned.result();
            case Outcome.Blocked _ -> throw new IllegalStateException("waits: " + call);
        };
    }

    /** The map of that name. */
    BpfMap map(String name, int at) throws NotationException {
        BpfMap map = host.map(name);
        if (map == null) {
            throw new NotationException(at, "no loaded object has a map " + name);
        }
        return map;
    }

    /** What is at an absolute path. */
    Inode inode(Text path) throws NotationException {
        Inode inode = machine.state().lookup(PathBytes.decode(path.bytes()));
        if (inode == null) {
            throw new NotationException(path.at(), "there is no such file");
        }
        return inode;
    }

    /** The bytes of a regular file. */
    Rope content(Text path) throws NotationException {
        if (inode(path).kind() instanceof InodeKind.Regular regular) {
            return regular.content();
        }
        throw new NotationException(path.at(), "is no regular file");
    }
}
