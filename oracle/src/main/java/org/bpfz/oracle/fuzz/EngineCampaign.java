package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.isa.MalformedInstruction;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;

/**
 * Engines against the specification. Programs of even index run on bare memory, seen by no verifier; those of odd index are compressor
 * programs, which an engine is told the verifier's facts of where it accepts them.
 */
public final class EngineCampaign extends RunCampaign {
    /** Runs of each program unless told otherwise. */
    public static final int INPUTS = 3;

    private final EngineComparison comparison;
    private final int inputs;

    /**
     * A campaign that has not begun.
     *
     * @param engines the first is the one that the others are held to
     * @param inputs  how often each program is run, every time with other memory; 1 or more
     */
    public EngineCampaign(List<Engine> engines, int inputs) {
        super("ENGINE");
        comparison = new EngineComparison(engines);
        this.inputs = inputs;
    }

    @Override
    public Profile profile(long index) {
        return index % 2 == 0 ? Profile.RAW : Profile.VERIFIED;
    }

    @Override
    Optional<String> difference(Candidate candidate, ProgramImage image, boolean counts) {
        boolean raw = candidate.index() % 2 == 0;
        Facts facts = Facts.NONE;
        if (!raw) {
            Verdict verdict = Verifier.verify(image, Options.privileged());
            facts = verdict instanceof Verdict.Accepted accepted ? accepted.facts() : Facts.NONE;
            if (counts) {
                tally().count(verdict instanceof Verdict.Accepted ? "run with facts" : "run although refused");
            }
        }
        try {
            image.decoded();
        } catch (MalformedInstruction e) {
            if (counts) {
                tally().count("not decodable");
            }
            return Optional.empty();
        }
        if (counts) {
            runs(image);
        }
        return comparison.difference(image, facts, inputs(candidate, raw));
    }

    private List<Invocation> inputs(Candidate candidate, boolean raw) {
        Dice dice = new Dice(~candidate.seed(), candidate.index());
        List<Invocation> all = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            byte[] memory = i == 0
                    ? new byte[raw ? ProgramWriter.RAW_BYTES : 16]
                    : dice.bytes(raw ? ProgramWriter.RAW_BYTES : 16);
            Invocation.Builder builder = raw
                    ? Invocation.raw(memory)
                    : Invocation.context(memory).data(dice.bytes(dice.below(200)));
            all.add(builder.budget(EngineComparison.budget()).recordEvents().build());
        }
        return all;
    }

    @Override
    Map<String, Long> counts() {
        return Map.of("helper lacking", comparison.lacking(), "runs", comparison.runs());
    }

    /** The figures of a tally, in lines. */
    static List<String> summary(Tally tally) {
        int cells = Edges.cells().size();
        List<String> missing = Edges.missing(tally.counts().keySet());
        return List.of(tally.get("programs") + " programs, " + tally.get("runs")
                + " runs compared, each on all engines: " + tally.get(DIFFERENCE) + " differ; "
                + tally.get("run with facts") + " ran with the verifier's facts, "
                + tally.get("run although refused") + " although it refuses them, " + tally.get("not decodable")
                + " are no programs; " + tally.get("helper lacking")
                + " runs came to a helper that an engine does not have",
                cells - missing.size() + " of " + cells
                        + " cells of instruction, operands in one register or two, edge immediate and edge offset"
                        + (missing.isEmpty() ? "" : "; the first that is missing: " + missing.getFirst()));
    }
}
