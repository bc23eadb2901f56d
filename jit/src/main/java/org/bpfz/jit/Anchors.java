package org.bpfz.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.bpfz.jit.MemoryTemplates.Way;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.Reg;
import org.jspecify.annotations.Nullable;

/**
 * The registers that a chunk accesses memory by and never writes: where all of their accesses go is known before the first. One check at the
 * beginning, that it is a raw run's memory, then does for all of them, which makes the code half as long; and long programs are as slow as
 * they are long, since a processor has to fetch them. Where that is not so, {@link JitProgram#distrust} has a class made without.
 */
final class Anchors {
    /** None. */
    static final Anchors NONE = new Anchors();

    private static final ClassDesc ANY_PLACE = AnyPlace.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc PLACE = MethodTypeDesc.of(CD_int, CD_long, CD_long, CD_long, CD_int);

    private final Map<Reg, Span> spans = new EnumMap<>(Reg.class);

    /** From the lowest byte to behind the highest that is accessed, as offsets from the register. */
    private record Span(int low, int high) {
        private Span and(Span other) {
            return new Span(Math.min(low, other.low), Math.max(high, other.high));
        }
    }

    private Anchors() {
    }

    /** Those of the chunk. */
    static Anchors of(Unit unit, BitSet slots) {
        Anchors anchors = new Anchors();
        Set<Reg> written = EnumSet.noneOf(Reg.class);
        slots.stream().forEach(slot -> {
            Instruction instruction = unit.program().at(slot);
            Reg target = written(instruction);
            if (target != null) {
                written.add(target);
            }
            if (BodyWriter.way(unit, slot) == Way.ANY) {
                switch (instruction) {
                    case Load load -> anchors.add(load.base(), load.offset(), load.size().bytes());
                    case Store store -> anchors.add(store.base(), store.offset(), store.size().bytes());
                    default -> {
                        // Atomic operations have rules of their own.
                    }
                }
            }
        });
        anchors.spans.keySet().removeAll(written);
        return anchors;
    }

    private void add(Reg base, int offset, int size) {
        spans.merge(base, new Span(offset, offset + size), Span::and);
    }

    private static @Nullable Reg written(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Call call -> Reg.R0;
            case Instruction.LegacyPacketLoad load -> Reg.R0;
            case Instruction.Atomic atomic when atomic.op() == AtomicOp.CMPXCHG -> Reg.R0;
            case Instruction.Atomic atomic when atomic.op().fetches() -> atomic.src();
            case Instruction.AddrSpaceCast cast -> cast.dst();
            default -> LoopShape.target(instruction);
        };
    }

    boolean isEmpty() {
        return spans.isEmpty();
    }

    /** Whether accesses by the register have been checked. */
    boolean has(Reg base) {
        return spans.containsKey(base);
    }

    /** Writes the checks; goes to the label where one fails. */
    void check(CodeBuilder code, Label elsewhere) {
        spans.forEach((base, span) -> {
            code.lload(Locals.HOME).lload(Locals.ORIGIN).lload(Locals.of(base)).loadConstant((long) span.low).ladd()
                    .loadConstant(span.high - span.low).invokestatic(ANY_PLACE, "place", PLACE)
                    .dup().istore(local(base)).iflt(elsewhere);
        });
    }

    /** Pushes where in the bytes an access is. */
    void index(Reg base, int offset, CodeBuilder code) {
        Span span = spans.get(base);
        if (span == null) {
            throw new IllegalArgumentException("nothing was checked at " + base);
        }
        code.iload(local(base)).loadConstant(offset - span.low).iadd();
    }

    /** An int: where the lowest byte is in the bytes. */
    private static int local(Reg base) {
        return LaneWriter.FREE + base.index();
    }
}
