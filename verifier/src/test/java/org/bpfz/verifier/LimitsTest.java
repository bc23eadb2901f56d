package org.bpfz.verifier;

import static org.bpfz.verifier.Programs.assertAccepted;
import static org.bpfz.verifier.Programs.rejected;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

/** The kernel's limits, and programs that try to exhaust the verifier. */
class LimitsTest {
    private static final RawInstruction ZERO = new RawInstruction(0xb7, 0, 0, (short) 0, 0);
    private static final RawInstruction EXIT = new RawInstruction(0x95, 0, 0, (short) 0, 0);

    private static Verdict verify(List<RawInstruction> code) {
        return Verifier.verify(ProgramImage.builder("test", ProgramType.SOCKET_FILTER).code(code).build(),
                Options.privileged());
    }

    @Test
    void anEndlessCountingLoopEndsAtAMillionInstructions() {
        Verdict.Rejected verdict = rejected(ProgramType.SOCKET_FILTER, """
                r0 = 0
                again: r0 += 1
                if r0 != 0 goto again
                exit
                """);
        assertEquals(Errno.E2BIG, verdict.errno());
        assertEquals("BPF program is too large. Processed 1000001 insn", verdict.message());
    }

    @Test
    void pathsThatJoinAgainArePruned() {
        StringBuilder text = new StringBuilder("r6 = r1\nr0 = 0\n");
        for (int i = 0; i < 8000; i++) {
            text.append("r2 = *(u32 *)(r6 +0)\nif r2 == ").append(i).append(" goto +0\n");
        }
        assertAccepted(ProgramType.SOCKET_FILTER, text.append("r0 = 0\nexit\n").toString());
    }

    @Test
    void waitingPathsAreLimited() {
        List<RawInstruction> code = new ArrayList<>();
        code.add(new RawInstruction(0x61, 2, 1, (short) 0, 0));
        for (int i = 0; i < 9000; i++) {
            code.add(new RawInstruction(0x15, 2, 0, (short) (9000 - i), i));
        }
        code.add(ZERO);
        code.add(EXIT);
        Verdict.Rejected verdict = (Verdict.Rejected) verify(code);
        assertEquals("The sequence of 8193 jumps is too complex.", verdict.message());
        assertEquals(Errno.E2BIG, verdict.errno());
    }

    @Test
    void aMillionInstructionsInOneLineAreTaken() {
        List<RawInstruction> code = new ArrayList<>();
        for (int i = 0; i < 999_999; i++) {
            code.add(ZERO);
        }
        code.add(EXIT);
        assertTrue(verify(code) instanceof Verdict.Accepted);
    }

    /** Each of 333,332 numbers that have to be exact comes, by way of a stack slot, from the one at the begin. */
    @Test
    void numbersOfALongLineAreTrackedBackOnce() {
        List<RawInstruction> code = new ArrayList<>();
        code.add(new RawInstruction(0x61, 2, 1, (short) 0, 0));
        code.add(new RawInstruction(0x57, 2, 0, (short) 0, 7));
        while (code.size() < 999_990) {
            code.add(new RawInstruction(0xbf, 3, 10, (short) 0, 0));
            code.add(new RawInstruction(0x0f, 3, 2, (short) 0, 0));
            code.add(new RawInstruction(0x7b, 10, 2, (short) -8, 0));
            code.add(new RawInstruction(0x79, 2, 10, (short) -8, 0));
        }
        code.add(ZERO);
        code.add(EXIT);
        assertTrue(verify(code) instanceof Verdict.Accepted);
    }

    /** Eight frames of 64 numbers each, and a loop in the last one whose states are all different. */
    @Test
    void statesOfFullFramesFitIntoMemory() {
        StringBuilder text = new StringBuilder();
        for (int depth = 0; depth < 8; depth++) {
            text.append("r6 = r1\n");
            for (int slot = 1; slot <= 64; slot++) {
                text.append("r7 = *(u32 *)(r6 +0)\n*(u64 *)(r10 -").append(8 * slot).append(") = r7\n");
            }
            text.append(depth < 7 ? "r1 = r6\ncall pc+2\nr0 = 0\nexit\n" : """
                    r8 = 0
                    again: may_goto out
                    r8 += 1
                    if r8 > 2000000 goto out
                    goto again
                    out: r0 = 0
                    exit
                    """);
        }
        Verdict.Rejected verdict = rejected(ProgramType.SOCKET_FILTER, text.toString());
        assertEquals("BPF program is too large. Processed 1000001 insn", verdict.message());
        assertTrue(verdict.statistics().states() > 70_000);
    }

    @Test
    void aFrameHas512Bytes() {
        assertAccepted(ProgramType.SOCKET_FILTER, "*(u64 *)(r10 -512) = 0\nr0 = 0\nexit");
        assertEquals("invalid write to stack R10 off=-520 size=8",
                rejected(ProgramType.SOCKET_FILTER, "*(u64 *)(r10 -520) = 0\nr0 = 0\nexit").message());
    }

    @Test
    void randomBytesNeverDoMoreThanBeRefused() {
        SplittableRandom random = new SplittableRandom(6);
        for (int round = 0; round < 20_000; round++) {
            List<RawInstruction> code = new ArrayList<>();
            int length = random.nextInt(1, 12);
            for (int i = 0; i < length; i++) {
                boolean plausible = random.nextInt(4) != 0;
                int register = plausible ? 11 : 16;
                short off = (short) (plausible ? random.nextInt(-16, 16) : random.nextInt());
                code.add(new RawInstruction(random.nextInt(256), random.nextInt(register), random.nextInt(register),
                        off, plausible ? random.nextInt(-20, 220) : random.nextInt()));
            }
            code.add(EXIT);
            assertNotNull(verify(code));
        }
    }
}
