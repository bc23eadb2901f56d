package org.bpfz.oracle.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.bpfz.oracle.fuzz.VerdictComparison.Outcome;
import org.bpfz.oracle.qemu.GuestBpf.Loading;
import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.junit.jupiter.api.Test;

class VerdictComparisonTest {
    private static final RawInstruction ZERO = new RawInstruction(0xb7, 0, 0, (short) 0, 0);
    private static final RawInstruction EXIT = new RawInstruction(0x95, 0, 0, (short) 0, 0);
    private static final ProgramImage GOOD = image(ZERO, EXIT);
    private static final ProgramImage BAD = image(EXIT);

    private static ProgramImage image(RawInstruction... code) {
        return ProgramImage.builder("test", ProgramType.SOCKET_FILTER).code(List.of(code)).build();
    }

    private static Verdict ours(ProgramImage image) {
        return Verifier.verify(image, Options.privileged().withLogLevel(2));
    }

    @Test
    void equalVerdictsAndLogsDoNotDiffer() {
        VerdictComparison both = VerdictComparison.of(GOOD, ours(GOOD), new Loading(null, 3, ours(GOOD).log()));
        assertEquals(Outcome.BOTH_ACCEPT, both.outcome());
        assertFalse(both.differs());
        VerdictComparison neither = VerdictComparison.of(BAD, ours(BAD),
                new Loading(Errno.EACCES, -13, ours(BAD).log()));
        assertEquals(Outcome.BOTH_REFUSE, neither.outcome());
        assertFalse(neither.differs());
    }

    @Test
    void laxAndStrictAreToldApart() {
        assertEquals("LAX",
                VerdictComparison.of(GOOD, ours(GOOD), new Loading(Errno.EINVAL, -22, "")).kind());
        assertEquals("STRICT", VerdictComparison.of(BAD, ours(BAD), new Loading(null, 3, "")).kind());
    }

    @Test
    void errorNumbersWorkAndLinesCount() {
        assertEquals("ERRNO",
                VerdictComparison.of(BAD, ours(BAD), new Loading(Errno.EINVAL, -22, ours(BAD).log())).kind());
        String more = ours(GOOD).log().replace("processed 2 insns", "processed 3 insns");
        assertEquals("WORK", VerdictComparison.of(GOOD, ours(GOOD), new Loading(null, 3, more)).kind());
        VerdictComparison line = VerdictComparison.of(GOOD, ours(GOOD),
                new Loading(null, 3, ours(GOOD).log().replace("R0_w=0", "R0_w=1")));
        assertEquals("LOG", line.kind());
        assertTrue(line.explain(GOOD, ours(GOOD), new Loading(null, 3, "")).startsWith("ours:   accepted"));
    }

    @Test
    void addressesOfMapsAreNotComparedAndOtherConstantsAre() {
        ProgramImage map = image(new RawInstruction(0x18, 1, 5, (short) 0, 0), ZERO, ZERO, EXIT);
        assertEquals(VerdictComparison.comparable(map, "0: (18) r1 = 0xffff888100000000       ; R1_w=map_ptr()"),
                VerdictComparison.comparable(map, "0: (18) r1 = 0xff1f01a80221eb27 ; R1_w=map_ptr()"));
        ProgramImage constant = image(new RawInstruction(0x18, 1, 0, (short) 0, 0), ZERO, ZERO, EXIT);
        String line = "0: (18) r1 = 0xffff888100000000";
        assertEquals(List.of(line), VerdictComparison.comparable(constant, line));
    }
}
