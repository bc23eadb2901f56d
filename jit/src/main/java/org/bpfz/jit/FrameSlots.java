package org.bpfz.jit;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Facts.MemoryFact;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.memory.Layout;

/**
 * Which 8 bytes of a function's frame are local variables: those that only whole loads and stores by R10 touch, and of which a verifier has proved
 * that nobody else can. They are never written to memory.
 */
final class FrameSlots {
    /** No slots. */
    static final FrameSlots NONE = new FrameSlots();

    private final Map<Integer, Integer> locals = new HashMap<>();

    private FrameSlots() {
    }

    /**
     * The slots of a function.
     *
     * @param first the first local variable to use
     */
    static FrameSlots of(Unit unit, Flow flow, int first) {
        FrameSlots slots = new FrameSlots();
        Facts facts = unit.facts();
        if (!facts.verified()) {
            return slots;
        }
        BitSet whole = new BitSet();
        BitSet torn = new BitSet();
        flow.slots().stream().forEach(slot -> {
            Instruction instruction = unit.program().at(slot);
            switch (instruction) {
                case Load load -> note(load.base(), load.offset(), load.size(), facts.memory(slot), whole, torn);
                case Store store -> note(store.base(), store.offset(), store.size(), facts.memory(slot), whole, torn);
                case Instruction.Atomic atomic -> {
                    if (facts.memory(slot) instanceof MemoryFact.OwnFrame(int offset)) {
                        tear(offset, atomic.size(), torn);
                    }
                    if (atomic.base() == Reg.R10) {
                        tear(atomic.offset(), atomic.size(), torn);
                    }
                }
                default -> {
                    // Touches no memory by itself.
                }
            }
        });
        whole.andNot(torn);
        whole.stream().map(index -> index - Layout.FRAME_SIZE).filter(offset -> isHidden(facts, flow.entry(), offset))
                .forEach(offset -> slots.locals.put(offset, first + 2 * slots.locals.size()));
        return slots;
    }

    /** Bits count bytes from the frame's lowest. */
    private static void note(Reg base, int offset, MemSize size, MemoryFact fact, BitSet whole, BitSet torn) {
        if (base == Reg.R10) {
            if (size == MemSize.DW && offset % Long.BYTES == 0 && offset >= -Layout.FRAME_SIZE && offset < 0) {
                whole.set(Layout.FRAME_SIZE + offset);
            } else {
                tear(offset, size, torn);
            }
        } else if (fact instanceof MemoryFact.OwnFrame(int at)) {
            tear(at, size, torn);
        }
    }

    private static void tear(int offset, MemSize size, BitSet torn) {
        for (int at = offset & -Long.BYTES; at < offset + size.bytes(); at += Long.BYTES) {
            if (at >= -Layout.FRAME_SIZE) {
                torn.set(Layout.FRAME_SIZE + at);
            }
        }
    }

    private static boolean isHidden(Facts facts, int function, int offset) {
        for (int i = 0; i < Long.BYTES; i++) {
            if (facts.isExposed(function, offset + i)) {
                return false;
            }
        }
        return true;
    }

    /** The long that an access by R10 is of, or -1 where it is of memory. */
    int local(Reg base, int offset) {
        return base == Reg.R10 ? locals.getOrDefault(offset, -1) : -1;
    }

    /** All the longs. */
    Iterable<Integer> all() {
        return locals.values();
    }
}
