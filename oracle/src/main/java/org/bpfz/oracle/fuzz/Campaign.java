package org.bpfz.oracle.fuzz;

import java.io.IOException;
import java.util.List;

/** Compares one generated program after the other; what it counts goes into its tally. */
public interface Campaign extends AutoCloseable {

    /** Which programs it is about. */
    Profile profile(long index);

    /** Takes a program; what there is to say of it may come later. */
    void examine(Candidate candidate) throws IOException;

    /** Waits for what is under way, and makes small what differs. */
    List<Finding> finish() throws IOException;

    /** The counts so far. */
    Tally tally();

    @Override
    void close() throws IOException;
}
