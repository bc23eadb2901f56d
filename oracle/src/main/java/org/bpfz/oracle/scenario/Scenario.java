package org.bpfz.oracle.scenario;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.kernel.Reading;

/**
 * A scenario as written, nothing of it done yet.
 *
 * @param file    where it stands; other files that it names are relative to its folder
 * @param about   one sentence for the reader; empty if it has none
 * @param clauses the clauses of the assignment that it exercises, by name
 * @param reading how open clauses are read
 * @param steps   in order
 * @param lines   the lines as written, by their numbers from 1, without those that say nothing
 */
public record Scenario(Path file, String about, List<String> clauses, Reading reading, List<Step> steps,
        Map<Integer, String> lines) {
    private static final String SUFFIX = ".scenario";

    public Scenario {
        clauses = List.copyOf(clauses);
        steps = List.copyOf(steps);
        lines = Map.copyOf(lines);
    }

    /** The file's name without its end: what reports call the scenario. */
    public String name() {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    /** This scenario with some of its steps only. */
    public Scenario withSteps(List<Step> some) {
        return new Scenario(file, about, clauses, reading, some, lines);
    }

    /** This scenario with the open clauses read in another way. */
    public Scenario read(Reading other) {
        return new Scenario(file, about, clauses, other, steps, lines);
    }
}
