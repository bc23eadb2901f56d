package org.bpfz.verifier.search;

import org.bpfz.spec.isa.Reg;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.State;

/**
 * The places that hold linked numbers when one of them is compared: what one learns, all learn, and where one has to be precise, all
 * have to (struct linked_regs). At most six; a seventh is no longer linked.
 */
public final class LinkedRegisters {
    static final LinkedRegisters NONE = new LinkedRegisters();

    private static final int MAX = 6;

    private final int[] frames = new int[MAX];
    private final int[] indexes = new int[MAX];
    private final boolean[] onStack = new boolean[MAX];
    private int count;

    /** Adds all that share the link, innermost frame first (collect_linked_regs). */
    public void collect(State state, int link) {
        for (int f = state.depth(); f >= 0; f--) {
            Frame frame = state.frame(f);
            for (int i = 0; i < Reg.R10.ordinal(); i++) {
                collect(frame.register(i), link, f, i, false);
            }
            for (int i = 0; i < frame.slots(); i++) {
                if (frame.slot(i).isSpill()) {
                    collect(frame.slot(i).spilled(), link, f, i, true);
                }
            }
        }
    }

    private void collect(Register register, int link, int frame, int index, boolean isOnStack) {
        if (!register.value().isScalar() || register.value().link() != link) {
            return;
        }
        if (count == MAX) {
            register.set(register.value().unlinked());
            return;
        }
        frames[count] = frame;
        indexes[count] = index;
        onStack[count] = isOnStack;
        count++;
    }

    public int count() {
        return count;
    }

    /** The place in a state. */
    public Register at(State state, int entry) {
        Frame frame = state.frame(frames[entry]);
        return onStack[entry] ? frame.slot(indexes[entry]).spilled() : frame.register(indexes[entry]);
    }

    /** Where one of them is demanded, all are (bt_sync_linked_regs). */
    void spread(Demand demand) {
        boolean any = false;
        for (int i = 0; i < count && !any; i++) {
            any = onStack[i] ? demand.hasSlot(frames[i], indexes[i]) : demand.hasRegister(frames[i], indexes[i]);
        }
        for (int i = 0; i < count && any; i++) {
            if (onStack[i]) {
                demand.addSlot(frames[i], indexes[i]);
            } else {
                demand.addRegister(frames[i], indexes[i]);
            }
        }
    }
}
