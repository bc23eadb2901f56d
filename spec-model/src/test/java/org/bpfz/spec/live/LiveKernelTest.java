package org.bpfz.spec.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** bpf(2) is called as it wants to be. */
class LiveKernelTest {
    @BeforeAll
    static void needsKernel() {
        RequiresLiveKernel.orSkip(LiveKernelTest.class);
    }

    @Test
    void loadsAndRunsAProgramThatWritesItsContext() throws IOException {
        LiveKernel.Request request = LiveKernel.Request.of(ProgramType.SYSCALL, code("""
                r2 = *(u8 *)(r1 +0)
                r2 += 1
                *(u8 *)(r1 +1) = r2
                r0 = 7
                exit""")).withFlags(LiveKernel.F_SLEEPABLE);
        try (LiveKernel.Loading loading = LiveKernel.load(request)) {
            assertNull(loading.errno(), loading.log());
            byte[] context = {5, 0};
            assertEquals(7, LiveKernel.run(programOf(loading), context, new byte[0], 0).returned());
            assertArrayEquals(new byte[]{5, 6}, context);
        }
    }

    @Test
    void hasErrorAndLogOfARefusedProgram() {
        LiveKernel.Request request = LiveKernel.Request.of(ProgramType.SOCKET_FILTER, code("r0 = r9\nexit"));
        try (LiveKernel.Loading loading = LiveKernel.load(request)) {
            assertEquals("EACCES", loading.errno());
            assertTrue(loading.log().contains("R9 !read_ok"), loading.log());
        }
    }

    @Test
    void givesAProgramItsMapsByIndex() throws IOException {
        final int array = 2;
        try (LiveKernel.Descriptor map = LiveKernel.createMap(array, 4, 8, 1, 0);
                LiveKernel.Loading loading = LiveKernel.load(LiveKernel.Request
                        .of(ProgramType.SOCKET_FILTER, code("r1 = map[idx:0][0]+0\nr0 = *(u64 *)(r1 +0)\nexit"))
                        .withMaps(List.of(map)))) {
            assertNull(loading.errno(), loading.log());
            assertEquals(0, LiveKernel.run(programOf(loading), new byte[0], new byte[14], 1).returned());
        }
    }

    private static LiveKernel.Descriptor programOf(LiveKernel.Loading loading) {
        LiveKernel.Descriptor program = loading.program();
        assertNotNull(program);
        return program;
    }

    private static List<RawInstruction> code(String text) {
        return Encoder.encode(new Assembler(CallNames.none()).assemble(text));
    }
}
