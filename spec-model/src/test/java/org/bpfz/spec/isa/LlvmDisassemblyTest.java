package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.LegacyPacketLoad;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.PacketMode;
import org.junit.jupiter.api.Test;

/**
 * LLVM's disassembler reads what {@link Encoder} writes, and its text means the same to {@link Assembler}: so LLVM agrees
 * with the encodings, and its way to write instructions is understood.
 */
class LlvmDisassemblyTest {
    private static final int INSTANCES = 25;

    @Test
    void llvmReadsEveryInstructionAsMeant() throws IOException, InterruptedException {
        Path tool = tool();
        List<Instruction> instructions = instructions();
        List<String> lines = disassemble(tool, instructions);
        assertEquals(instructions.size(), lines.size());
        Assembler assembler = new Assembler(CallNames.none());
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Program expected = Program.of(instructions.get(i));
            Program actual = assembler.assemble(lines.get(i));
            if (!actual.equals(expected)) {
                differences.add(lines.get(i) + ": " + actual + " instead of " + expected);
            }
        }
        assertEquals("", String.join("\n", differences));
    }

    private static List<Instruction> instructions() {
        Random random = new Random(9669);
        List<Instruction> instructions = new ArrayList<>();
        for (Encoding row : OpcodeTable.rows()) {
            for (int i = 0; i < INSTANCES; i++) {
                int imm = random.nextInt() >> random.nextInt(32);
                Instruction instruction = row.instruction(Reg.of(random.nextInt(Reg.COUNT)),
                        Reg.of(random.nextInt(Reg.COUNT)), (short) (random.nextInt() | 1), imm, random.nextInt());
                if (isWhole(instruction)) {
                    instructions.add(instruction);
                }
            }
        }
        return instructions;
    }

    /** Whether LLVM's text says all of the instruction. */
    private static boolean isWhole(Instruction instruction) {
        return switch (instruction) {
            // "call 5" is all three kinds of call.
            case Call(CallTarget.Helper(int number)) -> number >= 0;
            case Call _ -> false;
            // "ld_pseudo r1, 2, 5" leaves the upper half out.
            case LoadImm64 load -> load.kind() == ImmKind.VALUE;
            // "skb[r1]" leaves the constant out.
            case LegacyPacketLoad load -> load.mode() == PacketMode.ABS || load.imm() == 0;
            default -> true;
        };
    }

    private static List<String> disassemble(Path tool, List<Instruction> instructions)
            throws IOException, InterruptedException {
        StringBuilder input = new StringBuilder();
        for (Instruction instruction : instructions) {
            for (byte b : Encoder.toBytes(Program.of(instruction))) {
                input.append(String.format("0x%02x ", b));
            }
            input.append('\n');
        }
        Path file = Files.createTempFile("bpfz", ".hex");
        try {
            Files.writeString(file, input);
            Process process = new ProcessBuilder(tool.toString(), "--disassemble", "--triple=bpfel", "--mcpu=v4")
                    .redirectInput(file.toFile()).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
            return output.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith(".")).toList();
        } finally {
            Files.delete(file);
        }
    }

    /** llvm-mc of LLVM 19, the first that knows may_goto and addr_space_cast, or a newer one. */
    private static Path tool() {
        Path tool = Stream.of("19", "20", "21", "22").map(version -> Path.of("/usr/bin/llvm-mc-" + version))
                .filter(Files::isExecutable).findFirst().orElse(null);
        if (tool == null) {
            System.out.println("skipped: LlvmDisassemblyTest: no llvm-mc-19 or newer in /usr/bin");
        }
        assumeTrue(tool != null, "no llvm-mc-19 or newer in /usr/bin");
        return tool;
    }
}
