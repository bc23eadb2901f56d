package org.bpfz.oracle.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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
import org.bpfz.oracle.calls.PathBytes;
import org.bpfz.oracle.model.HelperNames;
import org.bpfz.oracle.qemu.Guest;
import org.bpfz.oracle.qemu.Guest.CallDone;
import org.bpfz.oracle.qemu.Guest.Program;
import org.bpfz.oracle.qemu.GuestException;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.oracle.syntax.Value.Text;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.AssemblyException;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario on a real kernel, in a guest, and tells what happened; what is expected is not looked at, since a checker compares
 * what happened with the specification. For one run.
 */
public final class GuestScenario {
    /** Numbers that stand for the results of calls that are only on their way; no descriptor or size is like them. */
    private static final long PLACEHOLDER = 0x7e57_0000L;
    private static final int MAX_PLACEHOLDERS = 1 << 12;

    private final Scenario scenario;
    private final Guest guest;
    private final Consumer<RunEvent> events;
    private final Map<String, Long> variables = new HashMap<>();
    private final Map<String, Integer> tasks = new HashMap<>();
    private final Map<Integer, Begun> waiting = new LinkedHashMap<>();
    private final Map<String, Loaded> programs = new LinkedHashMap<>();
    private final Map<String, MapMade> maps = new HashMap<>();
    private final Map<String, Long> links = new HashMap<>();
    private final Generators generators;
    private final ScenarioCalls calls;
    private final Expectations expectations;
    private final Path folder;
    private int line;

    /** A call that was entered and has not returned. */
    private record Begun(Step.Invoke step, Call call) {}

    private record Loaded(ProgramImage image, List<MapMade> maps, long fd) {}

    private record MapMade(int number, MapSpec spec, long fd) {}

    /** A step of a task that others do theirs with. */
    private record Joint(int slot, Step.Invoke step, @Nullable Call call) {}

    /**
     * A run that has not begun.
     *
     * @param guest  of whose file system, tasks and programs nothing is left from another run
     * @param events hears of everything in the order of happening
     */
    public GuestScenario(Scenario scenario, Guest guest, Consumer<RunEvent> events) {
        this.scenario = scenario;
        this.guest = guest;
        this.events = events;
        Path parent = scenario.file().toAbsolutePath().getParent();
        folder = parent == null ? Path.of("/") : parent;
        generators = new Generators(folder);
        calls = new ScenarioCalls(generators, variables);
        expectations = new Expectations(calls, generators, variables);
    }

    /**
     * Runs all steps.
     *
     * @throws InputException if a step can not be done as it is written
     * @throws IOException    if the guest is of no use any more
     */
    public void run() throws IOException {
        boolean alive = true;
        try {
            step(() -> guest.begin(diskSize()));
            tasks.put(World.INIT, guest.task(0, 0, 022, "/"));
            // What was there before is made first: making it later would be seen by the programs.
            for (Step each : scenario.steps()) {
                line = each.line();
                step(() -> prepare(each));
            }
            for (Step each : scenario.steps()) {
                line = each.line();
                step(() -> perform(each));
            }
        } catch (GuestException e) {
            alive = false;
            throw e;
        } finally {
            if (alive) {
                guest.end();
            }
        }
    }

    /** The line of the step that is being done, or was the last; 0 before the first one. */
    public int line() {
        return line;
    }

    /** Something that may be wrong in the scenario. */
    private interface Doing {
        void run() throws NotationException, IOException;
    }

    private void step(Doing doing) throws IOException {
        try {
            doing.run();
        } catch (NotationException e) {
            throw new InputException(scenario.file(), line, e.at() + 1, Objects.requireNonNull(e.getMessage()));
        }
    }

    private @Nullable Long diskSize() {
        for (Step step : scenario.steps()) {
            if (step instanceof Step.Disk disk) {
                return disk.size().value();
            }
        }
        return null;
    }

    private void prepare(Step step) throws NotationException, IOException {
        switch (step) {
            case Step.Disk s -> events.accept(new RunEvent.DiskSized(s.line(), s.size().value()));
            case Step.Directory s -> place(s.line(), s.path(), s.attributes(), 0755, null);
            case Step.ExistingFile s ->
                place(s.line(), s.path(), s.attributes(), 0644, generators.data(s.content()));
            case Step.TaskStep s -> {
                Attributes attributes = new Attributes(calls, s.attributes(), Set.of("uid", "gid", "umask", "cwd"));
                int uid = attributes.number("uid", 0);
                int gid = attributes.number("gid", 0);
                int umask = attributes.number("umask", 022);
                String cwd = attributes.value("cwd") instanceof Text text ? PathBytes.decode(text.bytes()) : "/";
                int slot = guest.task(uid, gid, umask, cwd);
                tasks.put(s.task(), slot);
                events.accept(new RunEvent.TaskMade(s.line(), s.task(), guest.pid(slot), uid, gid, umask, cwd));
            }
            default -> {
                // not part of the setting
            }
        }
    }

    private void place(int at, Text path, List<Value.Field> fields, int otherwise, @Nullable Rope content)
            throws NotationException, IOException {
        Attributes attributes = new Attributes(calls, fields, Set.of("mode", "uid", "gid"));
        String name = PathBytes.decode(path.bytes());
        int mode = attributes.number("mode", otherwise);
        int uid = attributes.number("uid", 0);
        int gid = attributes.number("gid", 0);
        if (!name.startsWith("/")) {
            throw new NotationException(path.at(), "an absolute path expected");
        }
        if (!guest.place(name, mode, uid, gid, content)) {
            throw new NotationException(path.at(), "can not be made there");
        }
        events.accept(new RunEvent.FilePlaced(at, name, mode, uid, gid, content));
    }

    private void perform(Step step) throws NotationException, IOException {
        switch (step) {
            case Step.Load s -> load(s);
            case Step.InlineProgram s -> load(s);
            case Step.Attach s -> attach(s);
            case Step.Detach s -> detached(s, guest.detach(link(s)));
            case Step.MapUpdate s -> {
                MapMade map = map(s.map(), s.at());
                byte[] key = MapBytes.encode(s.key(), map.spec.keySize());
                byte[] value = MapBytes.encode(s.value(), guest.valueSize(map.spec));
                events.accept(new RunEvent.MapUpdated(s.line(), s.map(), key, value,
                        guest.update(map.fd, key, value)));
            }
            case Step.ExpectMap s -> {
                MapMade map = map(s.map(), s.at());
                byte[] key = MapBytes.encode(s.key(), map.spec.keySize());
                byte[] value = guest.lookup(map.fd, key, guest.valueSize(map.spec));
                events.accept(new RunEvent.MapRead(s.line(), s.map(), key, value == null ? new byte[0] : value,
                        value == null ? -2 : 0));
            }
            case Step.Invoke s -> invoke(s);
            case Step.Together s -> together(s);
            case Step.Disk _,Step.Directory _,Step.ExistingFile _,Step.TaskStep _,Step.ExpectRun _,Step.ExpectNoRun _,Step.ExpectSignal _,Step.ExpectFile _,Step.ExpectSize _ -> {
                // done before, or for the model alone
            }
        }
    }

    private void load(Step.Load step) throws NotationException, IOException {
        Path file = folder.resolve(PathBytes.decode(step.object().getBytes(StandardCharsets.ISO_8859_1)));
        if (!Files.isRegularFile(file)) {
            throw new NotationException(step.at(), file + " is no file");
        }
        try {
            BpfObject object = BpfObject.open(file);
            Rope elf = Rope.wrap(Files.readAllBytes(file));
            List<MapMade> made = new ArrayList<>();
            for (var definition : object.maps()) {
                MapMade map = new MapMade(maps.size(), definition.spec(), guest.create(definition.spec()));
                maps.put(map.spec.name(), map);
                made.add(map);
                events.accept(new RunEvent.MapMade(step.line(), map.spec));
            }
            for (BpfProgram program : object.programs()) {
                if (program.autoload()) {
                    load(step.line(), step.object(), elf, object.program(program), made);
                }
            }
        } catch (BadObject e) {
            throw new NotationException(step.at(), Objects.requireNonNull(e.getMessage()));
        }
    }

    private void load(Step.InlineProgram step) throws NotationException, IOException {
        try {
            org.bpfz.spec.isa.Program code = new Assembler(HelperNames.ofLinux()).assemble(step.code());
            load(step.line(), "", null, InlinePrograms.image(step, calls, Encoder.encode(code)), List.of());
        } catch (AssemblyException e) {
            String message = Objects.requireNonNull(e.getMessage());
            throw new InputException(scenario.file(), step.line() + e.line(), e.column(),
                    message.substring(message.indexOf(": ") + 2));
        }
    }

    private void load(int at, String object, @Nullable Rope elf, ProgramImage image, List<MapMade> used)
            throws IOException {
        Program loaded = guest.load(image, image.attachTarget(), used.stream().map(MapMade::fd).toList());
        programs.put(image.name(), new Loaded(image, used, loaded.result()));
        events.accept(new RunEvent.Loaded(at, object, elf, image, used.stream().map(MapMade::number).toList(),
                loaded.result(), loaded.log()));
    }

    private void attach(Step.Attach step) throws NotationException, IOException {
        Loaded program = programs.get(step.program());
        if (program == null) {
            throw new NotationException(step.at(), "no program " + step.program() + " is loaded");
        }
        long fd = program.fd;
        if (step.target() != null) {
            fd = guest.load(program.image, step.target(), program.maps.stream().map(MapMade::fd).toList()).result();
        }
        CallDone done = guest.attach(fd);
        if (done.result() >= 0) {
            links.put(step.link(), done.result());
        }
        events.accept(new RunEvent.Attached(step.line(), step.program(), step.target(), step.link(),
                (int) done.enter(), (int) done.exit(), done.result()));
    }

    private long link(Step.Detach step) throws NotationException {
        Long fd = links.remove(step.link());
        if (fd == null) {
            throw new NotationException(step.at(), "there is no link " + step.link());
        }
        return fd;
    }

    private void detached(Step.Detach step, CallDone done) {
        events.accept(new RunEvent.Detached(step.line(), step.link(), (int) done.enter(), (int) done.exit()));
    }

    private MapMade map(String name, int at) throws NotationException {
        MapMade map = maps.get(name);
        if (map == null) {
            throw new NotationException(at, "no loaded object has a map " + name);
        }
        return map;
    }

    private int slot(Step.Invoke step) throws NotationException {
        Integer slot = tasks.get(step.task());
        if (slot == null) {
            throw new NotationException(step.at(), "there is no task " + step.task());
        }
        if (waiting.containsKey(slot)) {
            throw new NotationException(step.at(), step.task() + " waits in a call before");
        }
        return slot;
    }

    private Call read(Step.Invoke step, int slot) throws NotationException {
        Call call = calls.read(guest.pid(slot), step.call());
        if (call == null) {
            throw new NotationException(step.call().at(), "no call " + step.call().name() + " with these arguments");
        }
        return call;
    }

    private void invoke(Step.Invoke step) throws NotationException, IOException {
        int slot = slot(step);
        Call call = read(step, slot);
        if (!guest.post(slot, call)) {
            throw new NotationException(step.call().at(), step.call().name() + " can not be done in a guest");
        }
        Map<Integer, CallDone> done = guest.settle();
        CallDone own = done.get(slot);
        if (own == null) {
            throw new IOException(step.task() + " has not been heard of");
        }
        if (own.isWaiting()) {
            waiting.put(slot, new Begun(step, call));
            events.accept(waits(step, call, own));
        } else {
            finish(step, call, slot, own);
        }
        resume(done);
    }

    /** Calls that waited and have returned. */
    private void resume(Map<Integer, CallDone> done) throws NotationException, IOException {
        List<Integer> returned = done.keySet().stream()
                .filter(slot -> waiting.containsKey(slot) && !done.get(slot).isWaiting())
                .sorted(Comparator.comparingLong(slot -> done.get(slot).exit())).toList();
        for (int slot : returned) {
            Begun begun = Objects.requireNonNull(waiting.remove(slot));
            finish(begun.step, begun.call, slot, Objects.requireNonNull(done.get(slot)));
        }
    }

    private void finish(Step.Invoke step, Call call, int slot, CallDone done) throws NotationException, IOException {
        if (step.variable() != null) {
            variables.put(step.variable(), done.result());
        }
        if (call instanceof Call.Clone clone) {
            int child = guest.adopt(slot, clone, done.result());
            if (step.variable() != null && done.result() > 0) {
                tasks.put(step.variable(), child);
            }
        }
        events.accept(returned(step, call, done));
    }

    private RunEvent returned(Step.Invoke step, Call call, CallDone done) throws NotationException {
        Outcome.Returned outcome = new Outcome.Returned(done.result(), done.output(), done.signals(), State.boot(),
                Set.of(), List.of());
        // Of what is expected, only the names of new descriptors count here.
        expectations.ofCall(step.call(), outcome);
        return new RunEvent.Returned(step.line(), step.task(), call, outcome, (int) done.enter(), (int) done.exit());
    }

    private static RunEvent waits(Step.Invoke step, Call call, CallDone done) {
        return new RunEvent.Waits(step.line(), step.task(), call,
                new Outcome.Blocked(State.boot(), call, Set.of(), List.of()), (int) done.enter());
    }

    /** Each task's steps in order, all tasks at once; results of earlier calls of the same task may be arguments. */
    private void together(Step.Together step) throws NotationException, IOException {
        List<Joint> joints = new ArrayList<>();
        List<Step.Detach> detaches = new ArrayList<>();
        Map<String, Long> before = new HashMap<>(variables);
        for (Step each : step.steps()) {
            if (each instanceof Step.Invoke invoke) {
                int slot = slot(invoke);
                Call call = read(invoke, slot);
                int index = guest.postJoint(slot, call, PLACEHOLDER, MAX_PLACEHOLDERS);
                if (index < 0) {
                    throw new NotationException(invoke.call().at(),
                            invoke.call().name() + " can not be done together with others in a guest");
                }
                if (invoke.variable() != null) {
                    variables.put(invoke.variable(), PLACEHOLDER + index);
                }
                joints.add(new Joint(slot, invoke, call));
            } else {
                detaches.add((Step.Detach) each);
            }
        }
        List<Long> fds = new ArrayList<>();
        for (Step.Detach each : detaches) {
            fds.add(link(each));
        }
        variables.clear();
        variables.putAll(before);
        Guest.JointDone done = guest.settleJoint(fds);
        List<RunEvent> happened = new ArrayList<>();
        Map<Integer, Integer> next = new HashMap<>();
        for (Joint joint : joints) {
            List<CallDone> own = done.calls().getOrDefault(joint.slot, List.of());
            int index = next.merge(joint.slot, 1, Integer::sum) - 1;
            if (index >= own.size()) {
                throw new NotationException(joint.step.at(), joint.step.task() + " still waits in a call before");
            }
            CallDone result = own.get(index);
            Call call = read(joint.step, joint.slot);
            if (result.isWaiting()) {
                waiting.put(joint.slot, new Begun(joint.step, call));
                happened.add(waits(joint.step, call, result));
                continue;
            }
            if (joint.step.variable() != null) {
                variables.put(joint.step.variable(), result.result());
            }
            happened.add(returned(joint.step, call,
                    result.withOutput(guest.output(call, result))));
        }
        for (int i = 0; i < detaches.size(); i++) {
            CallDone each = done.detached().get(i);
            happened.add(new RunEvent.Detached(detaches.get(i).line(), detaches.get(i).link(), (int) each.enter(),
                    (int) each.exit()));
        }
        happened.sort(Comparator.comparingLong(GuestScenario::exit));
        happened.forEach(events);
        Map<Integer, CallDone> resumed = new HashMap<>();
        done.resumed().forEach((slot, each) -> {
            if (waiting.containsKey(slot)) {
                resumed.put(slot, each);
            }
        });
        resume(resumed);
    }

    private static long exit(RunEvent event) {
        return switch (event) {
            case RunEvent.Returned e -> e.exited();
            case RunEvent.Detached e -> e.exited();
            default -> Long.MAX_VALUE;
        };
    }
}
