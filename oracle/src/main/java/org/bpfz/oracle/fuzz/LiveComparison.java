package org.bpfz.oracle.fuzz;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.live.LiveEngine;
import org.bpfz.spec.live.LiveMap;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/** Runs a program on engines and on the kernel of this machine, each time with fresh maps, and says where an engine parts from the kernel. */
final class LiveComparison {
    static final String RUNS = "runs";
    static final String REFUSED = "refused here";
    static final String CUT_OFF = "cut off";
    static final String LACKING = "helper lacking";

    private static final long LOW = 0xffff_ffffL;

    private final List<Engine> engines;
    private final Services services = Services.repeatable(1).withCpus(LiveMap.possibleCpus());
    private final TreeMap<String, Long> counts = new TreeMap<>();

    LiveComparison(List<Engine> engines) {
        this.engines = List.copyOf(engines);
    }

    /**
     * What is left of a run.
     *
     * @param returned the low half of R0
     * @param maps     their contents, in their order
     */
    private record Trace(long returned, @Nullable Fault fault, Bytes context, List<String> maps) {}

    /** The first difference, or nothing. */
    Optional<String> difference(ProgramImage image, Facts facts, List<Invocation> inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            Optional<String> difference;
            try {
                difference = difference(image, facts, inputs.get(i));
            } catch (LiveEngine.RefusedException refused) {
                counts.merge(REFUSED, 1L, Long::sum);
                return Optional.empty();
            }
            if (difference.isPresent()) {
                int run = i;
                return difference.map(text -> "run " + run + ": " + text);
            }
        }
        return Optional.empty();
    }

    private Optional<String> difference(ProgramImage image, Facts facts, Invocation input) {
        Trace live = null;
        for (Engine engine : engines) {
            Trace trace = observe(engine, image, facts, input);
            if (trace.fault instanceof Fault.OutOfBudget || trace.fault instanceof Fault.Unsupported) {
                // The kernel would run for as long as it takes.
                counts.merge(trace.fault instanceof Fault.OutOfBudget ? CUT_OFF : LACKING, 1L, Long::sum);
                return Optional.empty();
            }
            if (trace.fault != null) {
                return Optional.of(engine.name() + " faults: " + trace.fault);
            }
            if (live == null) {
                try (LiveEngine kernel = new LiveEngine()) {
                    live = observe(kernel, image, facts, input);
                } catch (UncheckedIOException e) {
                    return Optional.of("the kernel does not run it: " + e.getCause().getMessage());
                }
            }
            if (!trace.equals(live)) {
                return Optional.of(engine.name() + ": " + trace + ", the kernel: " + live);
            }
        }
        counts.merge(RUNS, 1L, Long::sum);
        return Optional.empty();
    }

    private Trace observe(Engine engine, ProgramImage image, Facts facts, Invocation input) {
        Environment environment = engine.open(services);
        Result result = environment.load(image, facts).run(input);
        return new Trace(result.r0() & LOW, result.fault(), result.context(),
                environment.maps().stream().map(MapContents::of).toList());
    }

    /** What became of the runs that were compared, and of those that were not. */
    Map<String, Long> counts() {
        return counts;
    }
}
