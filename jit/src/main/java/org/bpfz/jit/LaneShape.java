package org.bpfz.jit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfz.jit.MemoryTemplates.Way;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.jspecify.annotations.Nullable;

/**
 * A counting loop whose rounds do the same to neighbouring bytes, half-words or words, so that one long does for several rounds: each round
 * loads numbers, combines them bit by bit, stores them or adds them to sums, and hands nothing else on to the next.
 */
final class LaneShape {
    private final MemSize size;
    private final List<LoopShape.Step> steps = new ArrayList<>();
    private final Set<Reg> lanes = EnumSet.noneOf(Reg.class);
    private final Map<Reg, Width> sums = new EnumMap<>(Reg.class);
    private LoopShape.@Nullable Step store;

    private LaneShape(MemSize size) {
        this.size = size;
    }

    /** The loop seen so, or null where it is none. */
    static @Nullable LaneShape of(Unit unit, LoopShape shape) {
        MemSize size = null;
        for (LoopShape.Step step : shape.steps()) {
            MemSize own = switch (step.instruction()) {
                case Load load -> load.size();
                case Store store -> store.size();
                default -> size;
            };
            if (size != null && own != size) {
                return null;
            }
            size = own;
        }
        if (size == null || size == MemSize.DW) {
            return null;
        }
        LaneShape lanes = new LaneShape(size);
        for (LoopShape.Step step : shape.steps()) {
            if (!step.isCount(shape)) {
                if (!lanes.takes(unit, shape, step)) {
                    return null;
                }
                lanes.steps.add(step);
            }
        }
        return lanes.isWorthIt() ? lanes : null;
    }

    private boolean isWorthIt() {
        return (store != null || !sums.isEmpty()) && sums.keySet().stream().noneMatch(lanes::contains);
    }

    private boolean takes(Unit unit, LoopShape shape, LoopShape.Step step) {
        return switch (step.instruction()) {
            case Load load -> {
                // Behind the store, a load might meet what a later round stores.
                boolean neighbours = store == null && !load.signed() && neighbours(unit, shape, step, load.base());
                yield neighbours && define(shape, load.dst());
            }
            case Store write -> {
                boolean first = store == null;
                store = step;
                yield first && neighbours(unit, shape, step, write.base()) && isLane(write.src());
            }
            case Mov mov -> mov.signExtendFrom() == 0 && isLane(mov.src()) && define(shape, mov.dst());
            case Alu alu -> switch (alu.op()) {
                case AND, OR, XOR -> lanes.contains(alu.dst()) && isLane(alu.src());
                case ADD -> sum(shape, alu);
                default -> false;
            };
            default -> false;
        };
    }

    private boolean sum(LoopShape shape, Alu alu) {
        boolean fresh = !lanes.contains(alu.dst()) && !shape.strides().containsKey(alu.dst())
                && sums.put(alu.dst(), alu.width()) == null;
        return fresh && alu.src() instanceof Source.Register(Reg reg) && lanes.contains(reg);
    }

    private boolean define(LoopShape shape, Reg reg) {
        lanes.add(reg);
        return !shape.strides().containsKey(reg) && !sums.containsKey(reg);
    }

    private boolean neighbours(Unit unit, LoopShape shape, LoopShape.Step step, Reg base) {
        return shape.way(unit, step) == Way.CHECKED && shape.strides().getOrDefault(base, 0) == size.bytes();
    }

    /** Whether an operand is a number of the size in each round. */
    private boolean isLane(Source source) {
        return switch (source) {
            case Source.Imm(int value) -> value >= 0 && (size == MemSize.W || value >>> size.bits() == 0);
            case Source.Register(Reg reg) -> lanes.contains(reg);
        };
    }

    /** What a round loads and stores. */
    MemSize size() {
        return size;
    }

    /** The instructions, without those that count. */
    List<LoopShape.Step> steps() {
        return steps;
    }

    /** The registers that a round adds to, and how wide the sums are. */
    Map<Reg, Width> sums() {
        return sums;
    }

    /** The one store, or null. */
    @Nullable
    Store store() {
        return store == null ? null : (Store) store.instruction();
    }

    /** How far ahead of its value at the round's beginning the store's register is. */
    int storeAhead() {
        return store == null ? 0 : store.ahead().getOrDefault(((Store) store.instruction()).base(), 0);
    }

    /** Whether the instruction is an addition to a sum. */
    boolean isSum(Instruction instruction) {
        return instruction instanceof Alu alu && alu.op() == AluOp.ADD;
    }
}
