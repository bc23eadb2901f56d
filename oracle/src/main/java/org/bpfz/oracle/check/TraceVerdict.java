package org.bpfz.oracle.check;

import java.util.List;
import java.util.Set;
import org.bpfz.oracle.trace.TraceHeader;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/**
 * What the specification says of a trace.
 *
 * @param header     the trace's
 * @param events     how many events it has
 * @param violations in the order of the trace
 * @param reached    the clauses that were exercised: allowed events rest on them, or the scenario names them and was followed to its end
 * @param asked      the open questions that events rested on
 * @param readings   the readings under which everything that is allowed is allowed, as a union of sets
 * @param undecided  why some of the trace could not be judged; null if all was
 */
public record TraceVerdict(TraceHeader header, long events, List<Violation> violations, Set<Clause> reached,
        Set<Class<? extends Variant>> asked, List<Answers> readings, @Nullable String undecided) {
    public TraceVerdict {
        violations = List.copyOf(violations);
        reached = Set.copyOf(reached);
        asked = Set.copyOf(asked);
        readings = List.copyOf(readings);
    }

    /** Whether every event is allowed. */
    public boolean conforms() {
        return violations.isEmpty();
    }
}
