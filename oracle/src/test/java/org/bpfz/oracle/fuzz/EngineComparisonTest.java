package org.bpfz.oracle.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

/** An engine may cut a run off later than the specification does, but what it ends by itself must end like that. */
class EngineComparisonTest {
    /** The specification with more patience, and one bit that may be wrong. */
    private static Engine patient(long more, long wrong) {
        return new DeviantEngine("patient", right -> new DeviantEngine.Deviant(right,
                asked -> Invocation.raw(asked.context()).budget(asked.budget() + more).build(), wrong));
    }

    private static Optional<String> difference(int rounds, Engine engine) {
        ProgramImage image = ProgramImage.builder("rounds", ProgramType.COMPRESSOR)
                .code(Encoder.encode(new Assembler(CallNames.ofHelpers(Map.of()))
                        .assemble("r0 = " + rounds + "\nloop: r0 -= 1\nif r0 != 0 goto loop\nr0 = 7\nexit\n")))
                .build();
        return new EngineComparison(List.of(DeviantEngine.SPECIFICATION, engine)).difference(image, Facts.NONE,
                List.of(Invocation.raw(new byte[8]).budget(EngineComparison.budget()).build()));
    }

    @Test
    void whatEndsAfterTheSpecificationHasGivenUpIsComparedWithTheWholeRun() {
        assertEquals(Optional.empty(), difference(20_000, patient(900_000, 0)));
        String difference = difference(20_000, patient(900_000, 1)).orElseThrow();
        assertEquals("patient: run 0: r0: 0x7 expected, 0x6 found", difference);
    }

    @Test
    void whatGoesOnForMoreThanAMillionInstructionsDiffers() {
        String difference = difference(600_000, patient(2_000_000, 0)).orElseThrow();
        assertTrue(difference.startsWith("patient: run 0: fault: OutOfBudget"), difference);
    }
}
