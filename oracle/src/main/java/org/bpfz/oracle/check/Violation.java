package org.bpfz.oracle.check;

import java.util.List;
import org.bpfz.spec.program.Clause;

/**
 * An event that the specification does not allow under any reading that explains what came before.
 *
 * @param clause   the clause that is violated
 * @param line     of the trace
 * @param step     of the scenario; 0 if the trace does not say
 * @param observed what was seen, as a scenario would write it
 * @param allowed  what would have been allowed, with the reading under which it would where that matters
 */
public record Violation(Clause clause, int line, int step, String observed, List<String> allowed) {
    public Violation {
        allowed = List.copyOf(allowed);
    }
}
