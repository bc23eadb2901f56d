package org.bpfz.jit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/**
 * Cuts a function into pieces that HotSpot compiles: it never does so with a method of more than 8,000 bytes of code (HugeMethodLimit).
 *
 * <p>A cut is made where few jumps cross it, so that loops stay whole where they can.
 */
final class Chunks {
    /** Bytes of code that a method may have, its prologue included, by the estimates below. */
    private static final int LIMIT = 7_400;

    /** Bytes that prologue and epilogue take. */
    private static final int FRAME = 200;

    private Chunks() {
    }

    /** The slots of each piece, in order; one piece where the function is short enough. */
    static List<BitSet> cut(Program program, BitSet slots) {
        int[] order = slots.stream().toArray();
        int[] crossings = crossings(program, slots, order);
        List<BitSet> pieces = new ArrayList<>();
        int from = 0;
        while (from < order.length) {
            int to = cut(program, order, crossings, from);
            BitSet piece = new BitSet();
            for (int i = from; i < to; i++) {
                piece.set(order[i]);
            }
            pieces.add(piece);
            from = to;
        }
        return pieces;
    }

    /** Where the piece ends that begins at an index of the order: in its last third, at the place with the fewest crossings. */
    private static int cut(Program program, int[] order, int[] crossings, int from) {
        int bytes = FRAME;
        int best = -1;
        for (int i = from; i < order.length; i++) {
            bytes += bytes(program.at(order[i]));
            if (bytes > LIMIT && i > from) {
                return best < 0 ? i : best;
            }
            boolean late = bytes > LIMIT * 2 / 3;
            if (late && i + 1 < order.length && (best < 0 || crossings[i + 1] <= crossings[best])) {
                best = i + 1;
            }
        }
        return order.length;
    }

    /** How many jumps lead over the gap before each instruction. */
    private static int[] crossings(Program program, BitSet slots, int[] order) {
        int[] position = new int[program.slotCount()];
        for (int i = 0; i < order.length; i++) {
            position[order[i]] = i;
        }
        int[] steps = new int[order.length + 1];
        for (int i = 0; i < order.length; i++) {
            int target = jumpTarget(program, order[i]);
            if (target >= 0 && target < program.slotCount() && slots.get(target)) {
                steps[Math.min(i, position[target]) + 1]++;
                steps[Math.max(i, position[target]) + 1]--;
            }
        }
        for (int i = 1; i < steps.length; i++) {
            steps[i] += steps[i - 1];
        }
        return steps;
    }

    private static int jumpTarget(Program program, int slot) {
        return switch (program.at(slot)) {
            case Instruction.Goto(boolean wide, int offset) -> program.target(slot, offset);
            case Instruction.MayGoto(short offset) -> program.target(slot, offset);
            case Instruction.Jump jump -> program.target(slot, jump.offset());
            default -> -1;
        };
    }

    /**
     * No fewer than an instruction's template writes; of accesses more, since HotSpot inlines what they call only until a method has 8,000 bytes
     * with all that (DesiredMethodLimit).
     */
    private static int bytes(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Mov mov -> 12;
            case Instruction.LoadImm64 load -> 6;
            case Instruction.Alu(Width width, AluOp op, var dst, Source src) -> {
                if (width == Width.W64) {
                    yield 12;
                }
                yield op == AluOp.MOD && src instanceof Source.Imm ? 40 : 18;
            }
            case Instruction.Neg neg -> 12;
            case Instruction.End end -> 18;
            case Instruction.AddrSpaceCast cast -> 12;
            case Instruction.Load load -> 110;
            case Instruction.Store store -> 110;
            case Instruction.Atomic atomic -> 100;
            case Instruction.Goto jump -> 60;
            case Instruction.MayGoto jump -> 70;
            case Instruction.Jump jump -> 80;
            case Instruction.Call call -> 260;
            case Instruction.Exit exit -> 40;
            case Instruction.LegacyPacketLoad load -> 70;
        };
    }
}
