package org.bpfz.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.log.VerifierLog;
import org.junit.jupiter.api.Test;

/** The log, by examples. */
class LogTest {
    private static String log(int level, String text, MapSpec... maps) {
        return Verifier.verify(Programs.image(ProgramType.SOCKET_FILTER, text, maps),
                Options.privileged().withLogLevel(level)).log();
    }

    @Test
    void levelTwoShowsEveryPathWithItsStates() {
        assertEquals(
                """
                        func#0 @0
                        0: R1=ctx() R10=fp0
                        0: (61) r0 = *(u32 *)(r1 +0)          ; R0_w=scalar(smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff)) R1=ctx()
                        1: (25) if r0 > 0xa goto pc+1         ; R0_w=scalar(smin=smin32=0,smax=umax=smax32=umax32=10,var_off=(0x0; 0xf))
                        2: (7b) *(u64 *)(r10 -8) = r0         ; R0_w=scalar(id=1,smin=smin32=0,smax=umax=smax32=umax32=10,var_off=(0x0; 0xf)) R10=fp0 fp-8_w=scalar(id=1,smin=smin32=0,smax=umax=smax32=umax32=10,var_off=(0x0; 0xf))
                        3: (95) exit

                        from 1 to 3: R0_w=scalar(smin=umin=umin32=11,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff)) R1=ctx() R10=fp0
                        3: R0_w=scalar(smin=umin=umin32=11,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff)) R1=ctx() R10=fp0
                        3: (95) exit
                        processed 5 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
                        """,
                log(VerifierLog.LEVEL2, """
                        r0 = *(u32 *)(r1 +0)
                        if r0 > 10 goto +1
                        *(u64 *)(r10 -8) = r0
                        exit
                        """));
    }

    @Test
    void levelOneKeepsThePathThatFails() {
        String log = log(VerifierLog.LEVEL1,
                "r0 = *(u32 *)(r1 +0)\nif r0 > 10 goto +1\nexit\nr0 = *(u64 *)(r1 +0)\nexit");
        assertTrue(log.endsWith("""
                3: (79) r0 = *(u64 *)(r1 +0)
                invalid bpf_context access off=0 size=8
                processed 4 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
                """), log);
    }

    @Test
    void mapsAreShownWithTheirSizes() {
        String log = log(VerifierLog.LEVEL2, """
                *(u32 *)(r10 -4) = 0
                r2 = r10
                r2 += -4
                r1 = map[idx:0]
                call 1
                r0 = 0
                exit
                """, MapSpec.of("counts", MapType.ARRAY, 4, 8, 16));
        assertTrue(log.contains("; R1_w=map_ptr(map=counts,ks=4,vs=8)\n"), log);
        assertTrue(log.contains("R0_w=map_value_or_null(id=1,map=counts,ks=4,vs=8)"), log);
    }
}
