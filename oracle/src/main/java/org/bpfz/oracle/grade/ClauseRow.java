package org.bpfz.oracle.grade;

import java.util.List;
import org.bpfz.oracle.check.Violation;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one clause.
 *
 * @param reading  the reading that was seen of an open clause; null if the clause is not open or nothing asked for it
 * @param finding  what shows that the clause is violated; null if nothing does
 * @param others   how many other scenarios show it too
 * @param points   what it gives
 * @param possible what it would give if it held
 */
public record ClauseRow(Clause clause, Verdict verdict, @Nullable String reading, @Nullable Finding finding, int others,
        double points, double possible) {
    /** Whether the clause holds. */
    public enum Verdict {
        /** Scenarios exercised it, and all that happened is allowed. */
        HELD("held"),
        /** Something happened that it forbids. */
        VIOLATED("violated"),
        /** No scenario got to it. */
        NOT_REACHED("not-reached");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        /** As reports have it. */
        public String text() {
            return text;
        }
    }

    /**
     * A violation and the scenario that shows it, shrunk as far as it goes.
     *
     * @param original the scenario of the suite
     * @param text     the shrunk scenario
     * @param steps    how many steps it has
     * @param program  a C program that does the same; empty if there is none
     * @param console  what the kernel said; empty if nothing
     */
    public record Finding(Scenario original, String text, int steps, Violation violation, String program,
            List<String> console) {
        public Finding {
            console = List.copyOf(console);
        }
    }
}
