package org.bpfz.jit;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.jspecify.annotations.Nullable;

/**
 * How large registers can be in a loop's body, as unsigned numbers, so that a remainder of something that is less than twice the divisor needs
 * no division.
 *
 * <p>A register that ends each round as a remainder begins the next one as one; that it does so in the first round too is for the loop to
 * check ({@link #assumed}).
 */
final class Ranges {
    private static final long LOW = 0xffff_ffffL;

    /** More is not followed: sums of two such numbers do not overflow. */
    private static final long LIMIT = 1L << 62;

    /** Divisors up to this keep twice themselves in an int. */
    private static final int LARGEST = 1 << 29;

    private final Map<Reg, Long> highest = new EnumMap<>(Reg.class);
    private final Map<Reg, Integer> assumed = new EnumMap<>(Reg.class);
    private final Set<Integer> reduced = new HashSet<>();

    private Ranges() {
    }

    static Ranges of(LoopShape shape) {
        Ranges ranges = new Ranges();
        for (LoopShape.Step step : shape.steps()) {
            Reg target = written(step.instruction());
            if (target != null) {
                ranges.assumed.remove(target);
            }
            if (step.instruction() instanceof Alu alu && isRemainder(alu)) {
                ranges.assumed.put(alu.dst(), divisor(alu));
            }
        }
        ranges.assumed.forEach((reg, divisor) -> ranges.highest.put(reg, divisor - 1L));
        shape.steps().forEach(ranges::step);
        if (ranges.reduced.isEmpty()) {
            ranges.assumed.clear();
        }
        return ranges;
    }

    /** Which registers must be less than which number in front of the first round. */
    Map<Reg, Integer> assumed() {
        return assumed;
    }

    /** Whether the remainder at the slot is of a number less than twice the divisor. */
    boolean isReduced(int slot) {
        return reduced.contains(slot);
    }

    private static boolean isRemainder(Alu alu) {
        return alu.width() == Width.W32 && alu.op() == AluOp.MOD && alu.src() instanceof Source.Imm(int value)
                && value > 0 && value <= LARGEST;
    }

    private static int divisor(Alu alu) {
        return ((Source.Imm) alu.src()).value();
    }

    private void step(LoopShape.Step step) {
        switch (step.instruction()) {
            case Alu alu -> {
                if (isRemainder(alu) && high(alu.dst()) < 2L * divisor(alu)) {
                    reduced.add(step.slot());
                }
                put(alu.dst(), high(alu));
            }
            case Load load -> put(load.dst(),
                    load.signed() || load.size() == MemSize.DW ? Long.MAX_VALUE : (1L << load.size().bits()) - 1);
            case Mov mov when mov.signExtendFrom() == 0 -> put(mov.dst(),
                    mov.width() == Width.W64 ? high(mov.src()) : low(high(mov.src())));
            default -> {
                Reg target = written(step.instruction());
                if (target != null) {
                    highest.remove(target);
                }
            }
        }
    }

    private long high(Alu alu) {
        long left = high(alu.dst());
        long right = high(alu.src());
        long result = switch (alu.op()) {
            case ADD -> alu.width() == Width.W32 && (left > LOW || right > LOW) ? Long.MAX_VALUE : sum(left, right);
            case AND -> Math.min(left, right);
            case MOD -> isRemainder(alu) ? Math.min(low(left), divisor(alu) - 1L) : Long.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
        return alu.width() == Width.W32 ? low(result) : result;
    }

    private static long sum(long left, long right) {
        return left >= LIMIT || right >= LIMIT ? Long.MAX_VALUE : left + right;
    }

    /** The highest low half of what is at most so high. */
    private static long low(long high) {
        return Math.min(high, LOW);
    }

    private long high(Reg reg) {
        return highest.getOrDefault(reg, Long.MAX_VALUE);
    }

    private long high(Source source) {
        return switch (source) {
            case Source.Imm(int value) -> value < 0 ? Long.MAX_VALUE : value;
            case Source.Register(Reg reg) -> high(reg);
        };
    }

    private void put(Reg reg, long high) {
        if (high == Long.MAX_VALUE) {
            highest.remove(reg);
        } else {
            highest.put(reg, high);
        }
    }

    private static @Nullable Reg written(Instruction instruction) {
        return LoopShape.target(instruction);
    }
}
