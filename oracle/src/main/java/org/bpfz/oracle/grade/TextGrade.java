package org.bpfz.oracle.grade;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Grades as text for a terminal: one row a clause, and below it what shows a violation. */
public final class TextGrade {
    private TextGrade() {
    }

    /** Tells one grade. */
    public static void print(GradeReport report, Consumer<String> lines) {
        lines.accept(report.kernel());
        if (report.unfit() != null) {
            lines.accept("  not graded: " + report.unfit());
            report.console().lines().forEach(line -> lines.accept("    " + line));
            return;
        }
        for (ClauseRow row : report.rows()) {
            lines.accept(String.format(Locale.ROOT, "  %-7s %-11s %5s/%-4s %s", row.clause().id(), row.verdict().text(),
                    points(row.points()), points(row.possible()), row.reading() == null ? "" : row.reading())
                    .stripTrailing());
            if (row.finding() != null) {
                print(row, row.finding(), lines);
            }
        }
        for (GradeReport.Accident accident : report.troubles()) {
            lines.accept("  the kernel itself (" + accident.trouble().kind() + ") in " + accident.scenario() + ": "
                    + accident.trouble().text());
        }
        report.troubles().stream().findFirst().ifPresent(first -> {
            lines.accept("    what its console showed in " + first.scenario() + ":");
            first.trouble().console().forEach(line -> lines.accept("      " + line));
        });
        report.undecided().forEach(line -> lines.accept("  undecided: " + line));
        lines.accept(summary(report));
    }

    private static void print(ClauseRow row, ClauseRow.Finding finding, Consumer<String> lines) {
        lines.accept("      seen:    " + finding.violation().observed());
        finding.violation().allowed().forEach(allowed -> lines.accept("      allowed: " + allowed));
        lines.accept("      " + finding.original().name() + (row.others() == 0 ? "" : " and " + row.others() + " more")
                + ", as short as it goes:");
        finding.text().lines().forEach(line -> lines.accept("        " + line));
    }

    /** How it ended, in one line. */
    static String summary(GradeReport report) {
        return String.format(Locale.ROOT,
                "%d clauses held, %d violated, %d not reached; %s of %s points; %d scenarios, %d events, %.1f s",
                report.count(ClauseRow.Verdict.HELD), report.count(ClauseRow.Verdict.VIOLATED),
                report.count(ClauseRow.Verdict.NOT_REACHED), points(report.score()), points(report.possible()),
                report.scenarios(), report.events(), report.seconds());
    }

    /** Tells several grades as a table. */
    public static void table(List<GradeReport> reports, Consumer<String> lines) {
        int width = reports.stream().mapToInt(report -> report.kernel().length()).max().orElse(0);
        for (GradeReport report : reports) {
            String violated = String.join(" ", report.rows().stream()
                    .filter(row -> row.verdict() == ClauseRow.Verdict.VIOLATED).map(row -> row.clause().id()).toList());
            lines.accept(String.format(Locale.ROOT, "%-" + Math.max(width, 1) + "s  %6s  %s", report.kernel(),
                    report.unfit() == null ? points(report.score()) : "-",
                    report.unfit() == null ? violated : report.unfit()).stripTrailing());
        }
    }

    /** Points without a fraction that is none. */
    static String points(double points) {
        return points == Math.rint(points)
                ? String.valueOf((long) points)
                : String.format(Locale.ROOT, "%.1f", points);
    }
}
