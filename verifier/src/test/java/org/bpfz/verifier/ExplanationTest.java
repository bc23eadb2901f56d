package org.bpfz.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.explain.Explanation;
import org.junit.jupiter.api.Test;

/** Each refusal of the table is found by its message, and programs that are refused meet it. */
class ExplanationTest {
    /** A row that an earlier one hides would never be seen. */
    @Test
    void eachMessageFindsItsOwnRule() {
        for (Explanation explanation : Explanation.all()) {
            assertTrue(!explanation.likes().isEmpty() && !explanation.why().isBlank());
            for (String like : explanation.likes()) {
                String message = like.replaceAll("(?<![A-Za-z])(R|u|s)?N(?![A-Za-z])", "$17").replace("*", "x");
                Explanation found = Explanation.of(message);
                assertNotNull(found, message);
                assertEquals(explanation.why(), found.why(), message);
            }
        }
    }

    @Test
    void anUnknownMessageHasNone() {
        assertNull(Explanation.of("something that no rule says"));
    }

    @Test
    void aRefusedProgramIsExplained() {
        Verdict.Rejected rejected = Programs.rejected(ProgramType.SOCKET_FILTER, "r0 = r7\nexit\n");
        Explanation explanation = Explanation.of(rejected.message());
        assertNotNull(explanation);
        assertTrue(explanation.why().startsWith("The instruction reads a register"));
    }
}
