package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may call which helper, with which map, against the kernel's own get_func_proto functions and their like. */
class KernelGrantsDifferentialTest {
    /** Those that some set of helpers asks for, and their like. */
    private static final List<String> TARGETS = List.of("tcp", "unix", "task", "sock_graft", "inet_csk_clone",
            "inet_conn_established", "socket_post_create", "socket_socketpair", "socket_bind",
            "tcp_congestion_ops.init",
            "tcp_congestion_ops.release", "sched_ext_ops.init");

    private static KernelTables kernel;

    @BeforeAll
    static void cutAndCompile() throws Throwable {
        kernel = KernelTables.assumed();
    }

    @Test
    void grantsAreTheKernels() throws Throwable {
        for (ProgramType type : KernelTables.ruledTypes()) {
            if (type == ProgramType.EXT) {
                continue;
            }
            List<ProgramTraits> askers = new ArrayList<>();
            ProgramTraits base = ProgramTraits.of(type);
            askers.add(base.sleepable(true));
            for (Set<Capability> capabilities : List.<Set<Capability>>of(Set.of(), Set.of(Capability.BPF),
                    Set.of(Capability.PERFMON), Set.of(Capability.BPF, Capability.PERFMON),
                    Set.of(Capability.SYS_ADMIN), Set.of(Capability.NET_ADMIN))) {
                askers.add(base.with(capabilities));
            }
            for (AttachType attachType : KernelTables.linux(AttachType.values(), AttachType.COMPRESSOR)) {
                askers.add(base.with(attachType));
            }
            for (AttachType attachType : List.of(AttachType.TRACE_ITER, AttachType.TRACE_FENTRY, AttachType.LSM_MAC,
                    AttachType.LSM_CGROUP, AttachType.STRUCT_OPS)) {
                TARGETS.forEach(target -> askers.add(base.with(attachType).withTarget(target)));
            }
            for (ProgramTraits traits : askers) {
                for (int number = -1; number < Helpers.COPY_FROM_BUFFER + 2; number++) {
                    HelperPrototype ours = Helpers.allowed(number, traits);
                    assertEquals(kernel.granted(traits, number), ours == null ? null : ours.prototype(),
                            number + " for " + traits);
                }
            }
        }
    }

    @Test
    void restrictionsAreTheKernels() throws Throwable {
        List<String> targets = new ArrayList<>(
                List.of("vfs_truncate", "filp_close", "security_path_truncate", "vfs_write",
                        "bpf_sk_storage_get", "tcp"));
        LsmHook.all().forEach(hook -> targets.add(hook.name()));
        String name = kernel.prototypeName(0);
        for (int i = 0; name != null; name = kernel.prototypeName(++i)) {
            HelperPrototype row = Helpers.prototype(name);
            assertNotNull(row, name);
            assertEquals(kernel.call("entry_changes_packet", row.number()) != 0, row.changesPacketData(), name);
            HelperRestriction restriction = row.restriction();
            if (restriction == null) {
                continue;
            }
            for (ProgramType type : List.of(ProgramType.TRACING, ProgramType.LSM, ProgramType.SYSCALL)) {
                for (AttachType attachType : KernelTables.linux(AttachType.values(), AttachType.COMPRESSOR)) {
                    for (String target : targets) {
                        ProgramTraits traits = ProgramTraits.of(type).with(attachType).withTarget(target);
                        assertEquals(kernel.permitted(i, traits), restriction.permits(traits),
                                name + " for " + traits);
                    }
                }
            }
        }
    }

    @Test
    void mapsGoIntoTheHelpersThatTheKernelLetsThemInto() throws Throwable {
        for (MapType map : MapType.values()) {
            if (map == MapType.UNSPEC) {
                continue;
            }
            assertEquals(kernel.call("entry_map_sleeper", map.number()) != 0, MapRule.of(map).sleepable(),
                    map::toString);
            for (HelperPrototype helper : Helpers.all()) {
                if (helper.arguments().stream().noneMatch(argument -> argument.kind() == ArgKind.CONST_MAP_PTR)) {
                    continue;
                }
                for (ProgramType type : KernelTables.ruledTypes()) {
                    ProgramTraits traits = ProgramTraits.of(type).with(AttachType.TRACE_ITER);
                    comparedMap(map, helper, traits);
                    comparedMap(map, helper, traits.with(AttachType.TRACE_FENTRY));
                }
            }
        }
    }

    private static void comparedMap(MapType map, HelperPrototype helper, ProgramTraits traits) throws Throwable {
        int theirs = kernel.call("entry_map_helper", map.number(), helper.number(), traits.type().number(),
                traits.effectiveAttachType().number());
        assertEquals(theirs == 0, MapRule.of(map).goesInto(helper, traits),
                () -> map + " into " + helper.name() + " by " + traits);
    }
}
