package org.bpfz.interpreter;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bpfz.spec.isa.Program;

/**
 * Makes one operation of instructions that often stand in a row: loops count and jump, copies go on being computed with, functions spill and
 * fill, hashes shift and mix.
 *
 * <p>Only the operation in the first word changes; its operands, and all of the instructions behind it, stay where they are. So whoever jumps
 * into the middle finds what was there.
 */
final class Fusion {
    private static final int OPERATION = 0xff;

    /** The longest first. */
    private static final List<Row> ROWS = Stream.of(
            new Row(Op.ADD64K_ADD64K, Op.ADD64K, Op.ADD64K),
            new Row(Op.ADD64K_JNE64K, Op.ADD64K, Op.JNE64K),
            new Row(Op.ADD64K_JNE64X, Op.ADD64K, Op.JNE64X),
            new Row(Op.ADD64K_JLT64X, Op.ADD64K, Op.JLT64X),
            new Row(Op.ADD64K_GOTO, Op.ADD64K, Op.GOTO),
            new Row(Op.ADD64K_ADD64K_JNE64K, Op.ADD64K, Op.ADD64K, Op.JNE64K),
            new Row(Op.ADD64K_ADD64K_ADD64K_JNE64K, Op.ADD64K, Op.ADD64K, Op.ADD64K, Op.JNE64K),
            new Row(Op.MOV64X_MOV64X, Op.MOV64X, Op.MOV64X),
            new Row(Op.MOV64X_ADD64X, Op.MOV64X, Op.ADD64X),
            new Row(Op.MOV64X_ADD64K, Op.MOV64X, Op.ADD64K),
            new Row(Op.MOV64X_RSH64K_XOR64X, Op.MOV64X, Op.RSH64K, Op.XOR64X),
            new Row(Op.XOR64X_MUL64K, Op.XOR64X, Op.MUL64K),
            new Row(Op.LSH64K_RSH64K, Op.LSH64K, Op.RSH64K),
            new Row(Op.LSH64K_ARSH64K, Op.LSH64K, Op.ARSH64K),
            new Row(Op.ADD32X_MOD32K, Op.ADD32X, Op.MOD32K),
            new Row(Op.LDX8_ADD64X, Op.LDX8, Op.ADD64X),
            new Row(Op.LDX16_ADD64X, Op.LDX16, Op.ADD64X),
            new Row(Op.LDX32_ADD64X, Op.LDX32, Op.ADD64X),
            new Row(Op.LDX64_ADD64X, Op.LDX64, Op.ADD64X),
            new Row(Op.LDX8_XOR64K, Op.LDX8, Op.XOR64K),
            new Row(Op.LDX8_JEQ64K, Op.LDX8, Op.JEQ64K),
            new Row(Op.LDX8_JNE64K, Op.LDX8, Op.JNE64K),
            new Row(Op.LDX64_LDX64, Op.LDX64, Op.LDX64),
            new Row(Op.STX64_STX64, Op.STX64, Op.STX64),
            new Row(Op.MUL64K_ADD64K_JNE64K, Op.MUL64K, Op.ADD64K, Op.JNE64K))
            .sorted(Comparator.comparingInt((Row row) -> row.parts.length).reversed()).toList();

    private static final Row[][] BY_FIRST = new Row[OPERATION + 1][];

    static {
        for (int first = 0; first <= OPERATION; first++) {
            int operation = first;
            BY_FIRST[first] = ROWS.stream().filter(row -> row.parts[0] == operation).toArray(Row[]::new);
        }
    }

    /** An operation for so many others in a row. */
    private static final class Row {
        private final int fused;
        private final int[] parts;

        private Row(int fused, int... parts) {
            this.fused = fused;
            this.parts = parts;
        }

        private boolean matches(long[] words, Program program, int slot) {
            for (int i = 0; i < parts.length; i++) {
                if (!program.isInstruction(slot + i) || operation(words, slot + i) != parts[i]) {
                    return false;
                }
            }
            return fits(words, slot);
        }

        /** Some operations keep a value between their instructions in place of loading it again, so it must be the same register. */
        private boolean fits(long[] words, int slot) {
            int first = dst(words, slot);
            int last = slot + parts.length - 1;
            return switch (fused) {
                case Op.XOR64X_MUL64K, Op.LSH64K_RSH64K, Op.LSH64K_ARSH64K, Op.ADD32X_MOD32K, Op.LDX8_XOR64K,
                        Op.MOV64X_ADD64X,
                        Op.MOV64X_ADD64K, Op.LDX8_JEQ64K, Op.LDX8_JNE64K, Op.ADD64K_JNE64K, Op.ADD64K_JNE64X,
                        Op.ADD64K_JLT64X,
                        Op.ADD64K_ADD64K_JNE64K, Op.ADD64K_ADD64K_ADD64K_JNE64K, Op.MUL64K_ADD64K_JNE64K ->
                    dst(words, last) == dst(words, last - 1);
                case Op.LDX8_ADD64X, Op.LDX16_ADD64X, Op.LDX32_ADD64X, Op.LDX64_ADD64X -> src(words, last) == first;
                case Op.MOV64X_RSH64K_XOR64X -> dst(words, slot + 1) == first && src(words, slot + 2) == first;
                default -> true;
            };
        }
    }

    private Fusion() {
    }

    static void fuse(long[] words, Program program) {
        // From the front: what follows has not been fused yet.
        for (int slot = 0; slot < program.slotCount(); slot++) {
            int from = slot;
            if (program.isInstruction(slot)) {
                Arrays.stream(BY_FIRST[operation(words, slot)]).filter(row -> row.matches(words, program, from))
                        .findFirst()
                        .ifPresent(row -> words[2 * from] = (words[2 * from] & ~OPERATION) | row.fused);
            }
        }
    }

    private static int operation(long[] words, int slot) {
        return (int) words[2 * slot] & OPERATION;
    }

    private static int dst(long[] words, int slot) {
        return (int) words[2 * slot] >>> 8 & 15;
    }

    private static int src(long[] words, int slot) {
        return (int) words[2 * slot] >>> 12 & 15;
    }
}
