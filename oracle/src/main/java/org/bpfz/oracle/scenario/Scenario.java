package org.bpfz.oracle.scenario;

import java.nio.file.Path;
import java.util.List;
import org.bpfz.spec.kernel.Reading;

/**
 * A scenario as written, nothing of it done yet.
 *
 * @param file    where it stands; other files that it names are relative to its folder
 * @param about   one sentence for the reader; empty if it has none
 * @param clauses the clauses of the assignment that it exercises, by name
 * @param reading how open clauses are read
 * @param steps   in order
 */
public record Scenario(Path file, String about, List<String> clauses, Reading reading, List<Step> steps) {

    public Scenario {
        clauses = List.copyOf(clauses);
        steps = List.copyOf(steps);
    }
}
