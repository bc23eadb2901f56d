package org.bpfz.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

/** A register that is compared with itself is one register to the kernel, too; the lines are what Linux 6.12.117 says. */
class SameRegisterTest {

    @Test
    void aContradictionIsFoundOnceAndLeavesTheBitsAlone() {
        assertEquals(
                List.of("REG INVARIANTS VIOLATION (true_reg1): range bounds violation u64=[0x1, 0x0] s64=[0x1, 0x0]"
                        + " u32=[0x1, 0x0] s32=[0x1, 0x0] var_off=(0x0, 0x1)"),
                violations("if w0 s> w0 goto +0"));
    }

    private static List<String> violations(String comparison) {
        Verdict verdict = Verifier.verify(Programs.image(ProgramType.SOCKET_FILTER, """
                r0 = *(u32 *)(r1 +0)
                r0 &= 1
                %s
                r0 = 0
                exit
                """.formatted(comparison)), Options.privileged().withLogLevel(2));
        return verdict.log().lines().filter(line -> line.startsWith("REG INVARIANTS")).toList();
    }
}
