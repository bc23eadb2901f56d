package org.bpfz.verifier.search;

import java.util.Arrays;
import org.bpfz.verifier.state.State;
import org.jspecify.annotations.Nullable;

/**
 * From where, and for what, the stretch that the path is on was tracked back already. A demand that comes to such a position with no more than
 * was demanded there once has nothing to mark behind it that is not marked; so a long stretch without a saved state is gone through once for
 * each place and not once for each demand.
 *
 * <p>That holds since a step back treats each place by itself, and since marks stay on the saved states of a path as long as it is followed.
 */
final class TrackedStretch {
    private @Nullable State state;
    private @Nullable State parent;
    /** Positions in the order of the path: the instruction, and how far the history had come with it. */
    private int[] slots = new int[16];
    private int[] ends = new int[16];
    /** By position and frame, as in {@link Demand}. */
    private int[] registers = new int[16 * State.MAX_FRAMES];
    private long[] stacks = new long[16 * State.MAX_FRAMES];
    private int count;
    private int next;

    /** A demand begins to be tracked back from where the path is. */
    void begin(State current) {
        if (state != current || parent != current.lineage().parent()) {
            state = current;
            parent = current.lineage().parent();
            count = 0;
        }
        next = count - 1;
    }

    /** A demand arises at a position: it is noted unless something was demanded here or later. */
    void start(int slot, int end, Demand demand) {
        if (next >= 0 && (ends[next] > end || (ends[next] == end && slots[next] >= slot))) {
            return;
        }
        if (count == slots.length) {
            slots = Arrays.copyOf(slots, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            registers = Arrays.copyOf(registers, slots.length * State.MAX_FRAMES);
            stacks = Arrays.copyOf(stacks, slots.length * State.MAX_FRAMES);
        }
        slots[count] = slot;
        ends[count] = end;
        for (int f = 0; f < State.MAX_FRAMES; f++) {
            registers[count * State.MAX_FRAMES + f] = demand.registers(f);
            stacks[count * State.MAX_FRAMES + f] = demand.slots(f);
        }
        count++;
    }

    /** Whether all behind this position is done for the demand; if not, it will be. */
    boolean covers(int slot, int end, Demand demand) {
        if (next < 0 || slots[next] != slot || ends[next] != end) {
            return false;
        }
        boolean covered = true;
        for (int f = 0; f < State.MAX_FRAMES; f++) {
            int at = next * State.MAX_FRAMES + f;
            covered &= (demand.registers(f) & ~registers[at]) == 0 && (demand.slots(f) & ~stacks[at]) == 0;
            registers[at] |= demand.registers(f);
            stacks[at] |= demand.slots(f);
        }
        next--;
        return covered;
    }
}
