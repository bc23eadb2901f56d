package org.bpfz.verifier;

import static org.bpfz.verifier.Programs.assertAccepted;
import static org.bpfz.verifier.Programs.rejected;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Set;
import org.bpfz.spec.Errno;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.ContextReading;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Options.HelperNumbers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the verifier lets compressor programs do and what not, clause by clause: one accepted and one refused program at least. */
class CompressorClausesTest {
    private static final String RETURN_ZERO = "r0 = 0\nexit";

    private static void accepted(String text) {
        assertAccepted(ProgramType.COMPRESSOR, text);
    }

    private static void refused(Errno errno, String message, String text) {
        assertRefusal(errno, message, rejected(ProgramType.COMPRESSOR, text));
    }

    private static void assertRefusal(Errno errno, String message, Verdict verdict) {
        Verdict.Rejected refusal = assertInstanceOf(Verdict.Rejected.class, verdict);
        assertEquals(message, refusal.message());
        assertEquals(errno, refusal.errno());
    }

    @Test
    @Tag("PROG-1")
    void aCompressorProgramLoadsAndAnUnprivilegedTaskMayNotLoadOne() {
        accepted(RETURN_ZERO);
        Verdict verdict = Verifier.verify(Programs.image(ProgramType.COMPRESSOR, RETURN_ZERO),
                Options.privileged().withCapabilities(Set.of()));
        assertRefusal(Errno.EPERM, "loading a compressor program takes CAP_BPF", verdict);
    }

    @Test
    @Tag("ATT-1")
    @Tag("ATT-2")
    void onlyItsOwnAttachTypeIsTaken() {
        ProgramImage.Builder builder = ProgramImage.builder("test", ProgramType.COMPRESSOR)
                .code(Programs.image(ProgramType.COMPRESSOR, RETURN_ZERO).code());
        Verdict own = Verifier.verify(builder.attachType(AttachType.COMPRESSOR).build(), Options.privileged());
        assertInstanceOf(Verdict.Accepted.class, own);
        Verdict other = Verifier.verify(builder.attachType(AttachType.TRACE_FENTRY).build(), Options.privileged());
        assertRefusal(Errno.EINVAL, "a compressor program can't have the attach type TRACE_FENTRY", other);
    }

    /** Which hook a program is for is no matter of the verifier: whether a wrong target is refused at load is open (ATT-2). */
    @ParameterizedTest
    @Tag("ATT-2")
    @ValueSource(strings = {"bpf_compressor_decide", "bpf_compressor_verify"})
    void aProgramForEitherHookIsHeldToTheSameRules(String hook) {
        ProgramImage.Builder builder = ProgramImage.builder("test", ProgramType.COMPRESSOR)
                .attachType(AttachType.COMPRESSOR).attachTarget(hook);
        assertInstanceOf(Verdict.Accepted.class, Verifier.verify(
                builder.code(Programs.image(ProgramType.COMPRESSOR, "r0 = *(u64 *)(r1 +8)\nexit").code()).build(),
                Options.privileged()));
        assertRefusal(Errno.EACCES, "invalid bpf_context access off=16 size=8", Verifier.verify(
                builder.code(Programs.image(ProgramType.COMPRESSOR, "r0 = *(u64 *)(r1 +16)\nexit").code()).build(),
                Options.privileged()));
    }

    @Test
    @Tag("ATT-2")
    void aProgramOfAnotherTypeCanNotHaveItsAttachType() {
        ProgramImage.Builder builder = ProgramImage.builder("test", ProgramType.CGROUP_SKB)
                .code(Programs.image(ProgramType.CGROUP_SKB, "r0 = 1\nexit").code());
        assertInstanceOf(Verdict.Accepted.class,
                Verifier.verify(builder.attachType(AttachType.CGROUP_INET_EGRESS).build(), Options.privileged()));
        assertRefusal(Errno.EINVAL, "a cgroup_skb program can't have the attach type COMPRESSOR",
                Verifier.verify(builder.attachType(AttachType.COMPRESSOR).build(), Options.privileged()));
    }

    @Test
    @Tag("CTX-1")
    void theContextHasSixteenBytes() {
        accepted("r0 = *(u64 *)(r1 +8)\nexit");
        refused(Errno.EACCES, "invalid bpf_context access off=16 size=1", "r0 = *(u8 *)(r1 +16)\nexit");
    }

    @ParameterizedTest
    @Tag("CTX-1")
    @ValueSource(strings = {"r0 = *(u64 *)(r1 +0)", "r0 = *(u64 *)(r1 +8)", "r0 = *(u32 *)(r1 +0)",
        "r0 = *(u32 *)(r1 +4)"})
    void theFieldsOfTheContextCanBeLoaded(String load) {
        accepted(load + "\nexit");
    }

    @Test
    @Tag("CTX-2")
    void theContextCanNotBeWritten() {
        refused(Errno.EACCES, "invalid bpf_context access off=8 size=8", "*(u64 *)(r1 +8) = 1\nr0 = 0\nexit");
        refused(Errno.EACCES, "invalid bpf_context access off=0 size=8", "r0 = 1\n*(u64 *)(r1 +0) = r0\nr0 = 0\nexit");
        refused(Errno.EACCES, "BPF_ATOMIC stores into R1 ctx is not allowed",
                "r2 = 1\nlock *(u64 *)(r1 +0) += r2\nr0 = 0\nexit");
    }

    @ParameterizedTest
    @Tag("CTX-3")
    @ValueSource(ints = {16, 15, 13, 12, 4, 1, -1, -8})
    void loadsOutsideOfTheFieldsAreRefused(int off) {
        int size = off == 15 || off == 16 ? 1 : off == 13 ? 2 : 8;
        refused(Errno.EACCES, "invalid bpf_context access off=" + off + " size=" + size,
                "r0 = *(u%d *)(r1 %+d)\nexit".formatted(size * 8, off));
    }

    @Test
    @Tag("CTX-3")
    void aVariableOffsetIsRefused() {
        refused(Errno.EACCES, "variable ctx access var_off=(0x0; 0x8) disallowed", """
                r2 = *(u64 *)(r1 +8)
                r2 &= 8
                r1 += r2
                r0 = *(u64 *)(r1 +0)
                exit
                """);
        refused(Errno.EACCES, "dereference of modified ctx ptr R1 off=8 disallowed",
                "r1 += 8\nr0 = *(u64 *)(r1 +0)\nexit");
    }

    @Test
    @Tag("CTX-4")
    void narrowLoadsAreAMatterOfTheReading() {
        String narrow = "r0 = *(u32 *)(r1 +8)\nexit";
        refused(Errno.EACCES, "invalid bpf_context access off=8 size=4", narrow);
        Options lenient = Options.privileged().withReadings(Set.of(ContextReading.NARROW_LOADS));
        assertInstanceOf(Verdict.Accepted.class,
                Verifier.verify(Programs.image(ProgramType.COMPRESSOR, narrow), lenient));
    }

    @Test
    @Tag("HELP-1")
    void theBaseSetAndTwoMoreHelpersAreThere() {
        accepted("call 15\nexit");
        accepted("call 14\nexit");
        accepted("call 5\nexit");
        refused(Errno.EINVAL, "program of this type cannot use helper bpf_get_current_comm#16",
                "r1 = r10\nr1 += -16\nr2 = 16\ncall 16\nexit");
        refused(Errno.EINVAL, "invalid func unknown#500", "call 500\nexit");
    }

    @Test
    @Tag("HELP-2")
    void theNewHelpersAreForCompressorsOnly() {
        String text = "call 213\nr0 = 0\nexit";
        accepted(text);
        Verdict.Rejected filter = rejected(ProgramType.SOCKET_FILTER, text);
        assertEquals("program of this type cannot use helper bpf_lzo_compress#213", filter.message());
        String copy = "r2 = 0\nr3 = r10\nr3 += -8\nr4 = 8\ncall 212\nr0 = 0\nexit";
        assertEquals("program of this type cannot use helper bpf_copy_from_buffer#212",
                rejected(ProgramType.SOCKET_FILTER, copy).message());
    }

    @Test
    @Tag("HELP-2")
    void theirNumbersCanBeChosen() {
        Options other = Options.privileged().withHelperNumbers(new HelperNumbers(300, 301));
        ProgramImage image = Programs.image(ProgramType.COMPRESSOR, "call 301\nexit");
        assertInstanceOf(Verdict.Accepted.class, Verifier.verify(image, other));
        ProgramImage standard = Programs.image(ProgramType.COMPRESSOR, "call 213\nexit");
        assertRefusal(Errno.EINVAL, "invalid func unknown#213", Verifier.verify(standard, other));
    }

    @Test
    @Tag("HELP-3")
    void copyFromBufferFillsStackThatWasNeverWritten() {
        accepted("""
                r2 = 0
                r3 = r10
                r3 += -64
                r4 = 64
                call 212
                r0 = *(u64 *)(r10 -8)
                exit
                """);
    }

    @Test
    @Tag("HELP-3")
    void copyFromBufferStaysInItsMemory() {
        refused(Errno.EINVAL, "invalid indirect access to stack R3 off=-64 size=65",
                "r2 = 0\nr3 = r10\nr3 += -64\nr4 = 65\ncall 212\nexit");
        refused(Errno.EINVAL, "invalid indirect access to stack R3 off=-64 size=128", """
                r4 = *(u64 *)(r1 +8)
                if r4 > 128 goto out
                if r4 == 0 goto out
                r2 = 0
                r3 = r10
                r3 += -64
                call 212
                out: r0 = 0
                exit
                """);
        refused(Errno.EACCES, "R4 unbounded memory access, use 'var &= const' or 'if (var < const)'", """
                r4 = *(u64 *)(r1 +8)
                r4 <<= 1
                r4 >>= 1
                if r4 == 0 goto out
                r2 = 0
                r3 = r10
                r3 += -64
                call 212
                out: r0 = 0
                exit
                """);
    }

    @Test
    @Tag("HELP-3")
    void copyFromBufferWritesMemoryThatMayBeWritten() {
        MapSpec map = MapSpec.of("chunk", MapType.ARRAY, 4, 64, 1);
        String copy = """
                r6 = r1
                r1 = map[idx:0]
                *(u32 *)(r10 -4) = 0
                r2 = r10
                r2 += -4
                call 1
                if r0 == 0 goto out
                r1 = r6
                r2 = 0
                r3 = r0
                r4 = 64
                call 212
                out: r0 = 0
                exit
                """;
        assertAccepted(ProgramType.COMPRESSOR, copy, map);
        refused(Errno.EACCES,
                "R3 type=ctx expected=fp, pkt, pkt_meta, map_key, map_value, mem, ringbuf_mem, buf, trusted_ptr_",
                "r2 = 0\nr3 = r1\nr4 = 8\ncall 212\nexit");
    }

    @Test
    @Tag("HELP-5")
    void bothHelpersAreThereForEitherLicence() {
        ProgramImage.Builder builder = ProgramImage.builder("test", ProgramType.COMPRESSOR)
                .attachType(AttachType.COMPRESSOR).attachTarget("bpf_compressor_decide").licence("Proprietary");
        assertInstanceOf(Verdict.Accepted.class, Verifier.verify(
                builder.code(Programs.image(ProgramType.COMPRESSOR, "call 213\nr0 = 0\nexit").code()).build(),
                Options.privileged()));
        assertRefusal(Errno.EINVAL, "cannot call GPL-restricted function from non-GPL compatible program",
                Verifier.verify(builder.code(Programs.image(ProgramType.COMPRESSOR, """
                        r1 = r10
                        r1 += -8
                        *(u64 *)(r10 -8) = 0
                        r2 = 8
                        call 6
                        r0 = 0
                        exit
                        """).code()).build(), Options.privileged()));
    }

    @Test
    @Tag("HELP-4")
    void lzoCompressTakesTheContext() {
        accepted("call 213\nexit");
        refused(Errno.EACCES, "R1 type=scalar expected=ctx", "r1 = 1\ncall 213\nexit");
    }
}
