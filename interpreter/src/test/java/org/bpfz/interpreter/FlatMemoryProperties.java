package org.bpfz.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.Memory;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramType;

/** An address that was made of a number meets the same borders and the same protection as in the specification. */
class FlatMemoryProperties {
    private static final long[] PLACES = {Layout.BASE, Layout.STACK_TOP - 512, Layout.STACK_TOP, Layout.ITERATION_KEYS,
        Layout.CONTEXT, Layout.PACKET - 256, Layout.PACKET, Layout.MAPS, Layout.MAPS + 256, Layout.MAP_HANDLES};
    private static final String[] ACCESSES = {"r0 = *(u%d *)(r1 +0)", "*(u%d *)(r1 +0) = r2",
        "r2 = atomic64_fetch_add((u64 *)(r1 +0), r2)", "lock *(u32 *)(r1 +0) += r2", "r0 = *(s32 *)(r1 +0)"};

    /** The type without rules for its context: in the specification those follow a pointer's origin, which a number has not. */
    private static final ProgramType PLAIN = ProgramType.UNSPEC;

    @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
    void refusesWhatTheSpecificationRefuses(@ForAll long seed) {
        Result expected = trial(seed).observe(new SpecificationEngine()).result();
        Result actual = trial(seed).observe(new InterpreterEngine()).result();
        if (expected.fault() == null) {
            assertEquals(expected, actual);
        } else {
            assertInstanceOf(Fault.Memory.class, actual.fault(), () -> "expected " + expected.fault());
            assertEquals(expected.fault().slot(), actual.fault().slot());
            assertEquals(expected.context(), actual.context());
        }
    }

    private static Trial trial(long seed) {
        Random random = new Random(seed);
        long address = PLACES[random.nextInt(PLACES.length)] + random.nextInt(-20, 80);
        String access = ACCESSES[random.nextInt(ACCESSES.length)].formatted(8 << random.nextInt(4));
        MapFlag flag = random.nextBoolean() ? MapFlag.RDONLY_PROG : MapFlag.WRONLY_PROG;
        return Trial.of("r0 = 0\nr2 = 77\nr1 = 0x" + Long.toHexString(address) + " ll\n" + access + "\nexit")
                .type(PLAIN).context(new byte[random.nextInt(40)]).packet(new byte[random.nextInt(40)])
                .map(MapSpec.of("hash", MapType.HASH, 5, 12, 3))
                .map(MapSpec.of("array", MapType.ARRAY, 4, 20, 3).withFlags(flag.mask()))
                .services(services -> services.withMemory(Memory.Rules.LENIENT));
    }
}
