package org.bpfz.oracle.analyze;

import java.io.IOException;
import org.bpfz.oracle.analyze.Found.LeftOut;

/** Takes the results as they come, in the order of the walk, so that a report of any length needs no memory. */
public interface AnalysisReport {

    /** A file that was analysed, to its end or not. */
    void file(FileResult file) throws IOException;

    /** Something that was left out. */
    void leftOut(LeftOut leftOut) throws IOException;

    /** Everything was reported. */
    void end(Totals totals) throws IOException;
}
