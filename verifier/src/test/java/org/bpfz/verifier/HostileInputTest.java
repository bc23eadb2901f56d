package org.bpfz.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.FuncInfo;
import org.bpfz.spec.btf.LineInfo;
import org.bpfz.spec.btf.MalformedBtf;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

/** Programs and types that nobody means well: each gets a verdict. */
class HostileInputTest {
    private static final int CALL = 0x85;
    private static final int PSEUDO_CALL = 1;
    private static final int PSEUDO_KFUNC = 2;
    private static final RawInstruction ZERO = insn(0xb7, 0, 0, 0, 0);
    private static final RawInstruction EXIT = insn(0x95, 0, 0, 0, 0);

    private static RawInstruction insn(int opcode, int dst, int src, int off, int imm) {
        return new RawInstruction(opcode, dst, src, (short) off, imm);
    }

    private static Verdict verify(List<RawInstruction> code) {
        return Verifier.verify(ProgramImage.builder("hostile", ProgramType.SOCKET_FILTER).code(code).build(),
                Options.privileged());
    }

    private static Verdict.Rejected refused(List<RawInstruction> code) {
        return assertInstanceOf(Verdict.Rejected.class, verify(code));
    }

    /** Main calls each of the functions, or each function calls the next one. */
    private static List<RawInstruction> functions(int count, boolean chain) {
        List<RawInstruction> code = new ArrayList<>();
        if (chain) {
            code.add(insn(CALL, 0, PSEUDO_CALL, 0, 1));
        } else {
            for (int i = 0; i < count; i++) {
                int target = count + 2 + 2 * i;
                code.add(insn(CALL, 0, PSEUDO_CALL, 0, target - i - 1));
            }
            code.add(ZERO);
        }
        code.add(EXIT);
        for (int i = 0; i < count; i++) {
            code.add(chain && i < count - 1 ? insn(CALL, 0, PSEUDO_CALL, 0, 1) : ZERO);
            code.add(EXIT);
        }
        return code;
    }

    @Test
    void functionsAreLimitedInNumberAndDepth() {
        assertInstanceOf(Verdict.Accepted.class, verify(functions(200, false)));
        Verdict.Rejected many = refused(functions(4096, false));
        assertEquals(Errno.E2BIG, many.errno());
        assertEquals("too many subprograms", many.message());
        assertEquals(Errno.E2BIG, refused(functions(4096, true)).errno());
        assertTrue(refused(functions(20, true)).message().contains("call stack of"));
    }

    /** 2 to the 60th paths, all different and all of interest. */
    @Test
    void pathsWithoutEndEndAtTheLimit() {
        List<RawInstruction> code = new ArrayList<>();
        code.add(insn(0xb7, 3, 0, 0, 0));
        for (int i = 0; i < 60; i++) {
            code.add(insn(0x61, 2, 1, 4 * (i % 10), 0));
            code.add(insn(0x15, 2, 0, 1, 0));
            code.add(insn(0x07, 3, 0, 0, 1 << (i % 30)));
        }
        code.add(insn(0xbf, 4, 10, 0, 0));
        code.add(insn(0x0f, 4, 3, 0, 0));
        code.add(insn(0x72, 4, 0, -1, 0));
        code.add(ZERO);
        code.add(EXIT);
        assertNotNull(verify(code));
    }

    @Test
    void typesOfTheProgramThatFitNothing() {
        SplittableRandom random = new SplittableRandom(7);
        Btf types = KernelTypesOfTests.build();
        List<RawInstruction> code = functions(3, false);
        for (int round = 0; round < 3_000; round++) {
            List<FuncInfo> functions = new ArrayList<>();
            List<LineInfo> lines = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                functions.add(new FuncInfo(number(random, code.size()), number(random, types.endId())));
                lines.add(new LineInfo(number(random, code.size()), "a.c", "line", random.nextInt(), random.nextInt()));
            }
            ProgramBtf btf = new ProgramBtf(types, functions, lines);
            ProgramImage image = ProgramImage.builder("hostile", ProgramType.SOCKET_FILTER).code(code).btf(btf).build();
            assertNotNull(Verifier.verify(image, Options.privileged().withLogLevel(2)));
        }
    }

    private static int number(SplittableRandom random, int limit) {
        return random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(-1, limit + 2);
    }

    /** The kernel's own types would not look like that; still nothing breaks. */
    @Test
    void typesOfTheKernelThatWereDamaged() {
        SplittableRandom random = new SplittableRandom(8);
        byte[] whole = KernelTypesOfTests.build().toBytes();
        int read = 0;
        for (int round = 0; round < 3_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                damaged[random.nextInt(24, damaged.length)] = (byte) random.nextInt();
            }
            Btf types;
            try {
                types = Btf.read(damaged, BtfRules.KERNEL);
            } catch (MalformedBtf _) {
                continue;
            }
            read++;
            List<RawInstruction> code = new ArrayList<>();
            code.add(insn(0xbf, 1, 10, 0, 0));
            code.add(insn(0x07, 1, 0, 0, -8 * random.nextInt(1, 4)));
            code.add(insn(0xb7, 2, 0, 0, 0));
            code.add(insn(0xb7, 3, 0, 0, 1));
            code.add(insn(CALL, 0, PSEUDO_KFUNC, 0, random.nextInt(types.endId() + 1)));
            code.add(insn(0xbf, 1, 10, 0, 0));
            code.add(insn(0x07, 1, 0, 0, -8 * random.nextInt(1, 4)));
            code.add(insn(CALL, 0, PSEUDO_KFUNC, 0, random.nextInt(types.endId() + 1)));
            code.add(ZERO);
            code.add(EXIT);
            assertNotNull(Verifier.verify(
                    ProgramImage.builder("hostile", ProgramType.SYSCALL).sleepable(true).code(code).build(),
                    Options.privileged().withKernelBtf(types).withLogLevel(2)));
        }
        assertTrue(read > 300, "too few damaged types can be read at all");
    }
}
