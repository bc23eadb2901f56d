package org.bpfz.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.isa.Decoder;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.memory.Memory;

/** An operation that stands for several instructions does what they do one by one, whatever registers they share and whoever jumps into it. */
class FusionProperties {
    private static final long BUDGET = 300;

    /** How much later than the specification an engine may cut a run off. */
    private static final long SLACK = 1_000_000;

    /** What operations are made of; %r is a register, %c a constant, %s a shift, %o an offset, %j a slot to jump to. */
    private static final List<String> PARTS = List.of("%r += %c", "%r -= %c", "if %r != %c goto %j",
            "if %r != %r goto %j",
            "if %r < %r goto %j", "goto %j", "%r = %r", "%r += %r", "%r >>= %s", "%r s>>= %s", "%r <<= %s", "%r ^= %r",
            "%r *= %c", "%w += %w", "%w %= %c", "%r = *(u8 *)(r10 %o)", "%r = *(u16 *)(r10 %o)",
            "%r = *(u32 *)(r10 %o)", "%r = *(u64 *)(r10 %o)", "%r ^= %c", "if %r == %c goto %j",
            "*(u64 *)(r10 %o) = %r");

    /** The parts in the order that operations have them, by their places in the list. */
    private static final int[][] SEQUENCES = {{0, 0}, {0, 2}, {0, 3}, {1, 4}, {0, 5}, {0, 1, 2}, {0, 0, 1, 2}, {6, 6},
        {6, 7}, {6, 0}, {6, 8, 11}, {11, 12}, {10, 8}, {10, 9}, {13, 14}, {15, 7}, {16, 7}, {17, 7}, {18, 7}, {15, 19},
        {15, 20}, {15, 2}, {18, 18}, {21, 21}, {12, 0, 2}};

    private static String program(Random random) {
        StringBuilder text = new StringBuilder("""
                *(u64 *)(r10 -8) = 0x1234567
                *(u64 *)(r10 -16) = -1
                r0 = 1
                r1 = 0x7fffffff
                r2 = -5
                r3 = 3
                """);
        int first = 6;
        int last = first + 24;
        int slot = first;
        while (slot < last) {
            for (int part : SEQUENCES[random.nextInt(SEQUENCES.length)]) {
                text.append(fill(PARTS.get(part), random, first, slot)).append('\n');
                slot++;
            }
        }
        return text + "r0 += r1\nr0 += r2\nr0 += r3\nexit";
    }

    /** Loops may be endless; the budget ends them. */
    private static String fill(String part, Random random, int first, int slot) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < part.length()) {
            char c = part.charAt(at++);
            if (c != '%' || !Character.isLetter(part.charAt(at))) {
                text.append(c);
                continue;
            }
            switch (part.charAt(at++)) {
                case 'r' -> text.append('r').append(random.nextInt(4));
                case 'w' -> text.append('w').append(random.nextInt(4));
                case 'c' -> text.append(random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(-2, 9));
                case 's' -> text.append(random.nextInt(32));
                // Now and then outside of the frame, for a fault in the middle.
                case 'o' ->
                    text.append(random.nextInt(40) == 0 ? "+8" : List.of("-8", "-16", "-12").get(random.nextInt(3)));
                default -> text.append(String.format("%+d", random.nextInt(first - slot - 1, 8)));
            }
        }
        return text.toString();
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
    void doesWhatItsInstructionsDo(@ForAll long seed) {
        String text = program(new Random(seed));
        Result expected = trial(text, BUDGET).observe(new SpecificationEngine()).result();
        Result actual = trial(text, BUDGET).observe(new InterpreterEngine()).result();
        if (expected.fault() instanceof Fault.OutOfBudget && !(actual.fault() instanceof Fault.OutOfBudget)) {
            // An engine may cut a run off later than the specification, so also not at all (Invocation.budget).
            expected = trial(text, BUDGET + SLACK).observe(new SpecificationEngine()).result();
        }
        switch (expected.fault()) {
            case null -> assertEquals(expected, actual, text);
            case Fault.OutOfBudget _ -> assertInstanceOf(Fault.OutOfBudget.class, actual.fault(), text);
            case Fault fault -> {
                assertInstanceOf(fault.getClass(), actual.fault(), text);
                assertEquals(fault.slot(), actual.fault().slot(), text);
            }
        }
    }

    private static Trial trial(String text, long budget) {
        return Trial.of(text).budget(budget).services(services -> services.withMemory(Memory.Rules.LENIENT));
    }

    @Example
    void everyOperationOccurs() {
        TreeSet<Integer> missing = new TreeSet<>();
        for (int operation = Op.ADD64K_ADD64K; operation <= Op.MUL64K_ADD64K_JNE64K; operation++) {
            missing.add(operation);
        }
        for (long seed = 0; seed < 2_000; seed++) {
            Code code = Predecoder.decode(Decoder.decode(Trial.assemble(program(new Random(seed)))), List.of(),
                    HelperReading.STRICT);
            for (int index = 0; index < code.words().length; index += 2) {
                missing.remove((int) code.words()[index] & 0xff);
            }
        }
        assertTrue(missing.isEmpty(), () -> "never made: " + missing);
    }
}
