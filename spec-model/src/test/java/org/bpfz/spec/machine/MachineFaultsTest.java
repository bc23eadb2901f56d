package org.bpfz.spec.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.memory.Access;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.memory.Memory;
import org.bpfz.spec.memory.RegionKind;
import org.bpfz.spec.memory.Violation;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults that only the specification sees in full: they name region, offset and instruction. */
class MachineFaultsTest {
    private static final MapSpec ARRAY = MapSpec.of("counts", MapType.ARRAY, 4, 8, 4);

    private static Fault fault(Trial trial) {
        Fault fault = trial.observe(new SpecificationEngine()).result().fault();
        assertNotNull(fault, "no fault");
        return fault;
    }

    private static <V extends Violation> V violation(Class<V> kind, int slot, Trial trial) {
        Fault.Memory memory = assertInstanceOf(Fault.Memory.class, fault(trial));
        assertEquals(slot, memory.slot(), "slot");
        return assertInstanceOf(kind, memory.violation());
    }

    private static long returned(Trial trial) {
        Result result = trial.observe(new SpecificationEngine()).result();
        assertNull(result.fault());
        return result.r0();
    }

    private static Trial strict(Trial trial) {
        return trial.services(services -> services.withMemory(Memory.Rules.STRICT));
    }

    private static Trial lenient(Trial trial) {
        return trial.services(services -> services.withMemory(Memory.Rules.LENIENT));
    }

    @Property(tries = 200)
    void keepsAnAccessInsideOfItsFrame(@ForAll @IntRange(min = -530, max = 20) int offset, @ForAll MemSize size) {
        Trial trial = Trial.of("*(" + size.typeName(false) + " *)(r10 " + signed(offset) + ") = 1\nr0 = 0\nexit");
        if (offset >= -512 && offset + size.bytes() <= 0) {
            assertEquals(0, returned(trial));
        } else {
            Violation.OutOfBounds seen = violation(Violation.OutOfBounds.class, 0, trial);
            assertEquals(RegionKind.STACK, seen.region().kind());
            assertEquals(Access.WRITE, seen.access());
            assertEquals(512 + offset, seen.offset());
            assertEquals(size.bytes(), seen.size());
        }
    }

    @Property(tries = 200)
    void keepsAnAccessInsideOfRawMemory(@ForAll @IntRange(min = -10, max = 30) int offset, @ForAll MemSize size,
            @ForAll @IntRange(min = 0, max = 20) int length) {
        Trial trial = Trial.of("r0 = *(" + size.typeName(false) + " *)(r1 " + signed(offset) + ")\nexit")
                .raw(new byte[length]);
        if (offset >= 0 && offset + size.bytes() <= length) {
            assertEquals(0, returned(trial));
        } else {
            assertEquals(offset, violation(Violation.OutOfBounds.class, 0, trial).offset());
        }
    }

    @Property(tries = 200)
    void keepsAnAccessInsideOfItsElement(@ForAll @IntRange(min = 0, max = 3) int index,
            @ForAll @IntRange(min = -20, max = 20) int offset, @ForAll MemSize size) {
        Trial trial = Trial.of("""
                *(u32 *)(r10 -4) = %d
                r1 = map[idx:0]
                r2 = r10
                r2 += -4
                call bpf_map_lookup_elem
                r0 = *(%s *)(r0 %s)
                exit""".formatted(index, size.typeName(false), signed(offset))).map(ARRAY);
        if (offset >= 0 && offset + size.bytes() <= 8) {
            assertEquals(0, returned(trial));
        } else {
            Violation.OutOfBounds seen = violation(Violation.OutOfBounds.class, 6, trial);
            assertEquals("counts[" + index + "]", seen.region().name());
            assertEquals(offset, seen.offset());
        }
    }

    private static String signed(int offset) {
        return offset < 0 ? Integer.toString(offset) : "+" + offset;
    }

    @Test
    void explainsAFaultInOneSentence() {
        assertEquals("reads 8 bytes at offset 8 of counts[1] (8 bytes at 0x" + Long.toHexString(Layout.MAPS + 8) + ")",
                fault(Trial.of("""
                        *(u32 *)(r10 -4) = 1
                        r1 = map[idx:0]
                        r2 = r10
                        r2 += -4
                        call bpf_map_lookup_elem
                        r0 = *(u64 *)(r0 +8)
                        exit""").map(ARRAY)).explain());
    }

    @Test
    void knowsWhichStackHasNotBeenWritten() {
        Violation.Uninitialised seen = violation(Violation.Uninitialised.class, 1,
                Trial.of("*(u32 *)(r10 -8) = 1\nr0 = *(u64 *)(r10 -8)\nexit"));
        assertEquals(508, seen.offset());
        assertEquals("frame 0", seen.region().name());
        assertEquals(1, returned(lenient(Trial.of("*(u32 *)(r10 -8) = 1\nr0 = *(u64 *)(r10 -8)\nexit"))));
    }

    @Test
    void forgetsTheStackOfAFunctionThatHasReturned() {
        Trial trial = Trial.of("""
                call writer
                call reader
                exit
                writer:
                *(u64 *)(r10 -8) = 5
                r0 = 0
                exit
                reader:
                r0 = *(u64 *)(r10 -8)
                exit""");
        assertEquals("frame 1", violation(Violation.Uninitialised.class, 6, trial).region().name());
        assertEquals(5, returned(lenient(trial)));
    }

    @Test
    void refusesAHelperUnwrittenStackForAKey() {
        assertEquals(508, violation(Violation.Uninitialised.class, 4,
                Trial.of("r1 = map[idx:0]\nr2 = r10\nr2 += -4\ncall bpf_map_lookup_elem\nr0 = 0\nexit").map(ARRAY))
                .offset());
    }

    @Test
    void refusesAPointerToAFrameThatHasEnded() {
        violation(Violation.Unmapped.class, 1,
                Trial.of("call function\nr0 = *(u64 *)(r0 -8)\nexit\nfunction: *(u64 *)(r10 -8) = 1\nr0 = r10\nexit"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"r0 = r2; R2", "r2 += 1; R2", "r1 += r7; R7", "*(u64 *)(r10 -8) = r3; R3",
        "if r9 == 0 goto +0; R9", "exit; R0", "r0 = *(u8 *)(r5 +0); R5", "lock *(u64 *)(r1 +0) += r4; R4",
        "r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r1); R0"})
    void refusesToReadARegisterThatHoldsNothing(String instruction, Reg register) {
        Fault.UninitialisedRegister seen = assertInstanceOf(Fault.UninitialisedRegister.class,
                fault(Trial.of(instruction + "\nr0 = 0\nexit").context(new byte[8])));
        assertEquals(register, seen.register());
        assertEquals(0, seen.slot());
    }

    @ParameterizedTest
    @ValueSource(strings = {"call bpf_get_prandom_u32\nr0 = r1\nexit",
        "call function\nr0 = r5\nexit\nfunction: r0 = 0\nexit",
        "r6 = 0\ncall function\nexit\nfunction: r0 = r6\nexit",
        "r1 = 0\nr2 = 0\ncall bpf_ktime_get_ns\nr3 = r2\nr0 = 0\nexit"})
    void losesRegistersInCalls(String text) {
        assertInstanceOf(Fault.UninitialisedRegister.class, fault(Trial.of(text)));
    }

    @Test
    void losesR0OverAHelperThatReturnsNothing() {
        assertInstanceOf(Fault.UninitialisedRegister.class,
                fault(Trial.of("r2 = map[idx:0]\nr3 = 0\ncall bpf_tail_call\nexit")
                        .map(MapSpec.of("programs", MapType.PROG_ARRAY, 4, 4, 1)).context(new byte[8])));
    }

    @Test
    void takesAReadOfAMissingPrintArgumentForAFault() {
        Fault.BadArgument seen = assertInstanceOf(Fault.BadArgument.class,
                fault(Trial.of("r2 = 6\ncall bpf_trace_printk\nexit")
                        .context("%d %d\0".getBytes(StandardCharsets.US_ASCII))));
        assertEquals(3, seen.argument());
    }

    @ParameterizedTest
    @ValueSource(strings = {"*(u64 *)(r1 +0) = 1", "*(u32 *)(r1 +12) = 1", "r2 = 1\nlock *(u64 *)(r1 +0) += r2"})
    void refusesToWriteTheCompressorsContext(String instruction) {
        int slot = instruction.startsWith("r2") ? 1 : 0;
        Violation.Forbidden seen = violation(Violation.Forbidden.class, slot,
                Trial.of(instruction + "\nr0 = 0\nexit").type(ProgramType.COMPRESSOR).context(new byte[16]));
        assertEquals(RegionKind.CONTEXT, seen.region().kind());
        assertEquals(Access.WRITE, seen.access());
    }

    @Test
    void refusesAHelperToWriteTheCompressorsContext() {
        violation(Violation.Forbidden.class, 2,
                Trial.of("r3 = r1\nr2 = 8\ncall bpf_get_current_comm\nr0 = 0\nexit").type(ProgramType.COMPRESSOR)
                        .context(new byte[16]));
    }

    @Test
    void letsASyscallProgramWriteItsContext() {
        assertEquals(7, returned(Trial.of("*(u64 *)(r1 +0) = 7\nr0 = *(u64 *)(r1 +0)\nexit").context(new byte[8])));
    }

    @Test
    void keepsReadOnlyAndWriteOnlyMapsSo() {
        Trial store = Trial.of("r1 = map[idx:0][0]+0\n*(u64 *)(r1 +0) = 1\nr0 = 0\nexit");
        violation(Violation.Forbidden.class, 2,
                store.map(MapSpec.of("ro", MapType.ARRAY, 4, 8, 1).withFlags(MapFlag.RDONLY_PROG.mask())));
        Trial load = Trial.of("r1 = map[idx:0][0]+0\nr0 = *(u64 *)(r1 +0)\nexit");
        violation(Violation.Forbidden.class, 2,
                load.map(MapSpec.of("wo", MapType.ARRAY, 4, 8, 1).withFlags(MapFlag.WRONLY_PROG.mask())));
    }

    @Test
    void letsNoProgramLoadTheWrittenData() {
        violation(Violation.Unmapped.class, 2,
                Trial.of("r1 = 0x" + Long.toHexString(Layout.WRITTEN_DATA) + " ll\nr0 = *(u8 *)(r1 +0)\nexit")
                        .type(ProgramType.COMPRESSOR).context(new byte[16]).data(new byte[16]));
    }

    @Test
    void keepsAPointersOriginOverTheStack() {
        String spill = "*(u64 *)(r10 -8) = r1\nr2 = *(u64 *)(r10 -8)\nr0 = *(u8 *)(r2 +0)\nexit";
        assertEquals(0, returned(strict(Trial.of(spill).context(new byte[8]))));
        String patched = "*(u64 *)(r10 -8) = r1\nr3 = *(u8 *)(r10 -8)\n*(u8 *)(r10 -8) = r3\nr2 = *(u64 *)(r10 -8)\nr0 = *(u8 *)(r2 +0)\nexit";
        violation(Violation.ForgedPointer.class, 4, strict(Trial.of(patched).context(new byte[8])));
        assertEquals(0, returned(Trial.of(patched).context(new byte[8])), "the address is right");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r1 ^= 0", "w1 = w1", "r1 *= 1", "r2 = r1\nr1 -= r2\nr1 += 8"})
    void losesAPointersOriginInArithmetic(String text) {
        Fault.Memory seen = assertInstanceOf(Fault.Memory.class,
                fault(strict(Trial.of(text + "\nr0 = *(u8 *)(r1 +0)\nexit").context(new byte[8]))));
        assertInstanceOf(Violation.ForgedPointer.class, seen.violation());
    }

    @ParameterizedTest
    @ValueSource(strings = {"r1 += 4", "r1 -= 4\nr1 += 8", "r2 = 4\nr2 += r1\nr1 = r2", "r2 = r1\nr1 = r2"})
    void keepsAPointersOriginInArithmetic(String text) {
        assertEquals(0, returned(strict(Trial.of(text + "\nr0 = *(u8 *)(r1 +0)\nexit").context(new byte[8]))));
    }

    @Test
    void holdsAPointerToItsRegionWhereverItsAddressIs() {
        // The address is that of the context, but it was made from the stack's.
        long distance = Layout.CONTEXT - Layout.STACK_TOP;
        Violation.OutOfBounds seen = violation(Violation.OutOfBounds.class, 1,
                Trial.of("r2 = r10\nr0 = *(u8 *)(r2 +" + distance + ")\nexit").context(new byte[8]));
        assertEquals("frame 0", seen.region().name());
        assertTrue(seen.offset() > 512);
    }

    @Test
    void refusesARecordThatWasSubmitted() {
        violation(Violation.Unmapped.class, 9, Trial.of("""
                r1 = map[idx:0]
                r2 = 8
                r3 = 0
                call bpf_ringbuf_reserve
                r6 = r0
                r1 = r0
                r2 = 0
                call bpf_ringbuf_submit
                r0 = *(u64 *)(r6 +0)
                exit""").map(MapSpec.of("ring", MapType.RINGBUF, 0, 0, 4096)));
    }

    @Test
    void countsInstructionsExactly() {
        Trial trial = Trial.of("r0 = 1\nr0 += 1\nexit");
        assertEquals(2, returned(trial.budget(3)));
        assertEquals(new Fault.OutOfBudget(2, 2), fault(trial.budget(2)));
    }

    @Test
    void showsEachInstructionToThoseWhoStep() {
        Trial trial = Trial.of("r0 = 1\ncall function\nexit\nfunction: r0 = r1\nexit").raw(LittleEndian.bytes(1, 8));
        SpecEnvironment environment = new SpecificationEngine().open(Services.repeatable(1));
        Machine machine = environment.load(trial.images().getFirst(), Facts.NONE).start(trial.invocation());
        StringBuilder slots = new StringBuilder();
        while (machine.isRunning()) {
            slots.append(machine.depth()).append('@').append(machine.slot()).append(' ');
            machine.step();
        }
        assertEquals("1@0 1@1 2@3 2@4 1@2 ", slots.toString());
        assertEquals(Layout.CONTEXT, machine.result().r0());
        assertEquals(5, machine.executed());
        assertNotNull(machine.register(Reg.R0));
        assertNull(machine.register(Reg.R1), "lost in the call");
    }
}
