package org.bpfz.verifier.log;

import java.util.List;
import org.bpfz.spec.btf.LineInfo;
import org.jspecify.annotations.Nullable;

/** The source lines of a program and which of them the log showed last (verbose_linfo). */
public final class SourceLines {
    private final List<LineInfo> lines;
    private final VerifierLog log;
    private @Nullable LineInfo shown;

    /** @param lines in the order of their slots; empty without BTF */
    public SourceLines(List<LineInfo> lines, VerifierLog log) {
        this.lines = List.copyOf(lines);
        this.log = log;
    }

    /** The line that an instruction comes from, or null (find_linfo). */
    public @Nullable LineInfo at(int slot) {
        int low = 0;
        int high = lines.size() - 1;
        LineInfo found = null;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (lines.get(middle).slot() <= slot) {
                found = lines.get(middle);
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return found;
    }

    /** Shows an instruction's line behind a prefix, unless it was the last one shown. */
    public void print(int slot, String prefix) {
        LineInfo line = at(slot);
        if (line == null || line.equals(shown)
                || (shown != null && shown.file().equals(line.file()) && shown.line() == line.line())) {
            return;
        }
        String file = line.file().substring(line.file().lastIndexOf('/') + 1);
        log.print(prefix).print(line.text().stripLeading()).print(" @ ").print(file).print(':').print(line.line())
                .print('\n');
        shown = line;
    }

    /** Forgets what was shown: another function begins. */
    public void forget() {
        shown = null;
    }
}
