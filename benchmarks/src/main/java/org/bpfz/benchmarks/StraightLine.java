package org.bpfz.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.RawInstruction;

/**
 * Programs of any length without a loop, as compilers unroll them: arithmetic on eight registers, loads and stores of stack and memory, a jump
 * forward every dozen instructions, now and then a call. The same length yields the same program, and each run of it does the same: what it loads
 * is not what it stores.
 */
final class StraightLine {
    private static final int HELPER = 8;

    /** Instructions that a call comes with. */
    private static final int CALL = 9;

    private static final int HALF = Sample.MEMORY / 2;
    private static final int STACK_WORDS = 8;
    private static final String[] NUMBERS = {"0", "1", "2", "3", "4", "5", "7", "8", "9"};
    private static final String[] OPERATORS = {"+=", "-=", "^=", "|=", "&=", "*="};
    private static final String[] COMPARISONS = {">", "<", "s>", "s<", "==", "!=", "&"};
    private static final String[] SIZES = {"u8", "u16", "u32", "u64"};

    private final Random random = new Random(1);
    private final List<String> lines = new ArrayList<>();

    private StraightLine() {
    }

    /** A program of so many instructions, some hundred at least; R1 points to the memory. */
    static List<RawInstruction> code(int instructions) {
        return Encoder.encode(new Assembler(CallNames.ofHelpers(Map.of(HELPER, "bpf_get_smp_processor_id")))
                .assemble(new StraightLine().text(instructions)));
    }

    private String text(int instructions) {
        lines.add("r6 = r1");
        for (String number : NUMBERS) {
            lines.add("r" + number + " = " + random.nextInt());
        }
        for (int i = 1; i <= STACK_WORDS; i++) {
            lines.add("*(u64 *)(r10 " + -8 * i + ") = r" + number());
        }
        List<String> end = new ArrayList<>();
        for (String number : NUMBERS) {
            if (!number.equals("0")) {
                end.add("r0 ^= r" + number);
            }
        }
        end.addAll(List.of("exit", "function: r0 = r1", "r0 ^= r2", "r0 *= 31", "exit"));
        while (lines.size() < instructions - end.size()) {
            add(instructions - end.size() - lines.size());
        }
        lines.addAll(end);
        return String.join("\n", lines);
    }

    /** Adds what is at most so many instructions long. */
    private void add(int room) {
        int kind = random.nextInt(400);
        int skipped = random.nextInt(1, 5);
        if (kind < 32 && skipped < room) {
            lines.add("if r%s %s %d goto +%d".formatted(number(), COMPARISONS[random.nextInt(COMPARISONS.length)],
                    random.nextInt(), skipped));
            for (int i = 0; i < skipped; i++) {
                lines.add(plain());
            }
        } else if (kind == 399 && CALL <= room) {
            lines.addAll(List.of("r1 = r7", "r2 = r8", random.nextInt(4) == 0 ? "call " + HELPER : "call function",
                    "r9 ^= r0", "r1 = r7", "r2 = r8", "r3 = r9", "r4 = r0", "r5 = r7"));
        } else {
            lines.add(plain());
        }
    }

    /** An instruction that neither jumps nor calls. */
    private String plain() {
        int kind = random.nextInt(100);
        String left = number();
        String size = SIZES[random.nextInt(SIZES.length)];
        String memory = "*(" + size + " *)(r6 +";
        String stack = "*(u64 *)(r10 " + -8 * random.nextInt(1, STACK_WORDS + 1) + ")";
        if (kind < 14) {
            return "r" + left + " = " + memory + random.nextInt(0, HALF - 8) + ")";
        } else if (kind < 20) {
            return memory + random.nextInt(HALF - 64, HALF) + ") = r" + left;
        } else if (kind < 27) {
            return "r" + left + " = " + stack;
        } else if (kind < 32) {
            return stack + " = r" + left;
        } else if (kind < 42) {
            return "r" + left + " = r" + number();
        }
        String width = kind < 60 ? "w" : "r";
        if (kind % 5 == 0) {
            return width + left + (random.nextBoolean() ? " <<= " : " >>= ") + random.nextInt(1, 32);
        }
        return width + left + " " + OPERATORS[random.nextInt(OPERATORS.length)] + " "
                + (random.nextBoolean() ? width + number() : random.nextInt());
    }

    private String number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }
}
