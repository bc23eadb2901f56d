package org.bpfz.oracle.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boots the distribution's kernel; skipped where QEMU, gcc or the kernel's package are not to be had. */
class VirtualMachineTest {
    private static final int SYS_WRITE = 1;
    private static final int SYS_GETPID = 39;
    private static final int SYS_OPEN = 2;
    private static final int O_WRONLY = 1;
    private static final RawInstruction EXIT = new RawInstruction(0x95, 0, 0, (short) 0, 0);

    @Test
    void callsAndLoadsAreAnsweredAndAPanicIsNamed() throws IOException {
        try (VirtualMachine machine = boot()) {
            assertTrue(machine.release().startsWith("6.12."), machine.release());
            systemCalls(machine);
            loads(new GuestBpf(machine));
            panics(machine);
        }
    }

    private static void systemCalls(VirtualMachine machine) throws IOException {
        Request request = new Request();
        long text = request.put("hello");
        long kept = request.zeroed(8);
        int pid = request.callKeeping(kept, 4, SYS_GETPID);
        int bad = request.call(SYS_WRITE, 99, text, 5);
        int copied = request.peekString(text, 100);
        int stored = request.peek(kept, 8);
        Answers answers = machine.call(request);
        assertEquals(1, answers.result(pid), "the agent is init");
        assertEquals(-Errno.EBADF.number(), answers.result(bad));
        assertEquals("hello", answers.string(copied));
        assertEquals(1, answers.bytes(stored)[0]);
    }

    private static void loads(GuestBpf bpf) throws IOException {
        RawInstruction zero = new RawInstruction(0xb7, 0, 0, (short) 0, 0);
        GuestBpf.Loading accepted = bpf.load(image(zero, EXIT), 0, 2);
        assertTrue(accepted.isAccepted());
        assertTrue(accepted.log().startsWith("func#0 @0\n0: R1=ctx() R10=fp0\n0: (b7) r0 = 0 "), accepted.log());
        GuestBpf.Loading refused = bpf.load(image(EXIT), 0, 1);
        assertEquals(Errno.EACCES, refused.errno());
        assertTrue(refused.log().contains("R0 !read_ok"), refused.log());
        RawInstruction map = new RawInstruction(0x18, 1, 5, (short) 0, 0);
        ProgramImage withMap = ProgramImage.builder("map", ProgramType.SOCKET_FILTER)
                .code(List.of(map, new RawInstruction(0, 0, 0, (short) 0, 0), zero, EXIT))
                .maps(List.of(MapSpec.of("values", MapType.ARRAY, 4, 8, 1))).build();
        assertTrue(bpf.load(withMap, 0, 1).isAccepted());
    }

    private static void panics(VirtualMachine machine) throws IOException {
        Request request = new Request();
        long fd = request.zeroed(8);
        request.callKeeping(fd, 8, SYS_OPEN, new Request.Argument.Value(request.put("/proc/sysrq-trigger")),
                new Request.Argument.Value(O_WRONLY));
        request.callKeeping(0, 0, SYS_WRITE, new Request.Argument.At(fd),
                new Request.Argument.Value(request.put("c".getBytes(UTF_8))), new Request.Argument.Value(1));
        GuestException panic = assertThrows(GuestException.class, () -> machine.call(request));
        assertEquals(GuestException.Kind.PANIC, panic.kind());
        assertTrue(panic.getMessage().contains("sysrq"), panic.getMessage());
    }

    private static ProgramImage image(RawInstruction... code) {
        return ProgramImage.builder("test", ProgramType.SOCKET_FILTER).code(List.of(code)).build();
    }

    @Test
    void aKernelThatDoesNotComeUpIsToldApart() throws IOException {
        Boot boot = Boot.of(kernel()).withParameters("rdinit=/nothing root=nothing").withTimeouts(
                Duration.ofSeconds(240),
                Duration.ofSeconds(5));
        GuestException dead = assertThrows(GuestException.class, () -> VirtualMachine.boot(boot).close());
        assertEquals(GuestException.Kind.NEVER_UP, dead.kind());
        assertTrue(dead.getMessage().contains("Kernel panic"), dead.getMessage());
    }

    @Test
    void aFileThatIsNoKernelIsNamed(@TempDir Path folder) {
        Path missing = folder.resolve("bzImage");
        InputException e = assertThrows(InputException.class, () -> VirtualMachine.boot(Boot.of(missing)).close());
        assertEquals(missing + ": no kernel image that can be read", e.getMessage());
    }

    private static VirtualMachine boot() throws IOException {
        try {
            return VirtualMachine.boot(Boot.of(kernel()));
        } catch (UnavailableException e) {
            return abort("skipped: " + e.getMessage());
        }
    }

    private static Path kernel() throws IOException {
        try {
            return StockKernel.findOrFetch();
        } catch (UnavailableException e) {
            return abort("skipped: " + e.getMessage());
        }
    }
}
