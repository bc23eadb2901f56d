package org.bpfz.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Facts.BranchFact;
import org.bpfz.spec.engine.Facts.MemoryFact;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.contract.EngineContract;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.isa.Decoder;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.MalformedInstruction;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.memory.Memory;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a program does, there is a result: a value, or a fault. */
class HostileProgramsTest extends EngineContract {
    private static final int MEMORY = 64;

    @Override
    protected Engine engine() {
        return new JitEngine();
    }

    @Property(tries = 1_500, shrinking = ShrinkingMode.OFF)
    void endAsInTheSpecification(@ForAll long seed) {
        ProgramImage image = ProgramImage.builder("hostile", ProgramType.UNSPEC).code(noise(new Random(seed))).build();
        Result expected = run(new SpecificationEngine(), image);
        Result actual = run(engine(), image);
        if (expected.fault() == null) {
            assertEquals(expected, actual, () -> image.decoded().toString());
        } else if (expected.fault().isFlat() && !(expected.fault() instanceof Fault.OutOfBudget)) {
            assertNotNull(actual.fault(), () -> "expected " + expected.fault() + ": " + image.decoded());
            assertEquals(expected.fault().getClass(), actual.fault().getClass(), () -> image.decoded().toString());
            assertEquals(expected.fault().slot(), actual.fault().slot(), () -> image.decoded().toString());
            assertEquals(expected.context(), actual.context(), () -> image.decoded().toString());
        }
    }

    private static Result run(Engine engine, ProgramImage image) {
        byte[] memory = new byte[MEMORY];
        Executable executable = engine.open(Services.repeatable(1).withMemory(Memory.Rules.LENIENT))
                .load(image, Facts.NONE);
        return executable.run(Invocation.raw(memory).budget(2_000).recordEvents().build());
    }

    /** Legal instructions with little sense. Not every engine has every helper, so none is called. */
    private static List<RawInstruction> noise(Random random) {
        List<RawInstruction> code = new ArrayList<>();
        while (code.size() < 12) {
            RawInstruction one = new RawInstruction(random.nextInt(256), random.nextInt(11), random.nextInt(11),
                    (short) (random.nextInt(3) == 0 ? random.nextInt(-6, 7) : random.nextInt(2) * 8),
                    random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(-2, 14));
            try {
                boolean helper = Decoder.decode(List.of(one))
                        .at(0) instanceof Instruction.Call(CallTarget.Helper number);
                if (!helper) {
                    code.add(one);
                }
            } catch (MalformedInstruction e) {
                // Not this one.
            }
        }
        code.add(new RawInstruction(0x95, 0, 0, (short) 0, 0));
        return code;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "0x7fffffffffffffff", "0x8000000000000000", "0xffffc900c0000000",
        "0xffffc8ffffffffff", "0xffffd00000000100"})
    void reachNothingOutsideOfTheArena(String address) {
        for (String access : List.of("r0 = *(u64 *)(r1 +0)", "*(u32 *)(r1 +0) = 5", "lock *(u64 *)(r1 +0) += r1",
                "r0 = *(s16 *)(r1 +0)")) {
            faults(Fault.Memory.class, 2,
                    Trial.of("r1 = " + address + " ll\n" + access + "\nexit").raw(new byte[MEMORY]));
        }
    }

    @Test
    void doNotBreakTheJvmWhereTheirFactsAreWrong() {
        Facts wrong = new Facts() {
            @Override
            public boolean verified() {
                return true;
            }

            @Override
            public MemoryFact memory(int slot) {
                return new MemoryFact.MapValue(0, 0, 0);
            }

            @Override
            public BranchFact branch(int slot) {
                return BranchFact.BOTH;
            }

            @Override
            public boolean isDead(int slot) {
                return false;
            }
        };
        for (String address : List.of("0", "-1", "0xffffc900c0000000")) {
            Trial trial = Trial.of("r1 = " + address + " ll\nr0 = *(u64 *)(r1 +0)\nexit");
            Executable executable = engine().open(Services.repeatable(1)).load(trial.images().getFirst(), wrong);
            Fault fault = executable.run(trial.invocation()).fault();
            assertInstanceOf(Fault.Memory.class, fault);
            assertEquals(2, fault.slot());
        }
    }

    @Test
    void callBackWhereTheyNameNoFunction() {
        // The third instruction is none that a function begins with, but one may begin anywhere.
        Trial trial = Trial.of("""
                r1 = 3
                r2 = 0xffffd10000000038 ll
                r3 = 0
                r4 = 0
                call bpf_loop
                exit
                r0 = 0
                exit""");
        assertEquals(3, returned(trial));
    }

    @Test
    void runOnAfterAFault() {
        Trial trial = Trial
                .of("r2 = *(u8 *)(r1 +0)\nif r2 == 0 goto bad\nr0 = r2\nexit\nbad: r0 = *(u8 *)(r2 +0)\nexit")
                .raw(new byte[8]);
        Executable executable = engine().open(Services.repeatable(1)).load(trial.images().getFirst(), Facts.NONE);
        assertNotNull(executable.run(trial.invocation()).fault());
        byte[] good = {7, 0, 0, 0, 0, 0, 0, 0};
        Result result = executable.run(Invocation.raw(good).build());
        assertNull(result.fault());
        assertEquals(7, result.r0());
    }
}
