package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.live.LiveMap;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;

/**
 * Engines against the kernel of this machine: programs of type SYSCALL, which BPF_PROG_TEST_RUN runs and of which it gives the context back.
 *
 * <p>Only those are run that the verifier accepts of a loader without CAP_PERFMON: what they return and store depends on no address and on no
 * byte that was not written. The running kernel may be of another version; what it refuses is counted and is no difference.
 */
public final class LiveCampaign extends RunCampaign {
    /** More than generated programs access. */
    private static final int CONTEXT = 512;

    private final LiveComparison comparison;
    private final int inputs;
    private final Options options = Options.privileged().withCapabilities(Set.of(Capability.BPF))
            .withFlags(Options.SLEEPABLE).withPossibleCpus(LiveMap.possibleCpus());

    /**
     * A campaign that has not begun. Programs must be loadable here ({@link org.bpfz.spec.live.LiveKernel#unavailable}).
     *
     * @param engines each is held to the kernel
     * @param inputs  how often each program is run, every time with another context; 1 or more
     */
    public LiveCampaign(List<Engine> engines, int inputs) {
        super("LIVE");
        comparison = new LiveComparison(engines);
        this.inputs = inputs;
    }

    @Override
    public Profile profile(long index) {
        return Profile.LIVE;
    }

    @Override
    Optional<String> difference(Candidate candidate, ProgramImage image, boolean counts) {
        Verdict verdict = Verifier.verify(image, options);
        if (!(verdict instanceof Verdict.Accepted accepted)) {
            if (counts) {
                tally().count("not run");
            }
            return Optional.empty();
        }
        if (counts) {
            runs(image);
        }
        return comparison.difference(image, accepted.facts(), contexts(candidate));
    }

    private List<Invocation> contexts(Candidate candidate) {
        Dice dice = new Dice(~candidate.seed(), candidate.index());
        List<Invocation> all = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            byte[] context = i == 0 ? new byte[CONTEXT] : dice.bytes(CONTEXT);
            all.add(Invocation.context(context).budget(EngineComparison.budget()).build());
        }
        return all;
    }

    @Override
    Map<String, Long> counts() {
        return comparison.counts();
    }

    /** The figures of a tally, in lines. */
    static List<String> summary(Tally tally) {
        return List.of(tally.get("programs") + " programs, " + tally.get(LiveComparison.RUNS)
                + " runs compared, each of all engines with the running kernel: " + tally.get(DIFFERENCE) + " differ; "
                + tally.get("not run") + " are refused by the verifier without CAP_PERFMON, "
                + tally.get(LiveComparison.REFUSED) + " by the running kernel; " + tally.get(LiveComparison.CUT_OFF)
                + " runs were too long, " + tally.get(LiveComparison.LACKING)
                + " came to a helper that an engine does not have");
    }
}
