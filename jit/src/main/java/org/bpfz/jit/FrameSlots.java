package org.bpfz.jit;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Facts.MemoryFact;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.memory.Layout;

/**
 * Which 8 bytes of a function's frame are local variables: those that only whole loads and stores by R10 touch.
 *
 * <p>Where a verifier has proved that nobody else can reach them, they are never written to memory. Of what nothing is known, a function that
 * calls nothing and has no other access at all is sure to be alone with its frame while it runs: it still writes to memory, since who is called
 * next might look there, but loads what it has stored from the local variable, without the way through memory.
 */
final class FrameSlots {
    /** No slots. */
    static final FrameSlots NONE = new FrameSlots(false);

    private final Map<Integer, Integer> locals = new HashMap<>();
    private final boolean copies;

    private FrameSlots(boolean copies) {
        this.copies = copies;
    }

    /**
     * The slots of a function.
     *
     * @param first the first local variable to use
     */
    static FrameSlots of(Unit unit, Flow flow, int first) {
        Facts facts = unit.facts();
        FrameSlots slots = new FrameSlots(!facts.verified());
        if (slots.copies && !isAlone(unit, flow)) {
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
        whole.stream().map(index -> index - Layout.FRAME_SIZE)
                .filter(offset -> slots.copies || isHidden(facts, flow.entry(), offset))
                .forEach(offset -> slots.locals.put(offset, first + 2 * slots.locals.size()));
        return slots;
    }

    /** Whether the function accesses nothing but by R10, calls nothing, and has no loops, which have ways of their own to access memory. */
    private static boolean isAlone(Unit unit, Flow flow) {
        return flow.slots().stream().allMatch(slot -> switch (unit.program().at(slot)) {
            case Load load -> load.base() == Reg.R10;
            case Store store -> store.base() == Reg.R10;
            case Instruction.Atomic _,Instruction.Call _,Instruction.LegacyPacketLoad _ -> false;
            default -> {
                int target = BodyWriter.target(unit.program(), slot);
                yield target < 0 || target > slot;
            }
        });
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

    /** Whether stores go to memory, too, and what memory holds is in the longs from the beginning. */
    boolean areCopies() {
        return copies;
    }

    /** Tells the offset in the frame and the long of each. */
    void forEach(BiConsumer<Integer, Integer> consumer) {
        locals.forEach(consumer);
    }
}
