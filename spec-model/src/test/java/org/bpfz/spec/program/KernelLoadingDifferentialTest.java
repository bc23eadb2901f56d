package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bpfz.spec.Errno;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What loading, attaching and creating maps ask for, against the kernel's own checks. */
class KernelLoadingDifferentialTest {
    private static KernelTables kernel;

    @BeforeAll
    static void cutAndCompile() throws Throwable {
        kernel = KernelTables.assumed();
    }

    @Test
    void loadingAndAttachingAsksForWhatTheKernelAsks() throws Throwable {
        for (ProgramType type : KernelTables.ruledTypes()) {
            ProgramRule rule = ProgramRule.of(type);
            int needs = kernel.call("entry_needs", type.number());
            assertEquals((needs & 1) != 0, rule.needs().contains(Capability.NET_ADMIN), type + " needs CAP_NET_ADMIN");
            assertEquals((needs & 2) != 0, rule.needs().contains(Capability.PERFMON), type + " needs CAP_PERFMON");
            for (AttachType attachType : KernelTables.linux(AttachType.values(), AttachType.COMPRESSOR)) {
                String what = type + " and " + attachType;
                assertEquals(kernel.call("entry_expected", type.number(), attachType.number()) == 0,
                        rule.acceptsExpected(attachType), what);
                boolean sleeps = kernel.call("entry_may_sleep", type.number(), attachType.number()) != 0;
                ProgramTraits traits = ProgramTraits.of(type).with(attachType);
                assertEquals(sleeps || type == ProgramType.SYSCALL, rule.maySleep(traits), what);
                assertEquals(type == ProgramType.SYSCALL, rule.mustSleep(traits), what);
                comparedAttaching(rule, attachType, what);
                comparedReturns(rule, traits, what);
            }
        }
    }

    private static void comparedAttaching(ProgramRule rule, AttachType attachType, String what) throws Throwable {
        boolean taken = kernel.call("entry_attaches", rule.type().number(), attachType.number()) == 0;
        switch (rule.type()) {
            // EXT attaches as what it replaces; the other two don't attach by an attach type.
            case EXT, STRUCT_OPS, SK_REUSEPORT -> {
            }
            // Attaching takes whatever equals the expected attach type, which was checked when the program was loaded.
            case CGROUP_SOCK, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, SK_LOOKUP -> assertEquals(
                    taken && rule.expects() != null && rule.expects().contains(attachType),
                    rule.attaches().contains(attachType), what);
            default -> assertEquals(taken, rule.attaches().contains(attachType), what);
        }
    }

    private static void comparedReturns(ProgramRule rule, ProgramTraits traits, String what) throws Throwable {
        long theirs = kernel.returns(traits);
        ReturnRule ours = rule.returnRule(traits);
        int min = (int) (theirs >> 32);
        int max = (int) theirs;
        if (theirs == Long.MAX_VALUE - 2) {
            assertTrue(traits.type() == ProgramType.TRACING, what + " can't be loaded at all");
        } else if (theirs == Long.MAX_VALUE - 1) {
            assertEquals(new ReturnRule.Nothing(), ours, what);
        } else if (theirs == Long.MAX_VALUE) {
            assertEquals(new ReturnRule.Any(), ours, what);
        } else if (kernel.call("entry_returns_low_half") != 0) {
            assertEquals(new ReturnRule.IntRange(min, max), ours, what);
        } else {
            assertEquals(new ReturnRule.Range(min, max), ours, what);
        }
    }

    @Test
    void mapsAreCreatedAsTheKernelCreatesThem() throws Throwable {
        int[] sizes = {0, 1, 2, 4, 5, 7, 8, 12, 16, 512, 32768, 32769, Integer.MAX_VALUE, Integer.MIN_VALUE};
        int[] entries = {0, 1, 3, 4096, Integer.MAX_VALUE};
        for (MapType type : MapType.values()) {
            if (kernel.call("entry_map_check", type.number(), 4, 4, 1, 0) == 1) {
                continue;
            }
            MapRule rule = MapRule.of(type);
            for (int key : sizes) {
                for (int value : sizes) {
                    for (int count : entries) {
                        MapSpec spec = MapSpec.of("m", type, key, value, count);
                        comparedCreation(rule, spec);
                        for (MapFlag flag : key <= 8 && value <= 8 && count == 1 ? MapFlag.values() : new MapFlag[0]) {
                            comparedCreation(rule, spec.withFlags(flag.mask()));
                        }
                    }
                }
            }
        }
    }

    private static void comparedCreation(MapRule rule, MapSpec spec) throws Throwable {
        int theirs = kernel.call("entry_map_check", spec.type().number(), spec.keySize(), spec.valueSize(),
                spec.maxEntries(), spec.flags());
        boolean ours = rule.takes(spec);
        // The table is not about what is too large for memory.
        boolean tooLarge = theirs == Errno.E2BIG.negative();
        assertTrue((theirs == 0) == ours || tooLarge, () -> spec + ": " + theirs);
    }
}
