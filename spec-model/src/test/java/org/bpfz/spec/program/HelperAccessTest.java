package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which program may call which helper: what a reader must know, and one example of each kind of condition. */
class HelperAccessTest {
    @Tag("HELP-1")
    @Test
    void givesACompressorTheBaseSetAndFourMore() {
        Set<String> expected = new TreeSet<>(Set.of("bpf_copy_from_buffer", "bpf_lzo_compress",
                "bpf_get_current_uid_gid", "bpf_get_current_pid_tgid"));
        // A netfilter program has exactly the base set (bpf_nf_func_proto in net/netfilter/nf_bpf_link.c).
        expected.addAll(names(ProgramTraits.of(ProgramType.NETFILTER)));
        assertEquals(expected, names(ProgramTraits.of(ProgramType.COMPRESSOR)));
    }

    @Tag("HELP-2")
    @Test
    void givesTheTwoNewHelpersToCompressorsOnly() {
        for (ProgramType type : ProgramType.values()) {
            if (type != ProgramType.UNSPEC && type != ProgramType.COMPRESSOR) {
                assertNull(Helpers.allowed(Helpers.COPY_FROM_BUFFER, ProgramTraits.of(type)), type::toString);
                assertNull(Helpers.allowed(Helpers.LZO_COMPRESS, ProgramTraits.of(type)), type::toString);
            }
        }
    }

    @Tag("HELP-3")
    @Tag("HELP-5")
    @Test
    void followsTheReadingOfWhatTheNewHelpersAskFor() {
        ProgramTraits strict = ProgramTraits.of(ProgramType.COMPRESSOR);
        assertEquals(List.of(ArgKind.CONST_SIZE, false), sizeAndLicence(strict));
        assertEquals(List.of(ArgKind.CONST_SIZE_OR_ZERO, false),
                sizeAndLicence(strict.reading(Set.of(ContextReading.EMPTY_COPIES))));
        ProgramTraits gpl = strict.reading(Set.of(ContextReading.GPL_ONLY_HELPERS));
        assertEquals(List.of(ArgKind.CONST_SIZE, true), sizeAndLicence(gpl));
        assertEquals("bpf_lzo_compress_gpl_proto", prototype("bpf_lzo_compress", gpl));
        assertEquals(List.of(ArgKind.CONST_SIZE_OR_ZERO, true), sizeAndLicence(
                strict.reading(Set.of(ContextReading.EMPTY_COPIES, ContextReading.GPL_ONLY_HELPERS))));
    }

    private static List<Object> sizeAndLicence(ProgramTraits traits) {
        HelperPrototype copy = Helpers.allowed(Helpers.COPY_FROM_BUFFER, traits);
        assertNotNull(copy);
        return List.of(copy.arguments().getLast().kind(), copy.gplOnly());
    }

    @Tag("HELP-1")
    @Test
    void keepsTheGatesOfTheBaseSet() {
        ProgramTraits bare = ProgramTraits.of(ProgramType.COMPRESSOR).with(Set.of());
        ProgramTraits bpf = bare.with(Set.of(Capability.BPF));
        ProgramTraits perfmon = bare.with(Set.of(Capability.BPF, Capability.PERFMON));
        ProgramTraits admin = bare.with(Set.of(Capability.SYS_ADMIN));
        assertEquals("bpf_map_lookup_elem_proto", prototype("bpf_map_lookup_elem", bare));
        assertNull(prototype("bpf_loop", bare));
        assertEquals("bpf_loop_proto", prototype("bpf_loop", bpf));
        assertNull(prototype("bpf_trace_printk", bpf));
        assertEquals("bpf_trace_printk_proto", prototype("bpf_trace_printk", perfmon));
        assertEquals(names(perfmon), names(admin));
    }

    @Test
    void picksThePrototypeByProgramType() {
        assertEquals("bpf_skb_event_output_proto", prototype("bpf_perf_event_output", ProgramType.SCHED_CLS));
        assertEquals("bpf_xdp_event_output_proto", prototype("bpf_perf_event_output", ProgramType.XDP));
        assertEquals("bpf_perf_event_output_proto_tp", prototype("bpf_perf_event_output", ProgramType.PERF_EVENT));
        assertEquals("bpf_get_raw_smp_processor_id_proto",
                prototype("bpf_get_smp_processor_id", ProgramType.SOCKET_FILTER));
        assertEquals("bpf_get_smp_processor_id_proto", prototype("bpf_get_smp_processor_id", ProgramType.KPROBE));
    }

    @Test
    void picksThePrototypeByAttachTypeTargetAndSleep() {
        ProgramTraits kprobe = ProgramTraits.of(ProgramType.KPROBE);
        assertEquals("bpf_get_func_ip_proto_kprobe", prototype("bpf_get_func_ip", kprobe));
        assertEquals("bpf_get_func_ip_proto_kprobe_multi",
                prototype("bpf_get_func_ip", kprobe.with(AttachType.TRACE_KPROBE_SESSION)));
        assertEquals("bpf_get_stack_sleepable_proto", prototype("bpf_get_stack", kprobe.sleepable(true)));

        ProgramTraits lsm = ProgramTraits.of(ProgramType.LSM).with(AttachType.LSM_CGROUP);
        assertEquals("bpf_sk_setsockopt_proto", prototype("bpf_setsockopt", lsm.withTarget("sock_graft")));
        assertEquals("bpf_unlocked_sk_setsockopt_proto",
                prototype("bpf_setsockopt", lsm.withTarget("socket_socketpair")));
        assertNull(prototype("bpf_setsockopt", lsm.withTarget("socket_bind")));

        ProgramTraits ops = ProgramTraits.of(ProgramType.STRUCT_OPS);
        assertEquals("bpf_sk_setsockopt_proto", prototype("bpf_setsockopt", ops.withTarget("tcp_congestion_ops.init")));
        assertNull(prototype("bpf_setsockopt", ops.withTarget("tcp_congestion_ops.release")));
        assertNull(prototype("bpf_map_lookup_elem", ops.withTarget("bpf_dummy_ops.test_1")));
    }

    @Test
    void refusesWhatASetTakesAwayFromTheSetBehindIt() {
        assertEquals("bpf_skb_pull_data_proto", prototype("bpf_skb_pull_data", ProgramType.LWT_OUT));
        assertNull(prototype("bpf_skb_pull_data", ProgramType.LWT_SEG6LOCAL));
    }

    private static Set<String> names(ProgramTraits traits) {
        Set<String> names = new TreeSet<>();
        for (int number = 0; number <= 220; number++) {
            HelperPrototype allowed = Helpers.allowed(number, traits);
            if (allowed != null) {
                names.add(allowed.name());
            }
        }
        return names;
    }

    private static @Nullable String prototype(String helper, ProgramType type) {
        return prototype(helper, ProgramTraits.of(type));
    }

    private static @Nullable String prototype(String helper, ProgramTraits traits) {
        HelperPrototype any = Helpers.all().stream().filter(each -> each.name().equals(helper)).findFirst()
                .orElse(null);
        assertNotNull(any, helper);
        HelperPrototype allowed = Helpers.allowed(any.number(), traits);
        return allowed == null ? null : allowed.prototype();
    }
}
