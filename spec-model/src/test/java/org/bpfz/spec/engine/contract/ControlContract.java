package org.bpfz.spec.engine.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Event;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where control goes: loops, calls, callbacks, tail calls, and what ends them. */
public abstract class ControlContract extends EngineContract {
    private static final MapSpec PROGRAMS = MapSpec.of("programs", MapType.PROG_ARRAY, 4, 4, 4);

    @Test
    void loopsBackwards() {
        assertEquals(5050, returned("""
                r0 = 0
                r1 = 100
                loop: r0 += r1
                r1 -= 1
                if r1 != 0 goto loop
                exit"""));
    }

    @Test
    void jumpsFarWithGotol() {
        assertEquals(7, returned("r0 = 7\ngotol end\nr0 = 8\nend: exit"));
    }

    @Test
    void givesAFunctionItsArgumentsAndTheCallerItsRegistersBack() {
        assertEquals(12345 + 6, returned("""
                r6 = 6
                r1 = 1
                r2 = 2
                r3 = 3
                r4 = 4
                r5 = 5
                call function
                r0 += r6
                exit
                function:
                r6 = 0
                r0 = r1
                r0 *= 10
                r0 += r2
                r0 *= 10
                r0 += r3
                r0 *= 10
                r0 += r4
                r0 *= 10
                r0 += r5
                exit"""));
    }

    @Test
    void givesEachFrameItsOwnStack() {
        assertEquals(1, returned("""
                *(u64 *)(r10 -8) = 1
                call function
                r0 = *(u64 *)(r10 -8)
                exit
                function:
                *(u64 *)(r10 -8) = 2
                r0 = 0
                exit"""));
    }

    @Test
    void letsAFunctionWriteTheCallersStack() {
        assertEquals(42, returned("""
                r1 = r10
                r1 += -8
                call function
                r0 = *(u64 *)(r10 -8)
                exit
                function:
                *(u64 *)(r1 +0) = 42
                r0 = 0
                exit"""));
    }

    @Test
    void callsEightFramesDeepAndNoDeeper() {
        String recursion = """
                r1 = %d
                call function
                exit
                function:
                r0 = r1
                if r1 == 0 goto end
                r1 -= 1
                call function
                r0 += 1
                end: exit""";
        assertEquals(6, returned(recursion.formatted(6)));
        faults(Fault.TooManyFrames.class, 6, Trial.of(recursion.formatted(7)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"goto +1", "goto -3", "call pc-5", "call pc+7", "if r0 == 0 goto +9", "gotol +70000"})
    void leavesTheProgramNowhere(String instruction) {
        faults(Fault.NoInstruction.class, 1, Trial.of("r0 = 0\n" + instruction + "\nexit"));
    }

    @Test
    void doesNotRunOffTheEnd() {
        faults(Fault.NoInstruction.class, 1, Trial.of("r0 = 0\nr0 += 1"));
    }

    @Test
    void doesNotJumpIntoAnImmediate() {
        faults(Fault.NoInstruction.class, 0, Trial.of("goto +1\nr0 = 1 ll\nexit"));
    }

    @Test
    void endsAnEndlessLoopByItsBudget() {
        Fault.OutOfBudget fault = assertInstanceOf(Fault.OutOfBudget.class,
                observe(Trial.of("loop: goto loop").budget(10_000)).result().fault());
        assertEquals(10_000, fault.budget());
    }

    @Test
    void endsEndlessCallbacksByTheBudget() {
        assertInstanceOf(Fault.OutOfBudget.class, observe(Trial.of("""
                r1 = 0x800000
                r2 = subprog[callback]
                r3 = 0
                r4 = 0
                call bpf_loop
                exit
                callback:
                r0 = 0
                exit""").budget(10_000)).result().fault());
    }

    @Property(tries = 30)
    void runsToTheEndWithABudgetThatSuffices(@ForAll @IntRange(min = 1, max = 2_000) int rounds) {
        Trial trial = Trial.of("r0 = " + rounds + "\nloop: r0 -= 1\nif r0 != 0 goto loop\nexit");
        assertEquals(0, returned(trial.budget(2L * rounds + 2)));
    }

    @Test
    @Tag("long")
    void fallsThroughMayGotoEightMillionTimesInEachFrame() {
        assertEquals((8 << 20) + 1, returned(Trial.of("""
                call function
                may_goto end
                r0 += 1
                end: exit
                function:
                r0 = 0
                loop:
                may_goto out
                r0 += 1
                goto loop
                out: exit""").budget(1L << 26)));
    }

    @Test
    void loopsOverACallback() {
        Result result = observe(Trial.of("""
                *(u64 *)(r10 -8) = 0
                r1 = 10
                r2 = subprog[callback]
                r3 = r10
                r3 += -8
                r4 = 0
                call bpf_loop
                r0 <<= 32
                r1 = *(u64 *)(r10 -8)
                r0 += r1
                exit
                callback:
                r3 = *(u64 *)(r2 +0)
                r3 += r1
                *(u64 *)(r2 +0) = r3
                r0 = 0
                exit""")).result();
        assertEquals(10L << 32 | 45, result.r0());
        Event.HelperCall loop = assertInstanceOf(Event.HelperCall.class, result.events().getLast());
        assertEquals("bpf_loop", loop.helper());
        assertEquals(10, loop.arguments().getFirst());
        assertEquals(10, loop.result());
    }

    @Test
    void stopsLoopingWhenTheCallbackSaysSo() {
        assertEquals(4, returned("""
                r1 = 10
                r2 = subprog[callback]
                r3 = 0
                r4 = 0
                call bpf_loop
                exit
                callback:
                r0 = 0
                if r1 != 3 goto end
                r0 = 1
                end: exit"""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"r1 = 0; 0; 0", "r1 = 1; 1; -22", "r1 = 0x800001; 0; 4294967289", "r1 = -1; 0; 4294967289"})
    void checksTheArgumentsOfALoop(String row) {
        String[] cells = row.split("; ", -1);
        assertEquals(Long.parseLong(cells[2]), returned(cells[0] + "\nr2 = subprog[callback]\nr3 = 0\nr4 = " + cells[1]
                + "\ncall bpf_loop\nexit\ncallback: r0 = 0\nexit"));
    }

    @Test
    void nestsCallbacks() {
        assertEquals(12, returned("""
                *(u64 *)(r10 -8) = 0
                r1 = 3
                r2 = subprog[outer]
                r3 = r10
                r3 += -8
                r4 = 0
                call bpf_loop
                r0 = *(u64 *)(r10 -8)
                exit
                outer:
                r3 = r2
                r1 = 4
                r2 = subprog[inner]
                r4 = 0
                call bpf_loop
                r0 = 0
                exit
                inner:
                r1 = 1
                lock *(u64 *)(r2 +0) += r1
                r0 = 0
                exit"""));
    }

    @Test
    void keepsTheCallersRegistersOverCallbacks() {
        assertEquals(0x6789, returned("""
                r6 = 6
                r7 = 7
                r8 = 8
                r9 = 9
                r1 = 5
                r2 = subprog[callback]
                r3 = 0
                r4 = 0
                call bpf_loop
                r0 = r6
                r0 <<= 4
                r0 += r7
                r0 <<= 4
                r0 += r8
                r0 <<= 4
                r0 += r9
                exit
                callback:
                r6 = 0
                r7 = 0
                r8 = 0
                r9 = 0
                r0 = 0
                exit"""));
    }

    @Test
    void doesNotCallBackWhereNoFunctionIs() {
        Fault.BadArgument fault = faults(Fault.BadArgument.class, 4,
                Trial.of("r1 = 1\nr2 = 5\nr3 = 0\nr4 = 0\ncall bpf_loop\nexit"));
        assertEquals(2, fault.argument());
    }

    private static Trial tailCalling(String index, String... others) {
        Trial trial = Trial.of("""
                r2 = map[idx:0]
                r3 = %s
                call bpf_tail_call
                r0 = 111
                exit""".formatted(index)).map(PROGRAMS).context(new byte[8]);
        for (String other : others) {
            trial.program(other);
        }
        return trial;
    }

    private static Trial withProgramAt(Trial trial, int index, int program) {
        return trial.before(environment -> assertEquals(0, environment.maps().getFirst()
                .update(LittleEndian.bytes(index, 4), LittleEndian.bytes(program, 4), 0)));
    }

    @Test
    void tailCallsIntoAnotherProgram() {
        Result result = observe(withProgramAt(tailCalling("2", "r0 = *(u64 *)(r1 +0)\nexit"), 2, 2)
                .context(LittleEndian.bytes(77, 8))).result();
        assertEquals(77, result.r0());
        assertEquals(List.of(new Event.TailCall(3, 2)), result.events());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "4", "-1"})
    void goesOnWhereThereIsNoProgram(String index) {
        assertEquals(111, returned(withProgramAt(tailCalling(index, "r0 = 1\nexit"), 2, 2)));
    }

    @Test
    void looksAtTheLowHalfOfATailCallsIndex() {
        assertEquals(1, returned(withProgramAt(tailCalling("0x700000002 ll", "r0 = 1\nexit"), 2, 2)));
    }

    @Test
    void makesThirtyThreeTailCalls() {
        // The program calls itself and counts in the context how often it has begun.
        Trial trial = withProgramAt(Trial.of("""
                r6 = r1
                r2 = *(u64 *)(r1 +0)
                r2 += 1
                *(u64 *)(r1 +0) = r2
                r2 = map[idx:0]
                r3 = 0
                call bpf_tail_call
                r0 = *(u64 *)(r6 +0)
                exit""").map(PROGRAMS).context(new byte[8]), 0, 1);
        assertEquals(34, returned(trial));
    }

    @Test
    void returnsFromATailCallToTheCallerOfTheFunction() {
        Trial trial = Trial.of("""
                r6 = 5
                call function
                r0 += r6
                exit
                function:
                r2 = map[idx:0]
                r3 = 0
                call bpf_tail_call
                r0 = 1000
                exit""").map(PROGRAMS).program("r6 = 9\nr0 = 20\nexit");
        assertEquals(25, returned(withProgramAt(trial, 0, 2)));
    }

    @Test
    void doesNotTailCallThroughAnotherKindOfMap() {
        Fault.BadArgument fault = faults(Fault.BadArgument.class, 3,
                Trial.of("r2 = map[idx:0]\nr3 = 0\ncall bpf_tail_call\nr0 = 0\nexit")
                        .map(MapSpec.of("array", MapType.ARRAY, 4, 4, 1)));
        assertEquals(2, fault.argument());
    }

    @Test
    void refusesUnknownHelpersAndKernelFunctions() {
        assertTrue(faults(Fault.Unsupported.class, 0, Trial.of("call 9999\nexit")).what().contains("9999"));
        faults(Fault.Unsupported.class, 0, Trial.of("call kernel-function#5\nexit"));
    }

    @Test
    void repeatsARunOnWhatTheOneBeforeHasLeft() {
        Trial trial = Trial.of("r0 = *(u64 *)(r1 +0)\nr0 += 1\n*(u64 *)(r1 +0) = r0\nexit").raw(new byte[8]);
        Executable executable = engine().open(Services.repeatable(1)).load(trial.images().getFirst(),
                Facts.NONE);
        Executable.Timing timing = executable.repeat(trial.invocation(), 5);
        assertNull(timing.last().fault());
        assertEquals(5, timing.last().r0());
        assertEquals(5, timing.times());
        assertEquals(1, executable.run(trial.invocation()).r0(), "the invocation's own bytes stay");
    }

    @ParameterizedTest
    @ValueSource(ints = {4_000, 60_000})
    void runsProgramsOfAnyLength(int length) {
        runsTwice(length);
    }

    @Test
    @Tag("long")
    void runsAMillionInstructions() {
        runsTwice(1_000_000);
    }

    private void runsTwice(int length) {
        Trial trial = Trial.of(RandomPrograms.of(length, length)).raw(new byte[RandomPrograms.MEMORY])
                .budget(4L * length);
        // More than once, since an engine may have another way for the first run.
        assertEquals(repeated(new SpecificationEngine(), trial), repeated(engine(), trial));
    }

    private static Result repeated(Engine engine, Trial trial) {
        return engine.open(Services.repeatable(1)).load(trial.images().getFirst(), Facts.NONE)
                .repeat(trial.invocation(), 2).last();
    }
}
