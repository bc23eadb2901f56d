package org.bpfz.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.machine.SpecificationEngine;

/** Functions that only use their own frame load from local variables what they have stored, and memory holds it all the same. */
class FrameSlotsProperties {
    private static final int WORDS = 4;
    private static final String[] SIZES = {"u8", "u16", "u32", "u64"};

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void loadWhatWasStored(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("""
                r6 = 3
                r7 = 0
                loop: r1 = r6
                r2 = %d
                call function
                r7 *= 31
                r7 += r0
                r6 -= 1
                if r6 != 0 goto loop
                r0 = r7
                exit
                function: r0 = 1
                """.formatted(random.nextInt()));
        for (int word = 1; word <= WORDS; word++) {
            text.append("*(u64 *)(r10 -").append(8 * word).append(") = r").append(1 + random.nextInt(2)).append('\n');
        }
        int steps = 4 + random.nextInt(12);
        for (int i = 0; i < steps; i++) {
            text.append(step(random, i, steps));
        }
        agree(text.append("end: r0 += r1\nr0 ^= r2\nexit").toString(), seed);
    }

    private static String step(Random random, int at, int steps) {
        String label = "step" + at + ": ";
        int register = random.nextInt(3);
        // Most often whole words, which are what variables are made of.
        int size = random.nextInt(4) > 0 ? 3 : random.nextInt(3);
        int bytes = 1 << size;
        int offset = -8 * WORDS + bytes * random.nextInt(8 * WORDS / bytes);
        String place = "*(" + SIZES[size] + " *)(r10 " + offset + ")";
        return label + switch (random.nextInt(5)) {
            case 0 -> place + " = r" + register;
            case 1 -> place + " = " + random.nextInt();
            case 2 -> "r" + register + " = " + place;
            case 3 -> "r" + register + " += " + place.hashCode();
            default -> "if r" + register + " s> " + random.nextInt(1_000) + " goto "
                    + (at + 1 < steps ? "step" + (at + 1 + random.nextInt(steps - at - 1)) : "end");
        } + '\n';
    }

    /** Who is called next finds the frame as the one before has left it, where nothing stops him from looking. */
    @Example
    void leaveMemoryAsItWas() {
        Trial trial = Trial.of("""
                r1 = 0x1234
                call writer
                call reader
                exit
                writer: *(u64 *)(r10 -8) = r1
                r0 = *(u64 *)(r10 -8)
                exit
                reader: r0 = *(u64 *)(r10 -8)
                exit""").raw(new byte[8]);
        assertEquals(0x1234, trial.observe(new JitEngine()).result().r0());
    }

    private static void agree(String program, long seed) {
        Trial trial = Trial.of(program).raw(new byte[8]);
        assertEquals(trial.observe(new SpecificationEngine()).result(), trial.observe(new JitEngine()).result(),
                () -> "seed " + seed + "\n" + program);
    }
}
