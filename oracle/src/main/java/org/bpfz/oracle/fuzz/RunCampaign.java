package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bpfz.spec.program.ProgramImage;

/** A campaign that runs programs: what differs is kept, each kind of difference once, and made small in the end. */
abstract class RunCampaign implements Campaign {
    /** What the tally counts where runs differ. */
    static final String DIFFERENCE = "DIFFERENCE";

    private static final int MOST_SHRUNK = 20;
    private static final int TRIES = 2_000;

    private final String kind;
    private final Tally tally = new Tally();
    private final Coverage coverage = new Coverage();
    private final List<Finding> found = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    /** A campaign that has not begun, and what its findings are called. */
    RunCampaign(String kind) {
        this.kind = kind;
    }

    /**
     * The first difference between the runs of a program, or nothing.
     *
     * @param image  the candidate's, or a smaller one
     * @param counts whether to count what becomes of it
     */
    abstract Optional<String> difference(Candidate candidate, ProgramImage image, boolean counts);

    /** What else is counted. */
    abstract Map<String, Long> counts();

    /** Counts what is in a program that is run. */
    final void runs(ProgramImage image) {
        coverage.add(image);
    }

    @Override
    public final void examine(Candidate candidate) {
        tally.count("programs");
        Optional<String> difference = difference(candidate, candidate.image(), true);
        if (difference.isPresent()) {
            tally.count(DIFFERENCE);
            if (seen.size() < MOST_SHRUNK) {
                found.add(new Finding(candidate, kind, difference.get(), candidate.image()));
                seen.add(difference.get());
            }
        }
    }

    @Override
    public final List<Finding> finish() {
        tally.add(coverage.counts());
        tally.add(counts());
        List<Finding> small = new ArrayList<>();
        for (Finding finding : found) {
            Candidate candidate = finding.candidate();
            ProgramImage minimal = new Shrinker(image -> difference(candidate, image, false).isPresent(), TRIES)
                    .shrink(finding.minimal());
            String text = difference(candidate, minimal, false).orElse(finding.text());
            small.add(new Finding(candidate, finding.kind(), text, minimal));
        }
        found.clear();
        return small;
    }

    @Override
    public final Tally tally() {
        return tally;
    }

    @Override
    public final void close() {
        // Engines hold nothing that must be let go.
    }
}
