package org.bpfz.spec.helper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.live.LiveEngine;
import org.bpfz.spec.live.LiveMap;
import org.bpfz.spec.live.RequiresLiveKernel;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Helpers that read and write text do on random text what they do on the machine's kernel, all 64 bits of their results included. */
class LiveHelperTest {
    private static final int DATA = 256;
    private static final byte[] KEY = new byte[4];

    @BeforeAll
    static void needsKernel() {
        RequiresLiveKernel.orSkip(LiveHelperTest.class);
    }

    /** A program with a value of 256 bytes to work on, on one engine. */
    private static final class Subject {
        private final Executable program;
        private final BpfMap data;

        Subject(Engine engine, List<MapSpec> maps, String text) {
            Environment environment = engine.open(Services.repeatable(1).withCpus(LiveMap.possibleCpus()));
            Trial trial = Trial.of(text);
            maps.forEach(trial::map);
            List<BpfMap> created = maps.stream().map(environment::createMap).toList();
            program = environment.load(trial.images().getFirst(), created, Facts.NONE);
            data = created.getFirst();
        }

        /** What the run leaves of the data it is given. */
        byte[] run(byte[] in) {
            data.update(KEY, in, 0);
            Result result = program.run(Invocation.context(new byte[8]).build());
            assertNull(result.fault());
            byte[] out = new byte[DATA];
            data.lookup(KEY, out, 0);
            return out;
        }
    }

    private static MapSpec data() {
        return MapSpec.of("data", MapType.ARRAY, 4, DATA, 1);
    }

    private static MapSpec constant(String text) {
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.ISO_8859_1);
        return MapSpec.of("rodata", MapType.ARRAY, 4, bytes.length, 1).withFlags(MapFlag.RDONLY_PROG.mask())
                .withInitial(Bytes.of(bytes)).asFrozen();
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    @ParameterizedTest
    @ValueSource(strings = {"bpf_strtol", "bpf_strtoul"})
    void parsesNumbers(String helper) {
        // The text is at 64, its length less one at 8, the flags at 16; the number goes to 24 and the result to 0.
        String text = """
                r6 = map[idx:0][0]+0
                r1 = r6
                r1 += 64
                r2 = *(u64 *)(r6 +8)
                r2 &= 127
                r2 += 1
                r3 = *(u64 *)(r6 +16)
                r4 = r6
                r4 += 24
                call %s
                *(u64 *)(r6 +0) = r0
                r0 = 0
                exit""".formatted(helper);
        try (LiveEngine live = new LiveEngine()) {
            Subject kernel = new Subject(live, List.of(data()), text);
            Subject model = new Subject(new SpecificationEngine(), List.of(data()), text);
            Random random = new Random(1);
            for (int i = 0; i < 4000; i++) {
                byte[] in = new byte[DATA];
                byte[] number = number(random).getBytes(StandardCharsets.ISO_8859_1);
                System.arraycopy(number, 0, in, 64, number.length);
                LittleEndian.put(in, 8, 8,
                        random.nextInt(4) == 0 ? random.nextInt(100) : Math.max(0, number.length - 1));
                LittleEndian.put(in, 16, 8, new long[]{0, 8, 10, 16, 10, 0, 2, 32, -1}[random.nextInt(9)]);
                assertEquals(Bytes.of(kernel.run(in)), Bytes.of(model.run(in)), () -> Bytes.of(in).toString());
            }
        }
    }

    private static String number(Random random) {
        StringBuilder text = new StringBuilder();
        text.append(pick(random, "", "", " ", "\t\n", "\u00a0", "  \u000b", "\u0000"));
        text.append(pick(random, "", "", "-", "--", "+"));
        text.append(pick(random, "", "", "0", "0x", "0X", "00", "0xg"));
        int digits = random.nextInt(pick(random, "3", "20", "40").equals("3") ? 4 : 30);
        for (int i = 0; i < digits; i++) {
            text.append(pick(random, "0", "1", "7", "9", "5", "f", "F", "a", "8", "2"));
        }
        text.append(pick(random, "", "", "9223372036854775808", "18446744073709551615", "ffffffffffffffff"));
        return text.append(pick(random, "", "", " ", "z", "-", "\u00ff")).toString();
    }

    @Test
    void comparesStrings() {
        for (String second : List.of("", "a", "abc", "abcdefgh", "\u00ff\u00fe")) {
            String text = """
                    r6 = map[idx:0][0]+0
                    r1 = r6
                    r1 += 64
                    r2 = *(u64 *)(r6 +8)
                    r2 &= 31
                    r2 += 1
                    r3 = map[idx:1][0]+0
                    call bpf_strncmp
                    *(u64 *)(r6 +0) = r0
                    r0 = 0
                    exit""";
            try (LiveEngine live = new LiveEngine()) {
                Subject kernel = new Subject(live, List.of(data(), constant(second)), text);
                Subject model = new Subject(new SpecificationEngine(), List.of(data(), constant(second)), text);
                Random random = new Random(2);
                for (int i = 0; i < 300; i++) {
                    byte[] in = new byte[DATA];
                    byte[] first = (second.substring(0, random.nextInt(second.length() + 1))
                            + pick(random, "", "a", "b", "\u0080")).getBytes(StandardCharsets.ISO_8859_1);
                    System.arraycopy(first, 0, in, 64, first.length);
                    LittleEndian.put(in, 8, 8, random.nextInt(12));
                    assertEquals(Bytes.of(kernel.run(in)), Bytes.of(model.run(in)), () -> second + " " + Bytes.of(in));
                }
            }
        }
    }

    /** One conversion whose text hangs neither on the kernel's symbols nor on its key for hashing pointers. */
    private static String conversion(Random random) {
        String flags = pick(random, "", "", "", "0", "-", "+", " ", "-0", "0+", "+ 0", "00");
        // From 2^23 on, 6.12 cuts a width to 24 bits, which later kernels no longer do.
        String width = pick(random, "", "", "1", "5", "12", "40", "300", "70000");
        return switch (random.nextInt(8)) {
            case 0 -> "%" + flags + width + "c";
            case 1 -> "%" + flags + width + "s" + pick(random, "", ",", " ");
            case 2 -> "%" + flags + width + "px";
            case 3 -> pick(random, "%pI4", "%pi4", "%pI6", "%pi6", "%pks", "%5pks ", "%pI4x");
            default -> "%" + flags + width + pick(random, "", "l", "ll") + pick(random, "d", "i", "u", "x", "X");
        };
    }

    @Test
    void formatsText() {
        // The arguments are at 32, the text goes to 64, its size less one is at 8, the result at 0. %s gets the address of the arguments.
        Random random = new Random(3);
        int rounds = 150;
        int refused = 0;
        for (int round = 0; round < rounds; round++) {
            StringBuilder format = new StringBuilder();
            List<String> addresses = new ArrayList<>();
            int count = random.nextInt(4);
            for (int i = 0; i < count; i++) {
                String conversion = conversion(random);
                boolean pointer = conversion.contains("s") || conversion.contains("%pI") || conversion.contains("%pi");
                addresses.add(pointer ? "r1 = r6\nr1 += 56\n*(u64 *)(r6 +" + (32 + 8 * i) + ") = r1\n" : "");
                format.append(pick(random, "", "x", "%%", " \u00e4 ")).append(conversion);
            }
            String text = "r6 = map[idx:0][0]+0\n" + String.join("", addresses) + """
                    r1 = r6
                    r1 += 64
                    r2 = *(u64 *)(r6 +8)
                    r2 &= 127
                    r2 += 1
                    r3 = map[idx:1][0]+0
                    r4 = r6
                    r4 += 32
                    r5 = %d
                    call bpf_snprintf
                    *(u64 *)(r6 +0) = r0
                    r0 = 0
                    *(u64 *)(r6 +32) = 0
                    *(u64 *)(r6 +40) = 0
                    *(u64 *)(r6 +48) = 0
                    exit""".formatted(8 * count);
            try (LiveEngine live = new LiveEngine()) {
                List<MapSpec> maps = List.of(data(), constant(format.toString()));
                Subject model = new Subject(new SpecificationEngine(), maps, text);
                Subject kernel;
                try {
                    kernel = new Subject(live, maps, text);
                } catch (LiveEngine.RefusedException e) {
                    assertTrue(e.getMessage().contains("Invalid format string"), e.getMessage());
                    assertEquals(Errno.EINVAL.negative(), LittleEndian.get(model.run(new byte[DATA]), 0, 8),
                            format::toString);
                    refused++;
                    continue;
                }
                for (int i = 0; i < 5; i++) {
                    byte[] in = new byte[DATA];
                    Arrays.fill(in, 64, DATA, (byte) 0xee);
                    for (int at = 32; at < 56; at += 8) {
                        LittleEndian.put(in, at, 8,
                                random.nextInt(3) == 0 ? random.nextInt(-300, 300) : random.nextLong());
                    }
                    System.arraycopy("string\0\0".getBytes(StandardCharsets.US_ASCII), 0, in, 56, 8);
                    LittleEndian.put(in, 8, 8, random.nextInt(128));
                    byte[] expected = kernel.run(in);
                    // Where the text is cut, the kernel loses count behind pointers that it prints as text (Bprintf says how).
                    boolean counts = LittleEndian.get(expected, 0, 8) <= in[8] + 1
                            || !format.toString().matches(".*%\\w*p[iIk].*");
                    if (counts) {
                        assertEquals(Bytes.of(expected), Bytes.of(model.run(in)), format + " over " + Bytes.of(in));
                    }
                }
            }
        }
        assertTrue(refused > 0 && refused < rounds / 2, "refused " + refused);
    }

    @Test
    void acceptsTheFormatsThatTheKernelAccepts() {
        // The format is at 64 and 64 bytes long at most, its size less one at 8; three arguments of no account are at 32.
        String text = """
                r6 = map[idx:0][0]+0
                r1 = r6
                r1 += 64
                r2 = *(u64 *)(r6 +8)
                r2 &= 63
                r2 += 1
                r3 = r6
                r3 += 32
                r4 = 24
                call bpf_trace_vprintk
                *(u64 *)(r6 +0) = r0
                r0 = 0
                exit""";
        try (LiveEngine live = new LiveEngine()) {
            Subject kernel = new Subject(live, List.of(data()), text);
            Subject model = new Subject(new SpecificationEngine(), List.of(data()), text);
            Random random = new Random(4);
            for (int i = 0; i < 4000; i++) {
                byte[] in = new byte[DATA];
                StringBuilder format = new StringBuilder();
                for (int n = random.nextInt(8); n > 0; n--) {
                    format.append(pick(random, "%", "%", "%", "d", "l", "s", "p", "x", "c", "i", "I", "4", "6", "K",
                            "k", "u", "S", "0", "-", "+",
                            " ", "5", "*", ".", "#", "h", "z", "\u0001", "\n", "\u007f", "\u0080", "a", "!", "q", "ks",
                            "us", "%px"));
                }
                byte[] bytes = format.toString().getBytes(StandardCharsets.ISO_8859_1);
                System.arraycopy(bytes, 0, in, 64, Math.min(bytes.length, 63));
                LittleEndian.put(in, 8, 8, random.nextInt(5) == 0 ? random.nextInt(64) : Math.min(bytes.length, 63));
                assertEquals(Bytes.of(kernel.run(in)), Bytes.of(model.run(in)), () -> format + " " + Bytes.of(in));
            }
        }
    }
}
