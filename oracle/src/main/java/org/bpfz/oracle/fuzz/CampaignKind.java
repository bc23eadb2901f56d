package org.bpfz.oracle.fuzz;

import java.util.List;
import java.util.stream.Stream;

/** What a campaign compares, as its tally says it, so that shards of one kind only are added up. */
public enum CampaignKind {
    /** The verifier with a kernel's. */
    VERDICTS("verdicts"),
    /** Engines with the specification. */
    ENGINES("engines"),
    /** Engines with the running kernel. */
    LIVE("runs on the running kernel");

    private final String label;

    CampaignKind(String label) {
        this.label = label;
    }

    /** What the tally counts once. */
    public String mark() {
        return "campaign of " + label;
    }

    /** The kind that a tally is of. */
    public static CampaignKind of(Tally tally) {
        return Stream.of(values()).filter(kind -> tally.get(kind.mark()) > 0).findFirst().orElse(ENGINES);
    }

    /** How many differences a tally has. */
    public long differences(Tally tally) {
        return switch (this) {
            case VERDICTS -> List.of("LAX", "STRICT", "other errno", "other work", "other log", "refused, other log",
                    "GUEST", "DEFECT").stream().mapToLong(tally::get).sum();
            case ENGINES, LIVE -> tally.get(RunCampaign.DIFFERENCE);
        };
    }

    /** The figures, then what was covered. */
    public List<String> summary(Tally tally) {
        List<String> figures = switch (this) {
            case VERDICTS -> VerdictCampaign.summary(tally);
            case ENGINES -> EngineCampaign.summary(tally);
            case LIVE -> LiveCampaign.summary(tally);
        };
        if (tally.get("programs") == VerdictCampaign.objects(tally)) {
            // What was generated is nothing: its coverage would say so at length.
            return figures;
        }
        long rules = tally.counts().keySet().stream().filter(name -> name.startsWith("rule ")).count();
        String hit = rules == 0 ? "" : "; " + rules + " different reasons for a refusal";
        return Stream.concat(figures.stream(), Stream.of(covered(tally) + hit)).toList();
    }

    private String covered(Tally tally) {
        List<String> missing = Coverage.missing(tally.counts());
        if (this == LIVE) {
            // One register as address and as operand is a pointer as a number: the verifier lets no such program run without CAP_PERFMON.
            missing = missing.stream().filter(name -> !name.startsWith("aliased ")).toList();
        }
        if (!missing.isEmpty()) {
            return "not there: " + String.join(", ", missing);
        }
        return "every kind of instruction was there" + (this == LIVE ? "" : ", with and without aliased operands");
    }
}
