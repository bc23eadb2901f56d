package org.bpfz.oracle.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.qemu.Boot;
import org.bpfz.oracle.qemu.StockKernel;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.live.LiveKernel;
import org.junit.jupiter.api.Test;

class CampaignTest {
    private static final Engine SPECIFICATION = DeviantEngine.SPECIFICATION;

    /** The specification, but for one wrong bit in what programs with an XOR return. */
    private static final Engine WRONG = new DeviantEngine("wrong",
            right -> right.image().code().stream().anyMatch(slot -> slot.opcode() == 0xaf)
                    ? new DeviantEngine.Deviant(right, UnaryOperator.identity(), 1)
                    : right);

    @Test
    void anEngineThatIsWrongAboutOneInstructionIsFoundAndTheProgramIsSmall() {
        EngineCampaign campaign = new EngineCampaign(List.of(SPECIFICATION, WRONG), EngineCampaign.INPUTS);
        for (long index = 0; index < 300; index++) {
            campaign.examine(new ProgramGenerator(2, campaign.profile(index)).at(index));
        }
        List<Finding> findings = campaign.finish();
        assertFalse(findings.isEmpty());
        for (Finding finding : findings) {
            assertTrue(finding.text().startsWith("wrong: run 0: r0"), finding.text());
            assertTrue(finding.minimal().code().size() <= 12, () -> String.valueOf(finding.minimal().code()));
        }
    }

    @Test
    void anEngineThatIsTheSpecificationDoesNotDiffer() {
        EngineCampaign campaign = new EngineCampaign(List.of(SPECIFICATION, SPECIFICATION), 5);
        for (long index = 0; index < 100; index++) {
            campaign.examine(new ProgramGenerator(3, campaign.profile(index)).at(index));
        }
        assertEquals(List.of(), campaign.finish());
        assertTrue(campaign.tally().get("run with facts") > 10);
    }

    @Test
    void aKernelInAVirtualMachineSaysTheSame() throws IOException {
        try (VerdictCampaign campaign = new VerdictCampaign(Boot.of(kernel()))) {
            ProgramGenerator generator = new ProgramGenerator(4, Profile.VERDICTS);
            for (long index = 0; index < 250; index++) {
                campaign.examine(generator.at(index));
            }
            List<Finding> findings = campaign.finish();
            // A call of a kernel function, which is not modelled, is refused for another reason.
            assertEquals(List.of(), findings.stream().filter(finding -> !finding.kind().equals("LOG"))
                    .map(Finding::text).toList());
            assertTrue(findings.size() <= 2, () -> findings.toString());
            assertEquals(250, campaign.tally().get("BOTH_ACCEPT") + campaign.tally().get("BOTH_REFUSE"));
        } catch (UnavailableException e) {
            abort("skipped: " + e.getMessage());
        }
    }

    @Test
    void theRunningKernelDoesTheSame() {
        needsLiveKernel();
        LiveCampaign campaign = new LiveCampaign(Engines.all(), 2);
        for (long index = 0; index < 150; index++) {
            campaign.examine(new ProgramGenerator(6, campaign.profile(index)).at(index));
        }
        assertEquals(List.of(), campaign.finish());
        assertTrue(campaign.tally().get(LiveComparison.RUNS) > 50, () -> campaign.tally().counts().toString());
    }

    @Test
    void anEngineThatIsWrongIsFoundByTheRunningKernel() {
        needsLiveKernel();
        LiveCampaign campaign = new LiveCampaign(List.of(SPECIFICATION, WRONG), 1);
        for (long index = 0; index < 250; index++) {
            campaign.examine(new ProgramGenerator(6, campaign.profile(index)).at(index));
        }
        List<Finding> findings = campaign.finish();
        assertFalse(findings.isEmpty());
        for (Finding finding : findings) {
            assertTrue(finding.text().startsWith("run 0: wrong: Trace[returned="), finding.text());
        }
    }

    private static void needsLiveKernel() {
        String unavailable = LiveKernel.unavailable();
        if (unavailable != null) {
            abort("skipped: the running kernel can not be asked: " + unavailable);
        }
    }

    private static Path kernel() throws IOException {
        return StockKernel.findOrFetch();
    }
}
