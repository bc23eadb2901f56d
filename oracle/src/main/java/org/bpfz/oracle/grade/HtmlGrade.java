package org.bpfz.oracle.grade;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/** Grades as one page that needs nothing else, for the student whose kernel it was; several as a table of submissions with a page each. */
public final class HtmlGrade {
    private final StringBuilder page = new StringBuilder(1 << 16);

    private HtmlGrade() {
    }

    /** The page. */
    public static String of(List<GradeReport> reports) {
        HtmlGrade html = new HtmlGrade();
        html.head(reports);
        if (reports.size() > 1) {
            html.submissions(reports);
        }
        for (int i = 0; i < reports.size(); i++) {
            html.report(reports.get(i), i);
        }
        html.page.append("</main>\n</body>\n</html>\n");
        return html.page.toString();
    }

    private void head(List<GradeReport> reports) {
        String title = reports.size() == 1
                ? "Grade of " + reports.getFirst().kernel()
                : reports.size() + " submissions";
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(escape(title)).append("</title>\n<style>\n").append(style())
                .append("</style>\n</head>\n<body>\n<main>\n");
    }

    private static String style() {
        try (InputStream in = Objects.requireNonNull(HtmlGrade.class.getResourceAsStream("grade.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void submissions(List<GradeReport> reports) {
        page.append("<h1>").append(reports.size()).append(" submissions</h1>\n<table class=\"submissions\">\n")
                .append("<thead><tr><th>Submission</th><th class=\"number\">Points</th><th>Violated</th></tr></thead>\n<tbody>\n");
        for (int i = 0; i < reports.size(); i++) {
            GradeReport report = reports.get(i);
            List<String> violated = report.rows().stream().filter(row -> row.verdict() == ClauseRow.Verdict.VIOLATED)
                    .map(row -> row.clause().id()).toList();
            page.append("<tr data-kernel=\"").append(escape(report.kernel())).append("\"><td><a href=\"#report-")
                    .append(i)
                    .append("\">").append(escape(report.kernel())).append("</a></td><td class=\"number\">")
                    .append(report.unfit() == null ? TextGrade.points(report.score()) : "–").append("</td><td>")
                    .append(escape(report.unfit() == null
                            ? violated.isEmpty() ? "nothing" : String.join(" ", violated)
                            : "not graded: " + report.unfit()))
                    .append("</td></tr>\n");
        }
        page.append("</tbody>\n</table>\n");
    }

    private void report(GradeReport report, int number) {
        page.append("<section class=\"report\" id=\"report-").append(number).append("\" data-kernel=\"")
                .append(escape(report.kernel())).append("\">\n<h1>").append(escape(report.kernel())).append("</h1>\n");
        if (report.unfit() != null) {
            page.append("<p class=\"unfit\"><strong>Not graded.</strong> ").append(escape(sentence(report.unfit())))
                    .append("</p>\n");
            console(true, report.console());
            page.append("</section>\n");
            return;
        }
        page.append("<p class=\"score\"><strong data-score=\"").append(report.score()).append("\">")
                .append(TextGrade.points(report.score())).append("</strong> of ")
                .append(TextGrade.points(report.possible())).append(" points</p>\n<ul class=\"counts\">");
        for (ClauseRow.Verdict verdict : ClauseRow.Verdict.values()) {
            page.append("<li class=\"").append(verdict.text()).append("\"><strong>").append(report.count(verdict))
                    .append("</strong> ").append(verdict.text().replace('-', ' ')).append("</li>");
        }
        page.append("</ul>\n");
        troubles(report);
        findings(report, number);
        clauses(report, number);
        page.append(String.format(Locale.ROOT,
                "<p class=\"foot\">%d scenarios with %d events, checked in %.1f s against every reading of the clauses that leave a choice.</p>%n",
                report.scenarios(), report.events(), report.seconds()));
        if (!report.undecided().isEmpty()) {
            page.append("<h2>Undecided</h2>\n<ul>");
            report.undecided().forEach(line -> page.append("<li>").append(escape(line)).append("</li>"));
            page.append("</ul>\n");
        }
        page.append("</section>\n");
    }

    private void troubles(GradeReport report) {
        if (report.troubles().isEmpty()) {
            return;
        }
        page.append("<h2>What the kernel itself says</h2>\n");
        boolean first = true;
        for (GradeReport.Accident accident : report.troubles()) {
            page.append("<article class=\"trouble\" data-scenario=\"").append(escape(accident.scenario()))
                    .append("\" data-kind=\"").append(escape(accident.trouble().kind())).append("\">\n<p>A ")
                    .append(escape(accident.trouble().kind())).append(" in scenario ")
                    .append(escape(accident.scenario())).append(": <code class=\"said\">")
                    .append(escape(accident.trouble().text())).append("</code></p>\n");
            console(first, String.join("\n", accident.trouble().console()));
            page.append("</article>\n");
            first = false;
        }
    }

    private void findings(GradeReport report, int number) {
        List<ClauseRow> violated = report.rows().stream().filter(row -> row.finding() != null).toList();
        if (violated.isEmpty()) {
            return;
        }
        page.append("<h2>What is violated</h2>\n");
        for (ClauseRow row : violated) {
            ClauseRow.Finding finding = Objects.requireNonNull(row.finding());
            page.append("<article class=\"finding\" id=\"finding-").append(number).append('-').append(row.clause().id())
                    .append("\" data-clause=\"").append(row.clause().id()).append("\">\n<h3>").append(row.clause().id())
                    .append("</h3>\n<p>").append(escape(text(row.clause())))
                    .append("</p>\n<dl>\n<dt>Seen</dt><dd><code class=\"observed\">")
                    .append(escape(finding.violation().observed())).append("</code></dd>\n<dt>Allowed</dt>");
            finding.violation().allowed().forEach(
                    allowed -> page.append("<dd><code class=\"allowed\">").append(escape(allowed))
                            .append("</code></dd>"));
            page.append("\n</dl>\n<p>Scenario <span class=\"scenario\">").append(escape(finding.original().name()))
                    .append("</span>").append(row.others() == 0 ? "" : " (and " + row.others() + " more)")
                    .append(", as short as it goes; <code>bpfz run</code> shows what the model does:</p>\n<pre>")
                    .append(escape(finding.text())).append("</pre>\n");
            if (!finding.program().isEmpty()) {
                page.append("<details><summary>A C program that does the same</summary>\n<pre class=\"program\">")
                        .append(escape(finding.program())).append("</pre></details>\n");
            }
            console(false, String.join("\n", finding.console()));
            page.append("</article>\n");
        }
    }

    private void console(boolean open, String text) {
        if (!text.isBlank()) {
            page.append(open ? "<details open>" : "<details>")
                    .append("<summary>The kernel's console</summary>\n<pre class=\"console\">")
                    .append(escape(text))
                    .append("</pre></details>\n");
        }
    }

    private void clauses(GradeReport report, int number) {
        page.append("<h2>Clause by clause</h2>\n<table class=\"clauses\">\n<thead><tr><th>Clause</th><th>Verdict</th>")
                .append("<th>What it asks</th><th>Reading seen</th><th class=\"number\">Points</th></tr></thead>\n<tbody>\n");
        for (ClauseRow row : report.rows()) {
            String id = row.clause().id();
            String shown = row.finding() == null ? id : "<a href=\"#finding-" + number + "-" + id + "\">" + id + "</a>";
            page.append("<tr class=\"").append(row.verdict().text()).append("\" data-clause=\"").append(id)
                    .append("\" data-verdict=\"").append(row.verdict().text()).append("\" data-points=\"")
                    .append(row.points()).append("\"><td class=\"id\">").append(shown)
                    .append("</td><td class=\"verdict\"><span>").append(row.verdict().text().replace('-', ' '))
                    .append("</span></td><td class=\"text\">").append(escape(text(row.clause())))
                    .append("</td><td class=\"reading\">").append(escape(reading(row.reading())))
                    .append("</td><td class=\"number\">").append(TextGrade.points(row.points())).append('/')
                    .append(TextGrade.points(row.possible())).append("</td></tr>\n");
        }
        page.append("</tbody>\n</table>\n");
    }

    private static String reading(@Nullable String reading) {
        return reading == null ? "" : reading;
    }

    /** What the clause asks for, and what it leaves open. */
    private static String text(Clause clause) {
        String required = clause.required();
        String open = clause.open();
        if (required == null) {
            return "Open: " + Objects.requireNonNullElse(open, "");
        }
        return open == null ? required : required + " Open: " + open;
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
