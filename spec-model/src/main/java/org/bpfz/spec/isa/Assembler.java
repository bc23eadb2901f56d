package org.bpfz.spec.isa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link Disassembler} writes, and what people write: the verifier log's syntax, an instruction a line.
 *
 * <p>Before an instruction there may be its slot's number ({@code 3:}), which must be right, a label ({@code loop:}), and its
 * opcode ({@code (b7)}), which must be right too and which tells a 64-bit immediate from a 32-bit one where the text does
 * not. Jumps lead to {@code pc+3}, {@code +3} or a label. A constant may be decimal or hexadecimal; {@code ll} behind it
 * makes it a 64-bit immediate. {@code ;}, {@code //} and {@code #} begin a comment. The forms that LLVM writes instead
 * ({@code r1 = *(u32 *)(r2 + 4)}, {@code w1} for the low half that a load or store names, {@code xchg_64}) mean the same.
 */
public final class Assembler {
    private final CallNames names;

    public Assembler(CallNames names) {
        this.names = names;
    }

    /**
     * The program that the text stands for.
     *
     * @throws AssemblyException for the first line that is no instruction
     */
    public Program assemble(String text) {
        // How many slots an instruction takes does not depend on where labels are, so a first reading finds them.
        Map<String, Integer> labels = new HashMap<>();
        read(text, null, labels);
        return Program.of(read(text, labels, new HashMap<>()));
    }

    /**
     * Reads all lines.
     *
     * @param known what labels stand for; null if that is still to be found
     * @param found what labels turn out to stand for
     */
    private List<Instruction> read(String text, @Nullable Map<String, Integer> known, Map<String, Integer> found) {
        List<Instruction> instructions = new ArrayList<>();
        int slot = 0;
        int number = 0;
        for (String source : text.split("\\R", -1)) {
            number++;
            AssemblyLine line = new AssemblyLine(source, number);
            prefixes(line, slot, found);
            if (line.atEnd()) {
                continue;
            }
            Instruction instruction = instruction(line, slot, known);
            instructions.add(instruction);
            slot += instruction.slots();
        }
        return instructions;
    }

    /** Slot number and labels. */
    private static void prefixes(AssemblyLine line, int slot, Map<String, Integer> labels) {
        if (line.isNumber()) {
            int position = line.position();
            long claimed = line.number(0, Integer.MAX_VALUE);
            line.expect(":");
            if (claimed != slot) {
                throw line.errorAt(position, "this is slot " + slot + ", not " + claimed);
            }
        }
        while (true) {
            int position = line.position();
            String label = line.acceptName();
            if (label == null || !line.accept(":")) {
                line.reset(position);
                return;
            }
            if (labels.putIfAbsent(label, slot) != null) {
                throw line.errorAt(position, "label '" + label + "' stands in two places");
            }
        }
    }

    private Instruction instruction(AssemblyLine line, int slot, @Nullable Map<String, Integer> labels) {
        int position = line.position();
        Integer opcode = opcode(line);
        boolean wideConstant = opcode != null && opcode == OpcodeBits.LDDW;
        Instruction instruction = new StatementParser(line, new OperandParser(line, slot, labels), names, wideConstant)
                .statement();
        line.expectEnd();
        int actual = OpcodeTable.rowOf(instruction).opcode();
        if (opcode != null && opcode != actual) {
            throw line.errorAt(position, "this instruction has opcode " + hex(actual) + ", not " + hex(opcode));
        }
        return instruction;
    }

    /** {@code (b7)}, or null. */
    private static @Nullable Integer opcode(AssemblyLine line) {
        if (!line.accept("(")) {
            return null;
        }
        int opcode = line.hexByte();
        line.expect(")");
        return opcode;
    }

    private static String hex(int opcode) {
        return HexFormat.of().toHexDigits((byte) opcode);
    }
}
