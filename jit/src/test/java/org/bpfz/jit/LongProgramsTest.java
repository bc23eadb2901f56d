package org.bpfz.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.contract.EngineContract;
import org.bpfz.spec.engine.contract.RandomPrograms;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A function that is too long for one method is cut, and does what it did. */
class LongProgramsTest extends EngineContract {
    /** What HotSpot compiles (HugeMethodLimit). */
    private static final int LIMIT = 8_000;

    @Override
    protected Engine engine() {
        return new JitEngine();
    }

    /** Lines of code that read and write all registers, memory and stack. */
    private static String lines(Random random, int count) {
        String[] forms = {"r%d += r%d", "w%d *= w%d", "r%d ^= r%d", "r%d <<= r%d", "w%d %%= w%d", "r%d s>>= r%d"};
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int left = register(random);
            int right = register(random);
            text.append(switch (random.nextInt(8)) {
                case 0 -> "r%d = *(u32 *)(r1 %+d)".formatted(left, random.nextInt(60));
                case 1 -> "*(u16 *)(r1 %+d) = r%d".formatted(random.nextInt(62), right);
                case 2 -> "*(u64 *)(r10 %+d) = r%d".formatted(-8 * random.nextInt(1, 9), right);
                default -> forms[random.nextInt(forms.length)].formatted(left, right);
            }).append('\n');
        }
        return text.toString();
    }

    /** Any but R1 and R10. */
    private static int register(Random random) {
        int number = random.nextInt(9);
        return number == 1 ? 9 : number;
    }

    private static String begin(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            text.append(i == 1 ? "" : "r%d = %d\n".formatted(i, random.nextInt()));
        }
        return text.toString();
    }

    private static String end() {
        return "r0 += r2\nr0 ^= r3\nr0 += r4\nr0 ^= r5\nr0 += r6\nr0 ^= r7\nr0 += r8\nr0 ^= r9\nexit\n";
    }

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void handRegistersFromChunkToChunk(@ForAll long seed) {
        Random random = new Random(seed);
        returned(Trial.of(begin(random) + lines(random, 500 + random.nextInt(3_000)) + end()).raw(new byte[64]));
    }

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void jumpFromChunkToChunkAndBack(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(begin(random) + "*(u32 *)(r10 -80) = 0\n");
        int blocks = 8;
        for (int i = 0; i < blocks; i++) {
            text.append("block").append(i).append(":\n").append(lines(random, 100 + random.nextInt(200)));
            text.append("if w%d > %d goto block%d\n".formatted(register(random), random.nextInt(),
                    Math.min(blocks, i + 1 + random.nextInt(3))));
        }
        text.append("block8:\nr9 = *(u32 *)(r10 -80)\nr9 += 1\n*(u32 *)(r10 -80) = r9\nif r9 != 5 goto block0\n")
                .append(end());
        returned(Trial.of(text.toString()).raw(new byte[64]));
    }

    @Test
    void callFromAndIntoLongFunctions() {
        Random random = new Random(1);
        returned(Trial.of(
                "r6 = 3\nr7 = 0\nloop:\nr1 = r6\ncall long\nr7 += r0\nr6 -= 1\nif r6 != 0 goto loop\nr0 = r7\nexit\n"
                        + "long:\nr8 = r1\n" + "r8 *= 3\nr8 += 1\n".repeat(1_500)
                        + "r1 = r8\ncall short\nr0 ^= r8\nexit\n"
                        + "short: r0 = r1\nr0 *= 7\nexit\n")
                .raw(new byte[random.nextInt(1, 9)]));
    }

    @Test
    void countMayGotoOverChunks() {
        assertEquals((8 << 20) + 1L, returned(Trial.of("r0 = 0\nr2 = 0\nloop:\nr0 += 1\nif r0 s< 0 goto far\nback:\n"
                + "may_goto out\ngoto loop\nfar:\n" + "r2 ^= 5\n".repeat(2_000) + "goto back\nout: exit")
                .budget(1L << 27)));
    }

    @Test
    void faultAtTheRightSlot() {
        faults(Fault.Memory.class, 2_502, Trial.of("r0 = 0\nw1 = w1\n" + "r0 += 1\n".repeat(2_500)
                + "r0 = *(u8 *)(r1 +0)\nexit").raw(new byte[8]));
        faults(Fault.NoInstruction.class, 2_001, Trial.of("r0 = 0\n" + "r0 += 1\n".repeat(2_000) + "r0 += 2"));
    }

    @Test
    void leaveNoMethodThatIsNeverCompiled(@TempDir Path folder) throws IOException {
        Random random = new Random(7);
        List<String> bodies = new ArrayList<>(List.of(lines(random, 4_000), "r0 = be16 r0\n".repeat(3_000),
                "lock *(u64 *)(r1 +0) += r0\n".repeat(1_000), "w0 %= 12345\n".repeat(2_000),
                "r0 = *(u8 *)(r1 +0)\n".repeat(2_000), "*(u64 *)(r1 +0) = r0\n".repeat(2_000),
                "if r0 == 5 goto +0\n".repeat(1_000), "call bpf_ktime_get_ns\nr1 = r6\n".repeat(1_000)));
        for (String body : bodies) {
            Trial.of(begin(random) + "r6 = r1\n" + body + end()).raw(new byte[64])
                    .observe(new JitEngine(new JitOptions(folder, true, UnaryOperator.identity())));
            check(folder);
        }
    }

    private static void check(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            ClassModel model = ClassFile.of().parse(files.findFirst().orElseThrow());
            List<Integer> lengths = model.methods().stream().map(MethodModel::code).flatMap(Optional::stream)
                    .map(code -> ((CodeAttribute) code).codeLength()).toList();
            assertTrue(lengths.size() > 4, "it was cut");
            assertTrue(lengths.stream().allMatch(length -> length < LIMIT), () -> "bytes: " + lengths);
        }
    }

    @Test
    void areInterpretedUntilTheyRunAgain() {
        Trial trial = Trial.of("r0 = 1\n" + "r0 += 1\n".repeat(20_000) + "exit").raw(new byte[8]);
        Executable executable = executable(engine(), trial);
        assertEquals(20_001, executable.run(trial.invocation()).r0());
        assertEquals(20_001, executable.repeat(trial.invocation(), 3).last().r0());
        assertFalse(((JitProgram) executable).isInterpreted());
    }

    @Test
    void areCutToo() {
        returned(Trial.of(RandomPrograms.of(3, 6_000)).raw(new byte[RandomPrograms.MEMORY]));
    }

    /** Loads and stores by R6 all over a long function, which never writes it. */
    private static String accesses(int count) {
        return "r0 += r6\nr2 = *(u32 *)(r6 +4)\nr0 ^= r2\n*(u64 *)(r6 +0) = r0\n".repeat(count);
    }

    /** The result of the second run, the same as the specification's. */
    private Result twice(Trial trial) {
        Result actual = executable(engine(), trial).repeat(trial.invocation(), 2).last();
        assertEquals(executable(new SpecificationEngine(), trial).repeat(trial.invocation(), 2).last(), actual);
        return actual;
    }

    private static Executable executable(Engine engine, Trial trial) {
        return engine.open(Services.repeatable(1)).load(trial.images().getFirst(), Facts.NONE);
    }

    @Test
    void checkARegisterThatPointsToTheMemoryOnceAChunk() {
        twice(Trial.of("r0 = 0\nr6 = r1\n" + accesses(700) + "exit").raw(new byte[8]));
    }

    @Test
    void goOnWhereARegisterPointsElsewhere() {
        String stack = "r0 = 0\nr6 = r10\nr6 += -16\n*(u64 *)(r6 +0) = r0\n*(u64 *)(r6 +8) = r0\n";
        twice(Trial.of(stack + accesses(700) + "exit").raw(new byte[8]));
        // First the one, then the other; and in a function that is called, which returns to one that was not made anew.
        twice(Trial.of("r0 = 0\nr6 = r1\n" + accesses(400) + stack + accesses(400) + "exit").raw(new byte[8]));
        twice(Trial.of(stack + "r1 = r6\ncall long\nr7 = r0\nr1 = r6\ncall long\nr0 ^= r7\n" + accesses(300)
                + "exit\nlong: r6 = r1\nr0 = 1\n" + accesses(400) + "exit").raw(new byte[8]));
        twice(Trial.of("r0 = 0\nr6 = 0\nif r1 != 0 goto end\n" + accesses(700) + "end: exit").raw(new byte[8]));
    }

    @Test
    void faultInAChunkWhoseRegistersHaveBeenChecked() {
        String text = "r0 = 0\nr6 = r1\n" + accesses(400) + "r3 = *(u8 *)(r6 +%d)\nif r3 == %d goto end\n"
                + "r0 = *(u16 *)(r6 +8)\nend: exit";
        twice(Trial.of(text.formatted(8, 0)).raw(new byte[16]));
        faults(Fault.Memory.class, 1_602, Trial.of(text.formatted(9, 0)).raw(new byte[9]));
        faults(Fault.Memory.class, 1_604, Trial.of(text.formatted(8, 1)).raw(new byte[9]));
        // What does not happen may lead out of the memory.
        twice(Trial.of(text.formatted(8, 0)).raw(new byte[9]));
        faults(Fault.Memory.class, 3, Trial.of("r0 = 0\nr6 = r1\n" + accesses(400) + "exit").raw(new byte[7]));
    }

    @Test
    void findTheArenaThatHasGrown() {
        Trial trial = Trial.of("r0 = *(u8 *)(r1 +0)\n" + "r0 += 1\n".repeat(1_500) + "exit").raw((byte) 5);
        Environment environment = engine().open(Services.repeatable(1));
        Executable executable = environment.load(trial.images().getFirst(), List.of(), Facts.NONE);
        assertEquals(1_505, executable.run(trial.invocation()).r0());
        environment.createMap(MapSpec.of("large", MapType.ARRAY, 4, 1 << 16, 4));
        assertEquals(1_505, executable.run(trial.invocation()).r0());
    }
}
