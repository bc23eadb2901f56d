package org.bpfz.oracle.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.bpfz.oracle.trace.TraceEvent;
import org.bpfz.oracle.trace.TraceReader;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.program.ProgramImage;

/** Checks traces against the specification, one after the other; what the verifier has said of a program once is kept. For one thread. */
public final class TraceChecker {
    private static final int REPORT_EVERY = 1 << 12;

    private final Engine engine;
    private final Answers allowed;
    private final Map<ProgramImage, Map<List<Variant>, Optional<Errno>>> refusals = new HashMap<>();

    /**
     * A checker.
     *
     * @param engine  runs the programs of the traces
     * @param allowed the readings that are accepted
     */
    public TraceChecker(Engine engine, Answers allowed) {
        this.engine = engine;
        this.allowed = allowed;
    }

    /** Checks a trace. */
    public TraceVerdict check(Path trace) throws IOException {
        return check(trace, _ -> {
            // Nobody waits for it.
        });
    }

    /**
     * Checks a trace.
     *
     * @param progress hears now and then how many events have been looked at
     * @throws org.bpfz.oracle.InputException if the trace can not be read or contradicts itself
     */
    public TraceVerdict check(Path trace, LongConsumer progress) throws IOException {
        try (TraceReader reader = new TraceReader(trace)) {
            CheckRun run = new CheckRun(trace, reader.header(), engine, allowed, refusals);
            long events = 0;
            for (TraceEvent event = reader.next(); event != null; event = reader.next()) {
                run.accept(event);
                if (++events % REPORT_EVERY == 0) {
                    progress.accept(events);
                }
            }
            return run.finish(events);
        }
    }
}
