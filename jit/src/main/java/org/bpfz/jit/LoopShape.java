package org.bpfz.jit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfz.jit.MemoryTemplates.Way;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.jspecify.annotations.Nullable;

/**
 * A loop that counts: a straight line that ends in a conditional jump to its beginning, which compares a register that each round changes by the
 * same amount with something that no round changes.
 *
 * <p>How many rounds there will be, and where each access by such a register goes, is known before the first; so one check does for all
 * ({@link LoopWriter}).
 */
final class LoopShape {
    /** An instruction of the body, with how far each counting register is ahead of its value at the round's beginning. */
    record Step(int slot, Instruction instruction, Map<Reg, Integer> ahead) {
        /** Whether it only advances a counting register. */
        boolean isCount(LoopShape shape) {
            return instruction instanceof Alu alu && shape.strides.containsKey(alu.dst());
        }
    }

    /**
     * What the accesses by one register have in common.
     *
     * @param low  the least offset from the register's value at the round's beginning
     * @param high one above the last byte
     */
    record Span(Reg base, boolean writes, int low, int high) {}

    private final int head;
    private final Jump latch;
    private final int latchSlot;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Reg, Integer> strides = new EnumMap<>(Reg.class);
    private final Set<Reg> written = EnumSet.noneOf(Reg.class);
    private final int length;

    private LoopShape(int head, int latchSlot, Jump latch, List<Instruction> body, List<Integer> slots) {
        this.head = head;
        this.latchSlot = latchSlot;
        this.latch = latch;
        length = body.size() + 1;
        findStrides(body);
        Map<Reg, Integer> ahead = new EnumMap<>(Reg.class);
        for (int i = 0; i < body.size(); i++) {
            steps.add(new Step(slots.get(i), body.get(i), new EnumMap<>(ahead)));
            if (body.get(i) instanceof Alu alu && strides.containsKey(alu.dst())) {
                ahead.merge(alu.dst(), change(alu), Integer::sum);
            }
        }
    }

    /** The loop that the jump at the slot closes, or null where it does not count. */
    static @Nullable LoopShape closedBy(Unit unit, Flow flow, int slot) {
        Program program = unit.program();
        if (!(program.at(slot) instanceof Jump jump) || jump.width() != Width.W64) {
            return null;
        }
        int head = program.target(slot, jump.offset());
        if (head > slot || !program.isInstruction(head) || !program.isInstruction(program.next(slot))) {
            return null;
        }
        List<Instruction> body = new ArrayList<>();
        List<Integer> slots = new ArrayList<>();
        for (int at = head; at < slot; at = program.next(at)) {
            boolean entered = at != head && flow.targets().get(at);
            if (entered || unit.obstacles().at(at) != null || !isPlain(program.at(at))) {
                return null;
            }
            body.add(program.at(at));
            slots.add(at);
        }
        if (flow.targets().get(slot) && head != slot) {
            return null;
        }
        LoopShape shape = new LoopShape(head, slot, jump, body, slots);
        return shape.counts() ? shape : null;
    }

    private static boolean isPlain(Instruction instruction) {
        return switch (instruction) {
            case Alu alu -> true;
            case Instruction.Mov mov -> true;
            case Instruction.Neg neg -> true;
            case Instruction.End end -> true;
            case Instruction.LoadImm64 load -> true;
            case Load load -> load.dst() != Reg.R10;
            case Store store -> true;
            default -> false;
        };
    }

    private void findStrides(List<Instruction> body) {
        Set<Reg> otherwise = EnumSet.noneOf(Reg.class);
        for (Instruction instruction : body) {
            if (instruction instanceof Alu alu && isCount(alu)) {
                written.add(alu.dst());
                strides.merge(alu.dst(), change(alu), Integer::sum);
            } else {
                Reg target = target(instruction);
                if (target != null) {
                    written.add(target);
                    otherwise.add(target);
                }
            }
        }
        otherwise.forEach(strides::remove);
        // Sums that an int does not hold are no strides that anybody has.
        strides.values().removeIf(stride -> stride == 0 || Math.abs((long) stride) > 1 << 20);
    }

    private static boolean isCount(Alu alu) {
        return alu.width() == Width.W64 && (alu.op() == AluOp.ADD || alu.op() == AluOp.SUB)
                && alu.src() instanceof Source.Imm(int value) && Math.abs((long) value) <= 1 << 20;
    }

    private static int change(Alu alu) {
        int value = ((Source.Imm) alu.src()).value();
        return alu.op() == AluOp.ADD ? value : -value;
    }

    /** The register that an instruction of a body writes, or null. */
    static @Nullable Reg target(Instruction instruction) {
        return switch (instruction) {
            case Alu alu -> alu.dst();
            case Instruction.Mov mov -> mov.dst();
            case Instruction.Neg neg -> neg.dst();
            case Instruction.End end -> end.dst();
            case Instruction.LoadImm64 load -> load.dst();
            case Load load -> load.dst();
            default -> null;
        };
    }

    private boolean counts() {
        Integer stride = strides.get(latch.left());
        boolean fixed = !(latch.right() instanceof Source.Register(Reg reg)) || !written.contains(reg);
        if (stride == null || !fixed) {
            return false;
        }
        return switch (latch.condition()) {
            case NE -> true;
            case LT, SLT -> stride > 0;
            case GT, SGT -> stride < 0;
            default -> false;
        };
    }

    /** The slot that it begins at. */
    int head() {
        return head;
    }

    /** The slot of the jump. */
    int latchSlot() {
        return latchSlot;
    }

    /** The jump. */
    Jump latch() {
        return latch;
    }

    /** Whether a round goes on until the register is exactly there. */
    boolean meetsExactly() {
        return latch.condition() == Condition.NE;
    }

    /** The body, without the jump. */
    List<Step> steps() {
        return steps;
    }

    /** How much each counting register changes in a round; not 0. */
    Map<Reg, Integer> strides() {
        return strides;
    }

    /** How many instructions a round has, the jump included. */
    int length() {
        return length;
    }

    /** Whether a register has the same value in all rounds. */
    boolean isFixed(Reg reg) {
        return !written.contains(reg);
    }

    /** Whether where an access by the register goes is known before the first round. */
    boolean isForeseen(Reg base) {
        return isFixed(base) || strides.containsKey(base);
    }

    /** How a step accesses memory. */
    Way way(Unit unit, Step step) {
        Way way = BodyWriter.way(unit, step.slot());
        Reg base = base(step.instruction());
        return base != null && way != Way.FRAME && isForeseen(base) ? Way.CHECKED : way;
    }

    /** What a step accesses by, or null. */
    static @Nullable Reg base(Instruction instruction) {
        return switch (instruction) {
            case Load load -> load.base();
            case Store store -> store.base();
            default -> null;
        };
    }

    /** What is to be checked before the first round. */
    List<Span> spans(Unit unit) {
        List<Span> spans = new ArrayList<>();
        for (Step step : steps) {
            if (way(unit, step) == Way.CHECKED) {
                Span span = span(step);
                spans.stream().filter(known -> known.base() == span.base() && known.writes() == span.writes())
                        .findFirst()
                        .ifPresentOrElse(known -> spans.set(spans.indexOf(known), new Span(span.base(), span.writes(),
                                Math.min(known.low(), span.low()), Math.max(known.high(), span.high()))),
                                () -> spans.add(span));
            }
        }
        return spans;
    }

    private static Span span(Step step) {
        return switch (step.instruction()) {
            case Load load -> span(step, load.base(), false, load.offset(), load.size().bytes());
            case Store store -> span(step, store.base(), true, store.offset(), store.size().bytes());
            default -> throw new IllegalArgumentException(step.toString());
        };
    }

    private static Span span(Step step, Reg base, boolean writes, int offset, int size) {
        int low = offset + step.ahead().getOrDefault(base, 0);
        return new Span(base, writes, low, low + size);
    }
}
