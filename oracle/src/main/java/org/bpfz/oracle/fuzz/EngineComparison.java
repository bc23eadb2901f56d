package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.WorkMemory;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/** Runs a program on several engines with the same inputs and says where they part. */
final class EngineComparison {
    private static final long BUDGET = 20_000;
    /** How much later than the specification an engine may cut a run off. */
    private static final long LATEST = 1_000_000;
    private static final long SERVICES_SEED = 42;

    private final List<Engine> engines;
    private long lacking;
    private long runs;
    private final WorkMemory work = new WorkMemory();

    /** The first engine is the one that the others are held to. */
    EngineComparison(List<Engine> engines) {
        this.engines = List.copyOf(engines);
    }

    /**
     * What one engine made of a program.
     *
     * @param results in order of the inputs; none behind a run that was cut off, or ran into what flat memory does not see
     * @param maps    what is in them after the last input; empty where that was not reached
     */
    private record Observed(List<Result> results, List<String> maps) {}

    /**
     * The first difference, or nothing.
     *
     * @param inputs what to run it with, one after the other
     */
    Optional<String> difference(ProgramImage image, Facts facts, List<Invocation> inputs) {
        Observed expected = observe(engines.getFirst(), image, facts, inputs);
        int count = expected.results.size();
        List<Invocation> common = inputs.subList(0,
                isBeyondFlatMemory(expected.results.getLast().fault()) ? count - 1 : count);
        boolean all = true;
        for (Engine engine : engines.subList(1, engines.size())) {
            Observed actual;
            try {
                actual = observe(engine, image, facts, common);
            } catch (RuntimeException | LinkageError | StackOverflowError e) {
                return Optional.of(engine.name() + " throws " + e);
            }
            if (actual.results.stream().anyMatch(result -> result.fault() instanceof Fault.Unsupported)) {
                lacking++;
                all = false;
                continue;
            }
            Optional<String> difference = difference(image, facts, common, expected, actual);
            if (difference.isPresent()) {
                return difference.map(text -> engine.name() + ": " + text);
            }
        }
        runs += all ? common.size() : 0;
        return Optional.empty();
    }

    /** A fault that only an engine with regions and shadows sees: what others do then is not compared. */
    private static boolean isBeyondFlatMemory(@Nullable Fault fault) {
        return fault != null && !fault.isFlat();
    }

    private Observed observe(Engine engine, ProgramImage image, Facts facts, List<Invocation> inputs) {
        Environment environment = engine.open(Services.repeatable(SERVICES_SEED)
                .withLzo((data, offset, length) -> Lzo1x.compressedSize(data, offset, length, work)));
        Executable executable = environment.load(image, facts);
        List<Result> results = new ArrayList<>();
        for (Invocation input : inputs) {
            Result result = executable.run(input);
            results.add(result);
            if (isCutOff(result) || isBeyondFlatMemory(result.fault())) {
                return new Observed(results, List.of());
            }
        }
        return new Observed(results, environment.maps().stream().map(MapContents::of).toList());
    }

    private static boolean isCutOff(Result result) {
        return result.fault() instanceof Fault.OutOfBudget;
    }

    private Optional<String> difference(ProgramImage image, Facts facts, List<Invocation> inputs, Observed expected,
            Observed actual) {
        for (int i = 0; i < inputs.size(); i++) {
            if (i >= actual.results.size()) {
                return Optional.of("run " + i + " is not reached");
            }
            Result found = actual.results.get(i);
            Result wanted = expected.results.get(i);
            if (isCutOff(wanted) && !isCutOff(found)) {
                wanted = longer(image, facts, inputs.subList(0, i + 1));
            }
            Optional<String> difference = difference(wanted, found);
            if (difference.isPresent()) {
                int run = i;
                return difference.map(text -> "run " + run + ": " + text);
            }
        }
        return expected.maps.isEmpty() || expected.maps.equals(actual.maps)
                ? Optional.empty()
                : Optional.of("maps: " + expected.maps + " expected, " + actual.maps + " found");
    }

    /** What becomes of the last run, that is cut off, within the instructions that an engine may go on for ({@link Invocation#budget}). */
    private Result longer(ProgramImage image, Facts facts, List<Invocation> inputs) {
        List<Invocation> changed = new ArrayList<>(inputs);
        changed.set(inputs.size() - 1, withBudget(inputs.getLast(), BUDGET + LATEST));
        return observe(engines.getFirst(), image, facts, changed).results.getLast();
    }

    private static Invocation withBudget(Invocation input, long budget) {
        Invocation.Builder builder = input.isRaw()
                ? Invocation.raw(input.context())
                : Invocation.context(input.context());
        builder.data(input.data()).packet(input.packet()).task(input.task()).cpu(input.cpu()).budget(budget);
        return (input.recordsEvents() ? builder.recordEvents() : builder).build();
    }

    private static Optional<String> difference(Result expected, Result actual) {
        if (!sameFault(expected.fault(), actual.fault())) {
            return Optional.of("fault: " + expected.fault() + " expected, " + actual.fault() + " found");
        }
        if (expected.fault() != null) {
            return Optional.empty();
        }
        if (expected.r0() != actual.r0()) {
            return Optional.of("r0: 0x" + Long.toHexString(expected.r0()) + " expected, 0x"
                    + Long.toHexString(actual.r0()) + " found");
        }
        if (!expected.context().equals(actual.context())) {
            return Optional.of("memory: " + expected.context() + " expected, " + actual.context() + " found");
        }
        return expected.events().equals(actual.events())
                ? Optional.empty()
                : Optional.of("events: " + expected.events() + " expected, " + actual.events() + " found");
    }

    /**
     * A run that is cut off may be so a little later on one engine than on another; and of an access that memory refuses, flat memory
     * knows where it was, not what it has left.
     */
    private static boolean sameFault(@Nullable Fault a, @Nullable Fault b) {
        boolean cutOff = a instanceof Fault.OutOfBudget && b instanceof Fault.OutOfBudget;
        boolean refused = a instanceof Fault.Memory && b instanceof Fault.Memory && a.slot() == b.slot();
        return cutOff || refused || Objects.equals(a, b);
    }

    /** How often an engine did not have a helper that a program came to, so that nothing could be compared. */
    long lacking() {
        return lacking;
    }

    /** How many runs, each on all engines, were compared. */
    long runs() {
        return runs;
    }

    static long budget() {
        return BUDGET;
    }
}
