package org.bpfz.benchmarks;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All rows of a run, as text, Markdown, JSON and a page. */
final class Report {
    /** Who the others are compared with, the first that took part. */
    private static final List<String> REFERENCES = List.of(Contender.KERNEL, LzoContender.KERNEL, Contender.C,
            LzoContender.AIRCOMPRESSOR, WritePathBenchmark.LZO, WritePathBenchmark.PLAIN, LengthBenchmark.SHORTEST);

    private static final int BAR = 360;

    private final List<Row> rows;
    private final String machine;
    private final String command;

    /**
     * What was measured.
     *
     * @param machine processor, cores and system in one line
     * @param command what makes it again
     */
    Report(List<Row> rows, String machine, String command) {
        this.rows = List.copyOf(rows);
        this.machine = machine;
        this.command = command;
    }

    private Map<String, List<Row>> groups() {
        Map<String, List<Row>> groups = new LinkedHashMap<>();
        rows.forEach(row -> groups.computeIfAbsent(row.group(), _ -> new ArrayList<>()).add(row));
        return groups;
    }

    private static @Nullable Row reference(List<Row> group) {
        for (String name : REFERENCES) {
            for (Row row : group) {
                if (row.contender().equals(name)) {
                    return row;
                }
            }
        }
        return null;
    }

    /** How many times as long as the reference it took; empty for the reference itself, or where there is none. */
    private static String ratio(Row row, @Nullable Row reference) {
        return reference == null || reference.equals(row)
                ? ""
                : String.format(Locale.ROOT, "%.2f", row.ratio(reference));
    }

    private static String nanos(double nanos) {
        if (nanos < 1e3) {
            return String.format(Locale.ROOT, "%.1f ns", nanos);
        }
        return nanos < 1e6
                ? String.format(Locale.ROOT, "%.2f µs", nanos / 1e3)
                : String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
    }

    private static String interval(Row row) {
        return nanos(row.low()) + " – " + nanos(row.high());
    }

    String text() {
        StringBuilder text = new StringBuilder(machine).append('\n');
        groups().forEach((name, group) -> {
            Row reference = reference(group);
            text.append('\n').append(name).append('\n');
            for (Row row : group) {
                text.append(String.format(Locale.ROOT, "  %-14s %12s  %-26s %s%n", row.contender(), nanos(row.median()),
                        interval(row), reference == null || reference.equals(row)
                                ? ""
                                : ratio(row, reference) + " times " + reference.contender()));
            }
        });
        return text.append(
                "\nMedian, and its 95 % confidence interval by bootstrap; times by the run. Engines, lengths, LZO and"
                        + " writes\ntake turns in one JVM, and their ratio is the median of the samples' ratios.\n")
                .toString();
    }

    /** As docs/PERFORMANCE.md has it. */
    String markdown(String date) {
        StringBuilder text = new StringBuilder("# Performance\n\nMade by `" + command + "` on " + date + ", "
                + machine
                + ".\n\nMedians with their 95 % confidence intervals (bootstrap by percentiles, 2,000 resamples). The ratio is to the peer"
                + " that is named without one:\nhow many times as long it took. Engines, lengths, LZO and writes take turns of about a millisecond in"
                + " one JVM, and their ratio is\nthe median of the ratios of samples that were taken together. `load` is the time to load or compile a program once the engine is"
                + " warm, `first run` loads and runs it in a new JVM.\n`Length` is the time of one instruction in a straight line of so many, once"
                + " the compilers have come to rest; `Compile`, to load such a program warm: decoded, compiled, defined and linked.\n");
        groups().forEach((name, group) -> {
            Row reference = reference(group);
            text.append("\n## ").append(name).append("\n\n| | median | interval | ratio |\n|---|---|---|---|\n");
            for (Row row : group) {
                text.append("| ").append(row.contender()).append(" | ").append(nanos(row.median())).append(" | ")
                        .append(interval(row)).append(" | ").append(ratio(row, reference)).append(" |\n");
            }
        });
        return text.toString();
    }

    String json() throws IOException {
        StringWriter out = new StringWriter();
        JsonWriter writer = new JsonWriter(out);
        writer.setFormattingStyle(FormattingStyle.PRETTY);
        writer.beginObject();
        writer.name("machine").value(machine);
        writer.name("command").value(command);
        writer.name("interval").value("95 %, bootstrap by percentiles of the median");
        writer.name("results").beginArray();
        for (List<Row> group : groups().values()) {
            Row reference = reference(group);
            for (Row row : group) {
                writer.beginObject();
                writer.name("group").value(row.group());
                writer.name("contender").value(row.contender());
                writer.name("median_ns").value(row.median());
                writer.name("low_ns").value(row.low());
                writer.name("high_ns").value(row.high());
                writer.name("samples").value(row.samples().size());
                if (reference != null && !reference.equals(row)) {
                    writer.name("reference").value(reference.contender());
                    writer.name("ratio").value(row.ratio(reference));
                }
                writer.endObject();
            }
        }
        writer.endArray();
        writer.endObject();
        return out + "\n";
    }

    /** A page with a bar for each row, the longest of a group as wide as all others allow. */
    String html() {
        StringBuilder page = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">"
                + "<title>bpfz bench</title><style>body{font:14px sans-serif;margin:2em}td{padding:2px 8px}"
                + "svg{display:block}</style><h1>bpfz bench</h1><p>" + escaped(machine) + "</p>\n");
        groups().forEach((name, group) -> {
            Row reference = reference(group);
            double longest = group.stream().mapToDouble(Row::high).max().orElse(1);
            page.append("<h2>").append(escaped(name)).append("</h2><table>\n");
            for (Row row : group) {
                page.append(String.format(Locale.ROOT,
                        "<tr><td>%s<td>%s<td>%s<td><svg width=\"%d\" height=\"14\"><rect width=\"%.1f\" height=\"14\" fill=\"#69c\"/>"
                                + "<rect x=\"%.1f\" y=\"5\" width=\"%.1f\" height=\"4\" fill=\"#124\"/></svg>%n",
                        escaped(row.contender()), nanos(row.median()), ratio(row, reference), BAR,
                        BAR * row.median() / longest, BAR * row.low() / longest,
                        Math.max(1, BAR * (row.high() - row.low()) / longest)));
            }
            page.append("</table>\n");
        });
        return page.append("</html>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
