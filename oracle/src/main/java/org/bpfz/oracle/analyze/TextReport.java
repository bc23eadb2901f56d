package org.bpfz.oracle.analyze;

import java.io.PrintStream;
import java.util.Locale;
import org.bpfz.oracle.analyze.Found.LeftOut;

/** The report for a person: one line a file, numbers first so that no line waits for the longest path, totals at the end. */
public final class TextReport implements AnalysisReport {
    private final PrintStream out;
    private boolean begun;

    /** A report on a stream, which stays open. */
    public TextReport(PrintStream out) {
        this.out = out;
    }

    @Override
    public void file(FileResult file) {
        begin();
        String problem = file.problem() == null ? "" : "  (incomplete: " + file.problem() + ")";
        if (file.verified()) {
            row(file.written(), file.after(), DisplayPath.of(file.path()) + problem);
        } else {
            out.printf(Locale.ROOT, "%14s %14s %8s  %s%n", "-", "-", "-",
                    DisplayPath.of(file.path()) + "  (not under verification)" + problem);
        }
        for (FileResult.Block block : file.blocks()) {
            out.printf(Locale.ROOT, "%14d %14d %8s    at offset %d%n", block.size(), block.after(),
                    ratio(block.size(), block.after()), block.offset());
        }
    }

    @Override
    public void leftOut(LeftOut leftOut) {
        // Said on standard error when it was met, counted in the totals.
    }

    @Override
    public void end(Totals totals) {
        begin();
        StringBuilder summary = new StringBuilder("total of ").append(count(totals.files(), "file"));
        if (totals.verified() < totals.files()) {
            summary.append(", ").append(totals.verified()).append(" under verification");
        }
        append(summary, totals.unreadable(), " not or not wholly read");
        append(summary, totals.special(), " left out");
        append(summary, totals.links(), totals.links() == 1 ? " symbolic link" : " symbolic links");
        row(totals.written(), totals.after(), summary.toString());
        out.flush();
    }

    private void begin() {
        if (!begun) {
            out.printf(Locale.ROOT, "%14s %14s %8s  %s%n", "written", "after", "ratio", "file");
            begun = true;
        }
    }

    private void row(long written, long after, String what) {
        out.printf(Locale.ROOT, "%14d %14d %8s  %s%n", written, after, ratio(written, after), what);
    }

    private static void append(StringBuilder summary, long number, String what) {
        if (number > 0) {
            summary.append(", ").append(number).append(what);
        }
    }

    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** The size after compression in per cent of the size before. */
    static String ratio(long written, long after) {
        return written == 0 ? "-" : String.format(Locale.ROOT, "%.1f%%", 100.0 * after / written);
    }
}
