package org.bpfz.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.memory.Memory;

/** Loops that are written twice, or several rounds at a time, do what the specification does, to the last register and byte. */
class LoopProperties {
    private static final int MEMORY = 512;

    /** How much later than the specification an engine may cut a run off. */
    private static final long SLACK = 1_000_000;

    private static final String[] TEMPORARIES = {"4", "5"};

    private final StringBuilder text = new StringBuilder();

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void keepTheirMeaning(@ForAll long seed) {
        Random random = new Random(seed);
        String program = lanes(random, random.nextInt(4) > 0);
        agree(program, seed, 20_000);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void computeRemainders(@ForAll long seed) {
        Random random = new Random(seed);
        int divisor = 1 + (random.nextBoolean() ? random.nextInt(700) : random.nextInt(Integer.MAX_VALUE));
        agree("""
                r0 = %d
                r5 = %d
                r3 = %d
                loop:
                r4 = *(u8 *)(r1 +0)
                w0 += w4
                w0 %%= %d
                w5 += w0
                w5 %%= %d
                r1 += 1
                r3 -= 1
                if r3 != 0 goto loop
                r5 <<= 32
                r0 |= r5
                exit""".formatted(random.nextInt(3), random.nextInt(700), 1 + random.nextInt(100), divisor,
                random.nextBoolean() ? divisor : 1 + random.nextInt(700)), seed, 20_000);
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void stopWhereTheBudgetEnds(@ForAll long seed) {
        Random random = new Random(seed);
        int rounds = 1 + random.nextInt(100);
        int length = 4 * rounds + 3;
        String program = "r0 = 0\nr3 = " + rounds
                + "\nloop:\nr0 += r3\nr0 ^= 77\nr3 -= 1\nif r3 != 0 goto loop\nexit";
        assertEquals(Trial.of(program).observe(new SpecificationEngine()).result(),
                Trial.of(program).budget(length).observe(new JitEngine()).result());
        agree("loop: r0 = 0\nr3 = " + rounds + "\ninner:\nr0 += r3\nr3 -= 1\nif r3 != 0 goto inner\ngoto loop", seed,
                10_000);
    }

    private static void agree(String program, long seed, long budget) {
        byte[] memory = new byte[MEMORY];
        new Random(seed).nextBytes(memory);
        Result expected = trial(program, memory, budget).observe(new SpecificationEngine()).result();
        Result actual = trial(program, memory, budget).observe(new JitEngine()).result();
        if (expected.fault() instanceof Fault.OutOfBudget && !(actual.fault() instanceof Fault.OutOfBudget)) {
            // An engine may cut a run off later than the specification, so also not at all (Invocation.budget).
            expected = trial(program, memory, budget + SLACK).observe(new SpecificationEngine()).result();
        }
        if (expected.fault() == null) {
            assertEquals(expected, actual, program);
            return;
        }
        Fault fault = actual.fault();
        assertNotNull(fault, program);
        assertInstanceOf(expected.fault().getClass(), fault, program);
        if (!(fault instanceof Fault.OutOfBudget)) {
            assertEquals(expected.fault().slot(), fault.slot(), program);
            assertEquals(expected.context(), actual.context(), program);
        }
    }

    private static Trial trial(String program, byte[] memory, long budget) {
        return Trial.of(program).raw(memory).budget(budget)
                .services(services -> services.withMemory(Memory.Rules.LENIENT));
    }

    /** Two pointers, which may overlap, and a counter; bodies that may be done several rounds at a time, or not quite. */
    private String lanes(Random random, boolean same) {
        int bytes = 1 << random.nextInt(4);
        int stride = same ? bytes : pick(random, bytes, 2 * bytes, -bytes, 3, 1);
        int first = random.nextInt(MEMORY / 2);
        text.setLength(0);
        line("r0 = %d", random.nextInt());
        line("r4 = 5\nr5 = 6\nr6 = r1\nr6 += %d", first);
        line("r7 = r1\nr7 += %d",
                random.nextBoolean() ? first + random.nextInt(-9, 10) + 9 : random.nextInt(MEMORY / 2));
        line("r8 = %d", random.nextInt());
        boolean exact = random.nextBoolean();
        int rounds = random.nextInt(1, 70);
        int down = pick(random, 1, 1, 2, 3);
        line("r3 = %d", exact ? rounds * down : rounds * down - random.nextInt(down));
        line("loop:");
        if (random.nextInt(5) == 0) {
            line("r6 += %d", stride);
            line("r4 = *(u%d *)(r6 %+d)", 8 * bytes, random.nextInt(-8, 9) - stride);
        } else {
            line("r4 = *(u%d *)(r6 %+d)", 8 * bytes, random.nextInt(-8, 9));
            line("r6 += %d", stride);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            statement(random, bytes);
        }
        if (random.nextBoolean()) {
            line("*(u%d *)(r7 %+d) = r%s", 8 * bytes, random.nextInt(-8, 9), random.nextBoolean() ? "4" : "8");
        }
        if (random.nextInt(8) == 0) {
            line("r5 = *(u%d *)(r6 +0)", 8 * bytes);
        }
        line("r7 += %d", stride);
        line("r3 -= %d", down);
        line(exact ? "if r3 != 0 goto loop" : "if r3 s> 0 goto loop");
        line("r0 += r3\nr0 ^= r4\nr0 *= 31\nr0 += r5\nr0 *= 31\nr0 += r8\nr6 -= r1\nr0 ^= r6\nr7 -= r1\nr0 += r7\nexit");
        return text.toString();
    }

    private void statement(Random random, int bytes) {
        String temporary = TEMPORARIES[random.nextInt(2)];
        int constant = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(128);
        switch (random.nextInt(8)) {
            case 0 -> line("r4 ^= %d", constant);
            case 1 -> line("r4 &= %d", constant);
            case 2 -> line("w4 |= %d", constant);
            case 3 -> line("r0 += r4");
            case 4 -> line("w8 += w4");
            case 5 -> line("r5 = r4\nr5 ^= 1");
            case 6 -> line("r%s = %d", temporary, constant);
            default -> line("r5 = *(u%d *)(r7 +0)\nr4 ^= r5", 8 * bytes);
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be the only use of its library
    private void line(String format, Object... arguments) {
        text.append(format.formatted(arguments)).append('\n');
    }

    private static int pick(Random random, int... values) {
        return values[random.nextInt(values.length)];
    }
}
