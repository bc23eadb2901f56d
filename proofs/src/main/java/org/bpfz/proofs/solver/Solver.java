package org.bpfz.proofs.solver;

import java.time.Duration;
import java.util.List;
import org.bpfz.proofs.term.Term;

/** A decision procedure for bit vectors. */
public interface Solver {
    /** Name and version, for reports. */
    String name();

    /** Whether the truth values can hold together. */
    Answer solve(List<Term> assertions, Duration limit);
}
