package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import org.bpfz.loader.core.CoreException;
import org.bpfz.loader.core.CoreNames;
import org.bpfz.loader.core.CorePatcher;
import org.bpfz.loader.core.CoreResolution;
import org.bpfz.loader.core.CoreResolver;
import org.bpfz.loader.core.CoreTarget;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.CoreRelocation;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the questions of {@code asks.bpf.c} are answered by two kernels, number by number as their sources have it. */
class CoreRelocationsTest {
    private static final int LDX_H = 0x69;
    private static final int LDX_W = 0x61;
    private static final int LDX_DW = 0x79;

    private static Btf kernel(String name) throws IOException {
        return BtfFiles.read(TestObjects.path("kernel_" + name), null);
    }

    private static BpfObject asks(String kernel) throws IOException {
        return TestObjects.open("asks").on(KernelTarget.of(kernel(kernel)));
    }

    private static CoreStep step(BpfObject object, String function) {
        return object.relocations().stream().filter(step -> step.function().equals(function)).findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # question     before after
            moved,         8,     10
            widened,       12,    16
            not_resizable, 16,    poisoned
            address,       28,    48
            nested,        36,    60
            size,          4,     8
            is_signed,     1,     1
            bits_offset,   44,    64
            bits_size,     4,     8
            bits_left,     57,    27
            bits_right,    57,    57
            behind,        48,    72
            old_exists,    1,     0
            old_read,      0,     poisoned
            type_exists,   1,     1
            nowhere_exists,0,     0
            nowhere_size,  0,     0
            type_size,     56,    80
            value,         1,     5
            value_exists,  0,     1
            old_value,     1,     0
            """)
    void eachQuestionHasItsAnswer(String question, String before, String after) throws IOException {
        assertEquals(before, answer(step(asks("before"), question)));
        assertEquals(after, answer(step(asks("after"), question)));
    }

    private static String answer(CoreStep step) {
        CoreResolution resolution = step.resolution();
        assertTrue(resolution != null && step.refusal() == null, step.toString());
        return step.poisoned() ? "poisoned" : Long.toString(resolution.value());
    }

    @Test
    void typeIdsAreThoseOfTheTypesWithThatName() throws IOException {
        BpfObject object = asks("after");
        Btf own = object.btf().orElseThrow();
        assertEquals(own.find(BtfType.Struct.class, "thing").getAsInt(), step(object, "local_id").resolution().value());
        assertEquals(kernel("after").find(BtfType.Struct.class, "part").getAsInt(),
                step(object, "target_id").resolution().value());
    }

    @Test
    void loadsTakeTheWidthOfTheField() throws IOException {
        assertEquals(new RawInstruction(LDX_W, 0, 1, (short) 8, 0), asks("before").program("moved").code().getFirst());
        assertEquals(new RawInstruction(LDX_H, 0, 1, (short) 10, 0), asks("after").program("moved").code().getFirst());
        assertEquals(new RawInstruction(LDX_DW, 0, 1, (short) 16, 0),
                asks("after").program("widened").code().getFirst());
    }

    @Test
    void whatTheKernelLacksIsNamedAndNeverRuns() throws IOException {
        ProgramImage image = asks("after").program("old_read");
        assertEquals(CorePatcher.POISON, image.code().getFirst().imm());
        assertEquals(Map.of(0, new ProgramImage.Unresolved("<invalid CO-RE relocation>",
                "failed to resolve CO-RE relocation <byte_off> [" + asks("after").btf().orElseThrow()
                        .find(BtfType.Struct.class, "thing___old").getAsInt()
                        + "] struct thing___old.gone (0:0 @ offset 0)")),
                image.unresolved());
    }

    @Test
    void withoutTheKernelsTypesAProgramIsRefusedByTypeAndField() throws IOException {
        BadObject error = assertThrows(BadObject.class, () -> TestObjects.open("asks").program("moved"));
        assertTrue(error.getMessage().contains("struct thing.moved"), error.getMessage());
        assertTrue(error.getMessage().contains("the kernel's types are not known"), error.getMessage());
    }

    @Test
    void matchingLooksAtMembersAndNotOnlyAtTheKind() throws IOException, CoreException {
        Btf before = kernel("before");
        Btf after = kernel("after");
        assertEquals(1, matches(before, before, "thing"));
        assertEquals(0, matches(before, after, "thing"), "gone has gone");
        assertEquals(1, matches(before, after, "part"), "numbers is still there");
        assertEquals(0, matches(after, before, "part"), "before is not there yet");
    }

    private static long matches(Btf local, Btf target, String name) throws CoreException {
        int id = local.find(BtfType.Struct.class, name).getAsInt();
        return new CoreResolver(local, new CoreTarget(target))
                .resolve(new CoreRelocation(0, id, "0", CoreRelocation.Kind.TYPE_MATCHES)).value();
    }

    @Test
    void typesThatDisagreeAreAmbiguous() throws IOException {
        Btf after = kernel("after");
        int part = after.find(BtfType.Struct.class, "part").getAsInt();
        int thing = after.find(BtfType.Struct.class, "thing").getAsInt();
        BtfType.Struct other = (BtfType.Struct) after.type(thing);
        Btf doubled = after.with(Map.of(part, new BtfType.Struct("thing___twice", other.size() + 8, other.bitFields(),
                other.members().stream()
                        .map(member -> new BtfType.Member(member.name(), member.type(),
                                member.name().equals("behind") ? member.bitOffset() + 64 : member.bitOffset(),
                                member.bitFieldSize()))
                        .toList())),
                org.bpfz.spec.btf.BtfRules.KERNEL);
        BpfObject object = TestObjects.open("asks").on(KernelTarget.of(doubled));
        String refusal = String.valueOf(step(object, "behind").refusal());
        assertTrue(refusal.contains("disagree") && refusal.contains("struct thing.behind"), refusal);
        assertFalse(step(object, "moved").poisoned(), "where they agree, the first is taken");
    }

    @ParameterizedTest
    @CsvSource({"task_struct,task_struct", "task___old,task", "a___b___c,a___b", "___x,___x", "x___,x___",
        "x____y,x____y", "_a___b,_a"})
    void flavoursAreWhatIsBehindThreeUnderscores(String name, String essential) {
        assertEquals(essential, CoreNames.essential(name));
    }
}
