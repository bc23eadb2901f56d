package org.bpfz.oracle.scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.calls.CallPrinter;
import org.bpfz.oracle.model.Machine;
import org.bpfz.oracle.model.Subject;
import org.bpfz.oracle.syntax.CallText.ResultText;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.HookRun;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Signal;
import org.bpfz.spec.map.BpfMap;
import org.jspecify.annotations.Nullable;

/** Runs a scenario on the modelled kernel, step by step, tells what happened and compares it with what was expected. For one run. */
public final class ScenarioRunner {
    private final Scenario scenario;
    private final Consumer<RunEvent> events;
    private final Map<String, Long> variables = new HashMap<>();
    private final Map<Integer, Begun> waiting = new LinkedHashMap<>();
    private final Generators generators;
    private final ScenarioCalls calls;
    private final Expectations expectations;
    private final World world;
    private Deque<HookRun> runs = new ArrayDeque<>();
    private Set<Signal> signals = Set.of();
    private int line;
    private int clock;
    private int mismatches;

    /** A call that was entered and has not returned. */
    private record Begun(Step.Invoke step, Call call, int entered) {}

    /**
     * A run that has not begun.
     *
     * @param events hears of everything in the order of happening
     */
    public ScenarioRunner(Scenario scenario, Engine engine, Consumer<RunEvent> events) {
        this(scenario, engine, Subject.MODEL, events);
    }

    /** A run on something else than the model as it is. */
    public ScenarioRunner(Scenario scenario, Engine engine, Subject subject, Consumer<RunEvent> events) {
        this.scenario = scenario;
        this.events = events;
        Path parent = scenario.file().toAbsolutePath().getParent();
        Path folder = parent == null ? Path.of("/") : parent;
        generators = new Generators(folder);
        calls = new ScenarioCalls(generators, variables);
        expectations = new Expectations(calls, generators, variables);
        world = new World(folder, engine, scenario.reading(), subject, calls,
                message -> events.accept(new RunEvent.Printed(line, message)), events);
    }

    /**
     * Runs all steps.
     *
     * @return how many expectations did not hold
     * @throws InputException if a step can not be done as it is written
     */
    public int run() throws IOException {
        for (Step step : scenario.steps()) {
            line = step.line();
            try {
                perform(step);
            } catch (NotationException e) {
                throw new InputException(scenario.file(), line, e.at() + 1, Objects.requireNonNull(e.getMessage()));
            }
        }
        for (Begun begun : waiting.values()) {
            ResultText expected = begun.step.call().result();
            check(begun.step.line(), expected == null || expected.unknown() ? null : "still waits at the end");
        }
        return mismatches;
    }

    private void perform(Step step) throws NotationException, IOException {
        switch (step) {
            case Step.Disk s -> world.resizeDisk(s);
            case Step.Directory s -> world.addDirectory(s);
            case Step.ExistingFile s -> world.addFile(s, generators.data(s.content()));
            case Step.TaskStep s -> world.addTask(s);
            case Step.Load s -> load(s);
            case Step.InlineProgram s -> {
                World.Program program = world.load(s, scenario.file());
                loaded(s.line(), "", null, program, s.expected());
            }
            case Step.Attach s -> attach(s);
            case Step.Detach s -> detach(s, ++clock);
            case Step.Together s -> together(s);
            case Step.MapUpdate s -> update(s);
            case Step.Invoke s -> invoke(s);
            case Step.ExpectRun s -> check(s.line(), expectations.ofRun(s, runs.poll()));
            case Step.ExpectNoRun s -> check(s.line(), unexpectedRun(s.hook()));
            case Step.ExpectSignal s -> check(s.line(), missingSignal(s.signal()));
            case Step.ExpectFile s -> check(s.line(),
                    Expectations.ofBytes(generators.data(s.content()), world.content(s.path())));
            case Step.ExpectSize s ->
                check(s.line(), expectations.ofNumber("size", s.size(), world.inode(s.path()).size()));
            case Step.ExpectMap s -> check(s.line(), otherElement(s));
        }
    }

    private void check(int at, @Nullable String difference) {
        if (difference != null) {
            mismatches++;
            events.accept(new RunEvent.Mismatch(at, difference));
        }
    }

    private void load(Step.Load step) throws NotationException, IOException {
        List<World.Program> programs = world.load(step);
        for (World.Program program : programs) {
            loaded(step.line(), step.object(), world.bytes(step), program, step.expected());
        }
    }

    private void loaded(int at, String object, @Nullable Rope elf, World.Program program, @Nullable ResultText expected)
            throws NotationException {
        events.accept(
                new RunEvent.Loaded(at, object, elf, program.image(), program.maps(), program.fd(), program.log()));
        check(at, ofSetUp(expected, program.fd()));
    }

    private void attach(Step.Attach step) throws NotationException {
        int entered = ++clock;
        long result = world.attach(step);
        events.accept(new RunEvent.Attached(step.line(), step.program(), step.target(), step.link(), entered, ++clock,
                result));
        check(step.line(), ofSetUp(step.expected(), result));
    }

    /** Loading and attaching must succeed unless it is said that they do not. */
    private static @Nullable String ofSetUp(@Nullable ResultText expected, long seen) throws NotationException {
        return expected == null && seen < 0
                ? "expected success, got " + CallPrinter.result(seen)
                : Expectations.ofResult(expected, seen);
    }

    private void update(Step.MapUpdate step) throws NotationException {
        BpfMap map = world.map(step.map(), step.at());
        byte[] key = MapBytes.encode(step.key(), map.spec().keySize());
        byte[] value = MapBytes.encode(step.value(), map.userValueSize());
        int result = map.update(key, value, BpfMap.ANY);
        events.accept(new RunEvent.MapUpdated(step.line(), step.map(), key, value, result));
        check(step.line(), result == 0 ? null : "the update failed with " + CallPrinter.result(result));
    }

    private @Nullable String otherElement(Step.ExpectMap step) throws NotationException {
        BpfMap map = world.map(step.map(), step.at());
        byte[] expected = MapBytes.encode(step.value(), map.userValueSize());
        byte[] seen = new byte[map.userValueSize()];
        byte[] key = MapBytes.encode(step.key(), map.spec().keySize());
        int result = map.lookup(key, seen, BpfMap.ANY);
        events.accept(new RunEvent.MapRead(step.line(), step.map(), key, result == 0 ? seen : new byte[0], result));
        if (result < 0) {
            return "expected " + MapBytes.print(expected) + ", the look-up failed with " + CallPrinter.result(result);
        }
        return Arrays.equals(expected, seen)
                ? null
                : "expected " + MapBytes.print(expected) + ", got " + MapBytes.print(seen);
    }

    private @Nullable String unexpectedRun(String hook) {
        return runs.stream().filter(run -> hook.equals(run instanceof HookRun.Decide ? "decide" : "verify")).findFirst()
                .map(run -> "expected no run of " + hook + ", got " + CallPrinter.print(run)).orElse(null);
    }

    private @Nullable String missingSignal(String signal) {
        return signals.stream().anyMatch(one -> one.name().equals(signal))
                ? null
                : "expected " + signal + ", got " + (signals.isEmpty() ? "no signal" : signals);
    }

    private void detach(Step.Detach step, int entered) throws NotationException {
        world.detach(step);
        events.accept(new RunEvent.Detached(step.line(), step.link(), entered, ++clock));
    }

    private void invoke(Step.Invoke step) throws NotationException {
        complete(enter(step));
    }

    /** A call of a task that does not wait begins. */
    private Begun enter(Step.Invoke step) throws NotationException {
        int pid = world.pid(step.task(), step.at());
        if (waiting.containsKey(pid)) {
            throw new NotationException(step.at(),
                    step.task() + " waits in the call of line " + Objects.requireNonNull(waiting.get(pid)).step.line());
        }
        Call call = calls.read(pid, step.call());
        if (call == null) {
            throw new NotationException(step.call().at(),
                    "no call " + step.call().name() + " with these arguments in the model");
        }
        return new Begun(step, call, ++clock);
    }

    /** A call that has begun returns or waits, and others that waited may return. */
    private void complete(Begun begun) throws NotationException {
        Machine machine = world.machine();
        Step.Invoke step = begun.step;
        switch (machine.call(begun.call)) {
            case Outcome.Returned returned -> finish(begun, returned);
            case Outcome.Blocked blocked -> {
                waiting.put(begun.call.task(), begun);
                runs = new ArrayDeque<>(blocked.runs());
                events.accept(new RunEvent.Waits(step.line(), step.task(), begun.call, blocked, begun.entered));
            }
        }
        for (Machine.Resumed resumed : machine.resume()) {
            finish(Objects.requireNonNull(waiting.remove(resumed.task())), resumed.outcome());
        }
    }

    /** Each task's steps in order, all tasks at once: the model lets them take turns. */
    private void together(Step.Together step) throws NotationException {
        Map<String, Deque<Step>> queues = new LinkedHashMap<>();
        for (Step each : step.steps()) {
            String task = each instanceof Step.Invoke invoke ? invoke.task() : World.INIT;
            queues.computeIfAbsent(task, _ -> new ArrayDeque<>()).add(each);
        }
        Map<String, Turn> turns = new LinkedHashMap<>();
        begin(queues, turns);
        while (!turns.isEmpty()) {
            Turn turn = Objects.requireNonNull(turns.remove(turns.keySet().iterator().next()));
            line = turn.step.line();
            if (turn.call != null) {
                complete(turn.call);
            } else {
                detach((Step.Detach) turn.step, turn.entered);
            }
            begin(queues, turns);
        }
        for (Deque<Step> queue : queues.values()) {
            if (queue.peek() instanceof Step.Invoke left) {
                throw new NotationException(left.at(), left.task() + " still waits in a call before");
            }
        }
    }

    /** What a task has begun and not ended; the call is null for a detaching. */
    private record Turn(Step step, @Nullable Begun call, int entered) {}

    /** Every task that is between two steps and does not wait begins its next one. */
    private void begin(Map<String, Deque<Step>> queues, Map<String, Turn> turns) throws NotationException {
        for (Map.Entry<String, Deque<Step>> entry : queues.entrySet()) {
            String task = entry.getKey();
            if (turns.containsKey(task) || entry.getValue().isEmpty()) {
                continue;
            }
            if (entry.getValue().peek() instanceof Step.Invoke invoke) {
                if (!waiting.containsKey(world.pid(task, invoke.at()))) {
                    entry.getValue().remove();
                    turns.put(task, new Turn(invoke, enter(invoke), clock));
                }
            } else {
                turns.put(task, new Turn(entry.getValue().remove(), null, ++clock));
            }
        }
    }

    private void finish(Begun begun, Outcome.Returned outcome) throws NotationException {
        Step.Invoke step = begun.step;
        runs = new ArrayDeque<>(outcome.runs());
        signals = outcome.signals();
        if (step.variable() != null) {
            variables.put(step.variable(), outcome.result());
            if (begun.call instanceof Call.Clone && outcome.result() > 0) {
                world.nameTask(step.variable(), (int) outcome.result());
            }
        }
        events.accept(new RunEvent.Returned(step.line(), step.task(), begun.call, outcome, begun.entered, ++clock));
        check(step.line(), expectations.ofCall(step.call(), outcome));
    }
}
