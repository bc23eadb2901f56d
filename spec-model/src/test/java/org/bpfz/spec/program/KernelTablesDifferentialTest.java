package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bpfz.spec.peer.KernelSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The tables against the kernel's own code: every row, and every question that a table answers. */
class KernelTablesDifferentialTest {
    /** Those that some set of helpers asks for, and their like. */
    private static final List<String> TARGETS = List.of("tcp", "unix", "task", "sock_graft", "inet_csk_clone",
            "inet_conn_established", "socket_post_create", "socket_socketpair", "socket_bind",
            "tcp_congestion_ops.init",
            "tcp_congestion_ops.release", "sched_ext_ops.init");

    private static final int[] WIDTHS = {1, 2, 4, 8};

    /** By their BTF and not by a table (btf_ctx_access), or by that of another program. */
    private static final Set<ProgramType> CONTEXT_BY_BTF = EnumSet.of(ProgramType.LSM, ProgramType.STRUCT_OPS,
            ProgramType.EXT);

    private static @Nullable KernelTables kernel;

    @BeforeAll
    static void cutAndCompile() throws Throwable {
        kernel = KernelTables.load(constants()).orElse(null);
        if (kernel == null) {
            System.out.println("skipped: " + KernelSource.MISSING + ", or no gcc");
        }
        assumeTrue(kernel != null, KernelSource.MISSING + ", or no gcc");
        registerTypes();
    }

    @Test
    void numbersOfEnumsAreTheKernels() throws Throwable {
        for (ProgramType type : linux(ProgramType.values(), ProgramType.COMPRESSOR)) {
            assertEquals(kernel().constant(type.kernelName()), type.number(), type.kernelName());
        }
        for (AttachType type : linux(AttachType.values(), AttachType.COMPRESSOR)) {
            assertEquals(kernel().constant(type.kernelName()), type.number(), type.kernelName());
        }
        for (MapType type : MapType.values()) {
            assertEquals(kernel().constant(type.kernelName()), type.number(), type.kernelName());
        }
        for (MapFlag flag : MapFlag.values()) {
            assertEquals(kernel().constant(flag.kernelName()), flag.mask(), flag.kernelName());
        }
        for (Capability capability : Capability.values()) {
            assertEquals(kernel().constant(capability.kernelName()), capability.number(), capability.kernelName());
        }
        assertEquals(kernel().constant("__MAX_BPF_PROG_TYPE"), ProgramType.COMPRESSOR.number());
        assertEquals(kernel().constant("__MAX_BPF_ATTACH_TYPE"), AttachType.COMPRESSOR.number());
        assertEquals(kernel().constant("__MAX_BPF_MAP_TYPE"), MapType.values().length);
    }

    @Test
    void namesOfTypesAreBpftools() throws Throwable {
        for (ProgramType type : linux(ProgramType.values(), ProgramType.COMPRESSOR)) {
            assertEquals(kernel().typeName(0, type.number()), type.toolName());
        }
        for (AttachType type : linux(AttachType.values(), AttachType.COMPRESSOR)) {
            assertEquals(kernel().typeName(1, type.number()), type.toolName());
        }
        for (MapType type : MapType.values()) {
            assertEquals(kernel().typeName(2, type.number()), type.toolName());
        }
    }

    @Test
    void namesOfHelpersAreTheKernels() throws Throwable {
        for (int number = 0; number < Helpers.COPY_FROM_BUFFER; number++) {
            assertEquals(number == 0 ? null : kernel().helper(number), Helpers.name(number));
        }
        assertNull(kernel().helper(Helpers.COPY_FROM_BUFFER));
    }

    @Test
    void prototypesAreTheKernels() throws Throwable {
        Set<String> seen = new HashSet<>();
        String name = kernel().prototypeName(0);
        for (int i = 0; name != null; name = kernel().prototypeName(++i)) {
            HelperPrototype row = Helpers.prototype(name);
            assertNotNull(row, name);
            seen.add(name);
            assertEquals(kernel().prototypeField(i, 0) != 0, row.gplOnly(), name + ".gpl_only");
            assertEquals(kernel().prototypeField(i, 1) != 0, row.pktAccess(), name + ".pkt_access");
            assertEquals(kernel().prototypeField(i, 2) != 0, row.mightSleep(), name + ".might_sleep");
            assertEquals(kernel().prototypeField(i, 3) != 0, row.allowFastcall(), name + ".allow_fastcall");
            assertEquals(kernel().prototypeField(i, 4), encoded(row.result()), name + ".ret_type");
            assertEquals(kernel().prototypeStruct(i, 5), row.result().struct(), name + ".ret_btf_id");
            int restriction = row.restriction() == null ? 0 : row.restriction().ordinal() + 1;
            assertEquals(kernel().prototypeField(i, 5), restriction, name + ".allowed");
            for (int argument = 0; argument < 5; argument++) {
                comparedArgument(i, argument, row);
            }
        }
        Set<String> ours = new HashSet<>();
        Helpers.all().forEach(row -> ours.add(row.prototype()));
        ours.removeAll(Set.of("bpf_copy_from_buffer_proto", "bpf_lzo_compress_proto"));
        assertEquals(ours, seen);
    }

    private static void comparedArgument(int index, int argument, HelperPrototype row) throws Throwable {
        String name = row.prototype() + ".arg" + (argument + 1);
        if (argument >= row.arguments().size()) {
            assertEquals(0, kernel().prototypeField(index, 10 + argument), name);
            return;
        }
        ArgType type = row.arguments().get(argument);
        assertEquals(kernel().prototypeField(index, 10 + argument), encoded(type), name);
        if (type.has(TypeFlag.MEM_FIXED_SIZE)) {
            assertEquals(kernel().prototypeField(index, 20 + argument), type.size(), name + "_size");
        } else {
            assertEquals(kernel().prototypeStruct(index, argument), type.struct(), name + "_btf_id");
        }
    }

    @Test
    void grantsAreTheKernels() throws Throwable {
        for (ProgramType type : ruledTypes()) {
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
            for (AttachType attachType : linux(AttachType.values(), AttachType.COMPRESSOR)) {
                askers.add(base.with(attachType));
            }
            for (AttachType attachType : List.of(AttachType.TRACE_ITER, AttachType.TRACE_FENTRY, AttachType.LSM_MAC,
                    AttachType.LSM_CGROUP, AttachType.STRUCT_OPS)) {
                TARGETS.forEach(target -> askers.add(base.with(attachType).withTarget(target)));
            }
            for (ProgramTraits traits : askers) {
                for (int number = -1; number < Helpers.COPY_FROM_BUFFER + 2; number++) {
                    HelperPrototype ours = Helpers.allowed(number, traits);
                    assertEquals(kernel().granted(traits, number), ours == null ? null : ours.prototype(),
                            number + " for " + traits);
                }
            }
        }
    }

    @Test
    void contextAccessesAreTheKernels() throws Throwable {
        for (ProgramType type : ruledTypes()) {
            if (CONTEXT_BY_BTF.contains(type)) {
                continue;
            }
            ContextLayout layout = ContextLayout.of(type);
            boolean small = layout.size() <= 256;
            for (AttachType attachType : small
                    ? linux(AttachType.values(), AttachType.COMPRESSOR)
                    : List.of(AttachType.CGROUP_INET_INGRESS)) {
                ProgramTraits root = ProgramTraits.of(type).with(attachType);
                boolean first = attachType == AttachType.CGROUP_INET_INGRESS;
                for (ProgramTraits traits : first ? List.of(root, root.with(Set.of())) : List.of(root)) {
                    for (int offset = -9; offset <= layout.size() + 9; offset++) {
                        for (int width : WIDTHS) {
                            comparedAccess(layout, traits, offset, width, true, false);
                            comparedAccess(layout, traits, offset, width, false, false);
                            comparedAccess(layout, traits, offset, width, false, true);
                        }
                    }
                }
            }
        }
    }

    private static void comparedAccess(ContextLayout layout, ProgramTraits traits, int offset, int width, boolean write,
            boolean signExtend) throws Throwable {
        if (signExtend && width == 8) {
            return;
        }
        int theirs = kernel().access(traits, offset, width, write, signExtend);
        ContextField ours = layout.access(offset, width, write, signExtend, traits);
        if (theirs != expected(ours)) {
            assertEquals(theirs, expected(ours), (write ? "store of " : "load of ") + width + " at " + offset + " by "
                    + traits + (signExtend ? " with sign" : "") + ": " + ours);
        }
    }

    /** The register type that the row's pointer stands for, by the kernel's number. */
    private static int expected(@Nullable ContextField field) throws Throwable {
        return field == null ? -1 : (int) REGISTER_TYPES[field.pointer().ordinal()];
    }

    private static final long[] REGISTER_TYPES = new long[ContextPointer.values().length];

    private static void registerTypes() throws Throwable {
        for (ContextPointer pointer : ContextPointer.values()) {
            REGISTER_TYPES[pointer.ordinal()] = switch (pointer) {
                case NONE -> kernel().constant("SCALAR_VALUE");
                case TRUSTED -> kernel().constant("PTR_TO_BTF_ID") | kernel().constant("PTR_TRUSTED");
                case BY_BTF -> kernel().constant("PTR_TO_BTF_ID");
                default -> kernel().constant("PTR_TO_" + pointer.name());
            };
        }
    }

    @Test
    void loadingAndAttachingAsksForWhatTheKernelAsks() throws Throwable {
        for (ProgramType type : ruledTypes()) {
            ProgramRule rule = ProgramRule.of(type);
            int needs = kernel().call("entry_needs", type.number());
            assertEquals((needs & 1) != 0, rule.needs().contains(Capability.NET_ADMIN), type + " needs CAP_NET_ADMIN");
            assertEquals((needs & 2) != 0, rule.needs().contains(Capability.PERFMON), type + " needs CAP_PERFMON");
            for (AttachType attachType : linux(AttachType.values(), AttachType.COMPRESSOR)) {
                String what = type + " and " + attachType;
                assertEquals(kernel().call("entry_expected", type.number(), attachType.number()) == 0,
                        rule.acceptsExpected(attachType), what);
                boolean sleeps = kernel().call("entry_may_sleep", type.number(), attachType.number()) != 0;
                ProgramTraits traits = ProgramTraits.of(type).with(attachType);
                assertEquals(sleeps || type == ProgramType.SYSCALL, rule.maySleep(traits), what);
                assertEquals(type == ProgramType.SYSCALL, rule.mustSleep(traits), what);
                comparedAttaching(rule, attachType, what);
                comparedReturns(rule, traits, what);
            }
        }
    }

    private static void comparedAttaching(ProgramRule rule, AttachType attachType, String what) throws Throwable {
        // What a link can be made for; the program's own expected_attach_type is the same.
        boolean taken = kernel().call("entry_attaches", rule.type().number(), attachType.number()) == 0;
        switch (rule.type()) {
            // Asked for in other places: EXT anything, these two nothing by this way.
            case EXT, STRUCT_OPS, SK_REUSEPORT -> {
            }
            // Unreachable combination: expected_attach_type is checked when they are loaded, so any equal one is taken.
            case CGROUP_SOCK, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, SK_LOOKUP -> assertEquals(
                    taken && rule.expects() != null && rule.expects().contains(attachType),
                    rule.attaches().contains(attachType), what);
            default -> assertEquals(taken, rule.attaches().contains(attachType), what);
        }
    }

    private static void comparedReturns(ProgramRule rule, ProgramTraits traits, String what) throws Throwable {
        long theirs = kernel().returns(traits);
        ReturnRule ours = rule.returnRule(traits);
        int min = (int) (theirs >> 32);
        int max = (int) theirs;
        if (theirs == Long.MAX_VALUE - 2) {
            assertTrue(traits.type() == ProgramType.TRACING, what + " can't be loaded at all");
        } else if (theirs == Long.MAX_VALUE - 1) {
            assertEquals(new ReturnRule.Nothing(), ours, what);
        } else if (theirs == Long.MAX_VALUE) {
            assertEquals(new ReturnRule.Any(), ours, what);
        } else if (kernel().call("entry_returns_low_half") != 0) {
            assertEquals(new ReturnRule.IntRange(min, max), ours, what);
        } else {
            assertEquals(new ReturnRule.Range(min, max), ours, what);
        }
    }

    @Test
    void securityHooksAreTheKernels() throws Throwable {
        Set<String> seen = new HashSet<>();
        String name = kernel().lsmHook(0);
        for (int i = 0; name != null; name = kernel().lsmHook(++i)) {
            LsmHook hook = LsmHook.of(name);
            assertNotNull(hook, name);
            seen.add(name);
            int flags = kernel().call("entry_lsm_hook_flags", i);
            LsmHook.Kind kind = (flags & 1) != 0
                    ? LsmHook.Kind.VOID
                    : (flags & 2) != 0 ? LsmHook.Kind.BOOL : LsmHook.Kind.INT;
            assertEquals(new LsmHook(name, kind, (flags & 4) != 0, (flags & 8) != 0, (flags & 16) == 0), hook);
            for (AttachType attachType : List.of(AttachType.LSM_MAC, AttachType.LSM_CGROUP)) {
                ProgramTraits traits = ProgramTraits.of(ProgramType.LSM).with(attachType).withTarget(name);
                comparedReturns(ProgramRule.of(ProgramType.LSM), traits, name + " as " + attachType);
            }
        }
        assertEquals(LsmHook.all().size(), seen.size());
    }

    @Test
    void restrictionsAreTheKernels() throws Throwable {
        List<String> targets = new ArrayList<>(
                List.of("vfs_truncate", "filp_close", "security_path_truncate", "vfs_write",
                        "bpf_sk_storage_get", "tcp"));
        LsmHook.all().forEach(hook -> targets.add(hook.name()));
        String name = kernel().prototypeName(0);
        for (int i = 0; name != null; name = kernel().prototypeName(++i)) {
            HelperPrototype row = Helpers.prototype(name);
            assertNotNull(row, name);
            assertEquals(kernel().call("entry_changes_packet", row.number()) != 0, row.changesPacketData(), name);
            HelperRestriction restriction = row.restriction();
            if (restriction == null) {
                continue;
            }
            for (ProgramType type : List.of(ProgramType.TRACING, ProgramType.LSM, ProgramType.SYSCALL)) {
                for (AttachType attachType : linux(AttachType.values(), AttachType.COMPRESSOR)) {
                    for (String target : targets) {
                        ProgramTraits traits = ProgramTraits.of(type).with(attachType).withTarget(target);
                        assertEquals(kernel().permitted(i, traits), restriction.permits(traits),
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
            for (HelperPrototype helper : Helpers.all()) {
                if (helper.arguments().stream().noneMatch(argument -> argument.kind() == ArgKind.CONST_MAP_PTR)) {
                    continue;
                }
                for (ProgramType type : ruledTypes()) {
                    ProgramTraits traits = ProgramTraits.of(type).with(AttachType.TRACE_ITER);
                    comparedMap(map, helper, traits);
                    comparedMap(map, helper, traits.with(AttachType.TRACE_FENTRY));
                }
            }
        }
    }

    private static void comparedMap(MapType map, HelperPrototype helper, ProgramTraits traits) throws Throwable {
        int theirs = kernel().call("entry_map_helper", map.number(), helper.number(), traits.type().number(),
                traits.effectiveAttachType().number());
        assertEquals(theirs == 0, MapRule.of(map).goesInto(helper, traits),
                () -> map + " into " + helper.name() + " by " + traits);
    }

    @Test
    void mapsAreCreatedAsTheKernelCreatesThem() throws Throwable {
        int[] sizes = {0, 1, 2, 4, 5, 7, 8, 12, 16, 512, 32768, 32769, Integer.MAX_VALUE, Integer.MIN_VALUE};
        int[] entries = {0, 1, 3, 4096, Integer.MAX_VALUE};
        for (MapType type : MapType.values()) {
            if (kernel().call("entry_map_check", type.number(), 4, 4, 1, 0) == 1) {
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
        int theirs = kernel().call("entry_map_check", spec.type().number(), spec.keySize(), spec.valueSize(),
                spec.maxEntries(), spec.flags());
        boolean ours = rule.takes(spec);
        // Too large is no matter of this table, except where the size has a limit of its own.
        assertTrue(theirs == 0 == ours || theirs == -7, () -> spec + ": " + theirs);
    }

    @Test
    void sectionsAreLibbpfs() throws Throwable {
        List<SectionRule> ours = new ArrayList<>(SectionRule.all());
        assertEquals("compressor+", ours.removeFirst().pattern());
        for (int i = 0; i < ours.size(); i++) {
            SectionRule rule = ours.get(i);
            assertEquals(kernel().section(i), rule.pattern());
            AttachType attachType = rule.attachType();
            assertEquals(kernel().call("entry_section_field", i, 0), rule.type().number(), rule.pattern());
            assertEquals(kernel().call("entry_section_field", i, 1), attachType == null ? 0 : attachType.number(),
                    rule.pattern());
            assertEquals(kernel().call("entry_section_field", i, 2) != 0, rule.sleepable(), rule.pattern());
            assertEquals(kernel().call("entry_section_field", i, 3) != 0, rule.frags(), rule.pattern());
            assertEquals(kernel().call("entry_section_field", i, 4) != 0, rule.btfTarget(), rule.pattern());
        }
        assertNull(kernel().section(ours.size()));
    }

    private static long encoded(ArgType type) throws Throwable {
        long encoded = kernel().constant(type.kind().kernelName());
        for (TypeFlag flag : type.flags()) {
            encoded |= kernel().constant(flag.name());
        }
        return encoded;
    }

    private static long encoded(ReturnType type) throws Throwable {
        long encoded = kernel().constant(type.kind().kernelName());
        for (TypeFlag flag : type.flags()) {
            encoded |= kernel().constant(flag.name());
        }
        return encoded;
    }

    private static List<ProgramType> ruledTypes() {
        return linux(ProgramType.values(), ProgramType.COMPRESSOR).stream().filter(type -> type != ProgramType.UNSPEC)
                .toList();
    }

    /** What Linux has without the assignment. */
    private static <E extends Enum<E>> List<E> linux(E[] values, E ours) {
        return Arrays.stream(values).filter(value -> value != ours).toList();
    }

    private static KernelTables kernel() {
        assertNotNull(kernel);
        return kernel;
    }

    private static List<String> constants() {
        Stream<String> pointers = Stream.of(ContextPointer.values()).filter(
                pointer -> !EnumSet.of(ContextPointer.NONE, ContextPointer.TRUSTED, ContextPointer.BY_BTF)
                        .contains(pointer))
                .map(pointer -> "PTR_TO_" + pointer.name());
        return Stream.of(Stream.of(ProgramType.values()).map(ProgramType::kernelName),
                Stream.of(AttachType.values()).map(AttachType::kernelName),
                Stream.of(MapType.values()).map(MapType::kernelName),
                Stream.of(MapFlag.values()).map(MapFlag::kernelName),
                Stream.of(Capability.values()).map(Capability::kernelName),
                Stream.of(ArgKind.values()).map(ArgKind::kernelName),
                Stream.of(ReturnKind.values()).map(ReturnKind::kernelName),
                Stream.of(TypeFlag.values()).map(TypeFlag::name), pointers,
                Stream.of("SCALAR_VALUE", "PTR_TO_BTF_ID", "__MAX_BPF_PROG_TYPE", "__MAX_BPF_ATTACH_TYPE",
                        "__MAX_BPF_MAP_TYPE"))
                .flatMap(names -> names).distinct().filter(name -> !name.endsWith("COMPRESSOR")).toList();
    }
}
