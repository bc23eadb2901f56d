package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a reader must know of program types; the rules of Linux's own are compared with its source elsewhere. */
class ProgramRuleTest {
    @Tag("PROG-1")
    @Test
    void numbersTheCompressorBehindNetfilter() {
        assertEquals(ProgramType.NETFILTER.number() + 1, ProgramType.COMPRESSOR.number());
        assertEquals(33, ProgramType.COMPRESSOR.number());
        assertEquals("BPF_PROG_TYPE_COMPRESSOR", ProgramType.COMPRESSOR.kernelName());
    }

    @Tag("ATT-1")
    @Test
    void numbersItsAttachTypeBehindKprobeSession() {
        assertEquals(AttachType.TRACE_KPROBE_SESSION.number() + 1, AttachType.COMPRESSOR.number());
        assertEquals(57, AttachType.COMPRESSOR.number());
        assertEquals("BPF_COMPRESSOR", AttachType.COMPRESSOR.kernelName());
    }

    @Tag("ATT-2")
    @Test
    void attachesACompressorAsNothingElseAndNothingElseAsACompressor() {
        ProgramRule compressor = ProgramRule.of(ProgramType.COMPRESSOR);
        assertEquals(List.of("BPF_RAW_TRACEPOINT_OPEN"), compressor.through());
        for (AttachType attachType : AttachType.values()) {
            assertEquals(attachType == AttachType.COMPRESSOR, compressor.acceptsExpected(attachType),
                    attachType::toString);
        }
        assertFalse(compressor.acceptsExpected(null));
        for (ProgramType type : ProgramType.values()) {
            if (type != ProgramType.UNSPEC) {
                assertEquals(type == ProgramType.COMPRESSOR,
                        ProgramRule.of(type).attaches().contains(AttachType.COMPRESSOR), type::toString);
            }
        }
    }

    @Tag("HOOK-1")
    @Tag("HOOK-2")
    @Tag("ATT-2")
    @Test
    void consultsEachHookOnItsSystemCalls() {
        assertEquals(List.of("open", "openat", "openat2", "creat"), Hook.DECIDE.systemCalls());
        assertEquals(List.of("write", "pwrite64", "writev", "pwritev", "pwritev2"), Hook.VERIFY.systemCalls());
        assertEquals(Hook.VERIFY, Hook.ofFunction("bpf_compressor_verify"));
        assertNull(Hook.ofFunction("verify"));
        assertNull(Hook.ofFunction("vfs_write"));
        assertNull(Hook.ofFunction(null));
    }

    @Test
    void findsTypesByNumberAndByName() {
        for (ProgramType type : ProgramType.values()) {
            assertEquals(type, ProgramType.of(type.number()));
            assertEquals(type, ProgramType.ofToolName(type.toolName()));
        }
        assertNull(ProgramType.of(34));
        assertNull(ProgramType.of(-1));
        assertNull(ProgramType.ofToolName("SCHED_CLS"));
        assertEquals(AttachType.TRACE_FENTRY, AttachType.ofToolName("trace_fentry"));
        assertNull(AttachType.of(58));
        assertEquals(MapType.ARENA, MapType.of(33));
        assertNull(MapType.of(34));
    }

    @Test
    void givesOldTypesAnAttachTypeThatDontAskForOne() {
        assertEquals(AttachType.CGROUP_INET_SOCK_CREATE, ProgramRule.of(ProgramType.CGROUP_SOCK).defaulted(null));
        assertTrue(ProgramRule.of(ProgramType.CGROUP_SOCK).acceptsExpected(null));
        assertFalse(ProgramRule.of(ProgramType.CGROUP_SOCK_ADDR).acceptsExpected(null));
        assertTrue(ProgramRule.of(ProgramType.SYSCALL).acceptsExpected(null));
        assertFalse(ProgramRule.of(ProgramType.SYSCALL).acceptsExpected(AttachType.XDP));
    }

    @Test
    void boundsTheResultByTypeAndAttachType() {
        ProgramTraits skb = ProgramTraits.of(ProgramType.CGROUP_SKB);
        ProgramRule rule = ProgramRule.of(ProgramType.CGROUP_SKB);
        assertEquals(new ReturnRule.Range(0, 1), rule.returnRule(skb.with(AttachType.CGROUP_INET_INGRESS)));
        assertEquals(new ReturnRule.Range(0, 3), rule.returnRule(skb.with(AttachType.CGROUP_INET_EGRESS)));
        assertEquals(new ReturnRule.Any(),
                ProgramRule.of(ProgramType.COMPRESSOR).returnRule(ProgramTraits.of(ProgramType.COMPRESSOR)));
    }

    @Test
    void hasNoRuleForUnspec() {
        assertThrows(IllegalArgumentException.class, () -> ProgramRule.of(ProgramType.UNSPEC));
        assertThrows(IllegalArgumentException.class, () -> ContextLayout.of(ProgramType.UNSPEC));
        assertThrows(IllegalArgumentException.class, () -> MapRule.of(MapType.UNSPEC));
    }

    @Test
    void letsSysAdminStandForEveryCapability() {
        for (Capability capability : Capability.values()) {
            assertTrue(capability.isGrantedBy(Set.of(Capability.SYS_ADMIN)));
            assertFalse(capability.isGrantedBy(Set.of()));
        }
        assertFalse(Capability.SYS_ADMIN.isGrantedBy(Set.of(Capability.BPF, Capability.PERFMON, Capability.NET_ADMIN)));
    }
}
