package org.bpfz.oracle.grade;

import java.util.List;
import java.util.Optional;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/**
 * A graded kernel.
 *
 * @param kernel    what it is called
 * @param unfit     why it could not be graded clause by clause; null if it could
 * @param console   the last lines of an unfit kernel's console; empty otherwise
 * @param rows      one for each clause, in their order; empty for an unfit kernel
 * @param scenarios how many scenarios were run
 * @param events    how many events they had
 * @param undecided scenarios of which something could not be judged, with the reason
 * @param troubles  scenarios during which the kernel complained, died or hung
 * @param seconds   how long it took
 */
public record GradeReport(String kernel, @Nullable String unfit, String console, List<ClauseRow> rows, int scenarios,
        long events, List<String> undecided, List<Accident> troubles, double seconds) {
    public GradeReport {
        troubles = List.copyOf(troubles);
        rows = List.copyOf(rows);
        undecided = List.copyOf(undecided);
    }

    /** Of a kernel that can not be graded clause by clause. */
    static GradeReport unfit(String kernel, UnfitKernelException why, double seconds) {
        return new GradeReport(kernel, String.valueOf(why.getMessage()), why.console(), List.of(), 0, 0, List.of(),
                List.of(),
                seconds);
    }

    /** A scenario during which the kernel itself went wrong. */
    public record Accident(String scenario, Runner.Trouble trouble) {}

    /** How many clauses have a verdict. */
    public long count(ClauseRow.Verdict verdict) {
        return rows.stream().filter(row -> row.verdict() == verdict).count();
    }

    /** The row of a clause. */
    public Optional<ClauseRow> row(Clause clause) {
        return rows.stream().filter(row -> row.clause() == clause).findFirst();
    }

    /** All points that were given. */
    public double score() {
        return rows.stream().mapToDouble(ClauseRow::points).sum();
    }

    /** All points that there are. */
    public double possible() {
        return rows.stream().mapToDouble(ClauseRow::possible).sum();
    }

    /** Whether every clause held and was reached. */
    public boolean isPerfect() {
        return unfit == null && count(ClauseRow.Verdict.HELD) == rows.size();
    }
}
