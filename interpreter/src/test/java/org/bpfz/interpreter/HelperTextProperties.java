package org.bpfz.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.memory.Layout;

/** Helpers that read and write text do what the specification's do, whatever the text. */
class HelperTextProperties {
    private static final int FORMAT = 64;
    private static final int DATA = 160;
    private static final List<String> PIECES = List.of("%", "%%", "d", "i", "u", "x", "X", "l", "ll", "c", "s", "p",
            "pK",
            "px", "ps", "pS", "pB", "pks", "pus", "pi4", "pI4", "pi6", "pI6", "-", "+", " ", "0", "5", "12", "300",
            "99999999", "a", ".", "\u00e9", "\u00a0", "\u00b1", "\t", "\u0001", "\u007f");
    private static final List<String> CONVERSIONS = List.of("%d ", "%5u", "%-8x|", "%+lld", "%08llX", "%c", "%s ",
            "%-5s,",
            "%p ", "%20p ", "%pks ", "%pI4 ", "%pi6 ", "%pB,", "%pS ", "% i", "%li");
    private static final List<String> NUMBERS = List.of(" ", "\t", "-", "+", "0", "0x", "1", "7", "9", "f", "G",
            "18446744073709551615",
            "9223372036854775808", "ffffffffffffffff", "1777777777777777777777", "\u00a0", "\u00b2", "\u0000");

    private static String text(Random random, List<String> pieces, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }

    private static byte[] context(Random random, String text) {
        byte[] context = new byte[DATA + 96];
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, context, FORMAT, Math.min(bytes.length, DATA - FORMAT - 1));
        ByteBuffer data = ByteBuffer.wrap(context).order(ByteOrder.LITTLE_ENDIAN).position(DATA);
        while (data.remaining() >= Long.BYTES) {
            data.putLong(switch (random.nextInt(5)) {
                case 0 -> random.nextInt(-3, 70);
                case 1 -> random.nextLong();
                case 2 -> Layout.CONTEXT + random.nextInt(context.length + 4);
                case 3 -> random.nextLong() >>> 17;
                default -> -1L << random.nextInt(64);
            });
        }
        return context;
    }

    private static void compare(Trial trial, String text) {
        assertEquals(trial.observe(new SpecificationEngine()), trial.observe(new InterpreterEngine()), text);
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
    void formats(@ForAll long seed) {
        Random random = new Random(seed);
        String format = random.nextInt(3) == 0 ? text(random, PIECES, 8) : text(random, CONVERSIONS, 6);
        compare(Trial.of("""
                r6 = r1
                r2 = %d
                r3 = r6
                r3 += %d
                r4 = r6
                r4 += %d
                r5 = %d
                call bpf_snprintf
                exit""".formatted(random.nextInt(64), FORMAT, DATA, random.nextInt(-8, 13) * 8))
                .context(context(random, format)), format);
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void traces(@ForAll long seed) {
        Random random = new Random(seed);
        String format = text(random, random.nextBoolean() ? PIECES : CONVERSIONS, 3);
        compare(Trial.of("""
                r6 = r1
                r1 += %d
                r2 = %d
                r3 = *(u64 *)(r6 +160)
                r4 = *(u64 *)(r6 +168)
                r5 = *(u64 *)(r6 +176)
                call bpf_trace_printk
                exit""".formatted(FORMAT, random.nextInt(1, 40))).context(context(random, format)), format);
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
    void readsNumbers(@ForAll long seed) {
        Random random = new Random(seed);
        String number = text(random, NUMBERS, 5);
        compare(Trial.of("""
                r4 = r1
                r1 += %d
                r2 = %d
                r3 = %d
                call %s
                exit""".formatted(FORMAT, random.nextInt(90), List.of(0, 0, 8, 10, 16, 2, 32).get(random.nextInt(7)),
                random.nextBoolean() ? "bpf_strtol" : "bpf_strtoul")).context(context(random, number)), number);
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void probes(@ForAll long seed) {
        Random random = new Random(seed);
        String helper = List.of("bpf_probe_read", "bpf_probe_read_str", "bpf_probe_read_kernel",
                "bpf_probe_read_kernel_str", "bpf_probe_read_user", "bpf_probe_read_user_str").get(random.nextInt(6));
        compare(Trial.of("""
                r3 = *(u64 *)(r1 +160)
                r2 = %d
                call %s
                exit""".formatted(random.nextInt(70), helper)).context(context(random, text(random, PIECES, 5)))
                .services(services -> services.withKernelMemory((address, target) -> {
                    Arrays.fill(target, (byte) 7);
                    return address < 0;
                })), helper);
    }
}
