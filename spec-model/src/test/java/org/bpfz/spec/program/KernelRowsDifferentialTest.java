package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rows of the tables against the kernel's and libbpf's own: every number, name, prototype, section and security hook. */
class KernelRowsDifferentialTest {
    private static KernelTables kernel;

    @BeforeAll
    static void cutAndCompile() throws Throwable {
        kernel = KernelTables.assumed();
    }

    @Test
    void numbersOfEnumsAreTheKernels() throws Throwable {
        for (ProgramType type : KernelTables.linux(ProgramType.values(), ProgramType.COMPRESSOR)) {
            assertEquals(kernel.constant(type.kernelName()), type.number(), type.kernelName());
        }
        for (AttachType type : KernelTables.linux(AttachType.values(), AttachType.COMPRESSOR)) {
            assertEquals(kernel.constant(type.kernelName()), type.number(), type.kernelName());
        }
        for (MapType type : MapType.values()) {
            assertEquals(kernel.constant(type.kernelName()), type.number(), type.kernelName());
        }
        for (MapFlag flag : MapFlag.values()) {
            assertEquals(kernel.constant(flag.kernelName()), flag.mask(), flag.kernelName());
        }
        for (Capability capability : Capability.values()) {
            assertEquals(kernel.constant(capability.kernelName()), capability.number(), capability.kernelName());
        }
        assertEquals(kernel.constant("__MAX_BPF_PROG_TYPE"), ProgramType.COMPRESSOR.number());
        assertEquals(kernel.constant("__MAX_BPF_ATTACH_TYPE"), AttachType.COMPRESSOR.number());
        assertEquals(kernel.constant("__MAX_BPF_MAP_TYPE"), MapType.values().length);
    }

    @Test
    void namesOfTypesAreBpftools() throws Throwable {
        for (ProgramType type : KernelTables.linux(ProgramType.values(), ProgramType.COMPRESSOR)) {
            assertEquals(kernel.typeName(0, type.number()), type.toolName());
        }
        for (AttachType type : KernelTables.linux(AttachType.values(), AttachType.COMPRESSOR)) {
            assertEquals(kernel.typeName(1, type.number()), type.toolName());
        }
        for (MapType type : MapType.values()) {
            assertEquals(kernel.typeName(2, type.number()), type.toolName());
        }
    }

    @Test
    void namesOfHelpersAreTheKernels() throws Throwable {
        for (int number = 0; number < Helpers.COPY_FROM_BUFFER; number++) {
            assertEquals(number == 0 ? null : kernel.helper(number), Helpers.name(number));
        }
        assertNull(kernel.helper(Helpers.COPY_FROM_BUFFER));
    }

    @Test
    void prototypesAreTheKernels() throws Throwable {
        Set<String> seen = new HashSet<>();
        String name = kernel.prototypeName(0);
        for (int i = 0; name != null; name = kernel.prototypeName(++i)) {
            HelperPrototype row = Helpers.prototype(name);
            assertNotNull(row, name);
            seen.add(name);
            assertEquals(kernel.prototypeField(i, 0) != 0, row.gplOnly(), name + ".gpl_only");
            assertEquals(kernel.prototypeField(i, 1) != 0, row.pktAccess(), name + ".pkt_access");
            assertEquals(kernel.prototypeField(i, 2) != 0, row.mightSleep(), name + ".might_sleep");
            assertEquals(kernel.prototypeField(i, 3) != 0, row.allowFastcall(), name + ".allow_fastcall");
            assertEquals(kernel.prototypeField(i, 4), encoded(row.result()), name + ".ret_type");
            assertEquals(kernel.prototypeStruct(i, 5), row.result().struct(), name + ".ret_btf_id");
            int restriction = row.restriction() == null ? 0 : row.restriction().ordinal() + 1;
            assertEquals(kernel.prototypeField(i, 5), restriction, name + ".allowed");
            for (int argument = 0; argument < 5; argument++) {
                comparedArgument(i, argument, row);
            }
        }
        Set<String> ours = new HashSet<>();
        Helpers.all().stream().filter(row -> row.number() < Helpers.COPY_FROM_BUFFER)
                .forEach(row -> ours.add(row.prototype()));
        assertEquals(ours, seen);
    }

    private static void comparedArgument(int index, int argument, HelperPrototype row) throws Throwable {
        String name = row.prototype() + ".arg" + (argument + 1);
        if (argument >= row.arguments().size()) {
            assertEquals(0, kernel.prototypeField(index, 10 + argument), name);
            return;
        }
        ArgType type = row.arguments().get(argument);
        assertEquals(kernel.prototypeField(index, 10 + argument), encoded(type), name);
        if (type.has(TypeFlag.MEM_FIXED_SIZE)) {
            assertEquals(kernel.prototypeField(index, 20 + argument), type.size(), name + "_size");
        } else {
            assertEquals(kernel.prototypeStruct(index, argument), type.struct(), name + "_btf_id");
        }
    }

    @Test
    void sectionsAreLibbpfs() throws Throwable {
        List<SectionRule> ours = new ArrayList<>(SectionRule.all());
        assertEquals("compressor+", ours.removeFirst().pattern());
        for (int i = 0; i < ours.size(); i++) {
            SectionRule rule = ours.get(i);
            assertEquals(kernel.section(i), rule.pattern());
            AttachType attachType = rule.attachType();
            assertEquals(kernel.call("entry_section_field", i, 0), rule.type().number(), rule.pattern());
            assertEquals(kernel.call("entry_section_field", i, 1), attachType == null ? 0 : attachType.number(),
                    rule.pattern());
            assertEquals(kernel.call("entry_section_field", i, 2) != 0, rule.sleepable(), rule.pattern());
            assertEquals(kernel.call("entry_section_field", i, 3) != 0, rule.frags(), rule.pattern());
            assertEquals(kernel.call("entry_section_field", i, 4) != 0, rule.btfTarget(), rule.pattern());
        }
        assertNull(kernel.section(ours.size()));
    }

    @Test
    void securityHooksAreTheKernels() throws Throwable {
        Set<String> seen = new HashSet<>();
        String name = kernel.lsmHook(0);
        for (int i = 0; name != null; name = kernel.lsmHook(++i)) {
            LsmHook hook = LsmHook.of(name);
            assertNotNull(hook, name);
            seen.add(name);
            int flags = kernel.call("entry_lsm_hook_flags", i);
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

    private static long encoded(ArgType type) throws Throwable {
        long encoded = kernel.constant(type.kind().kernelName());
        for (TypeFlag flag : type.flags()) {
            encoded |= kernel.constant(flag.name());
        }
        return encoded;
    }

    private static long encoded(ReturnType type) throws Throwable {
        long encoded = kernel.constant(type.kind().kernelName());
        for (TypeFlag flag : type.flags()) {
            encoded |= kernel.constant(flag.name());
        }
        return encoded;
    }
}
