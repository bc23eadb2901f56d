package org.bpfz.verifier.state;

import java.util.Arrays;
import org.bpfz.spec.isa.Reg;
import org.jspecify.annotations.Nullable;

/**
 * The places of one frame that hold values, registers first and then stack slots from the frame pointer down: what they hold and what later
 * instructions teach about its use. {@link Register} and {@link StackSlot} are views of it.
 *
 * <p>A search saves hundreds of thousands of states that differ in a place or two. So a copy shares all with its original until one of the
 * two changes, and where a read goes on to is said once for the whole frame: to the same place of the frame that was saved last.
 */
final class Places {
    /** Beside the liveness of {@link Register}: the number matters for safety. */
    static final int PRECISE = 1 << 4;

    private static final int LIVE = PRECISE - 1;
    private static final int LAST_SCRATCH = Reg.R5.ordinal();
    private static final int FRAME_POINTER = Reg.R10.ordinal();

    private Value[] values;
    private long[] types;
    private byte[] marks;
    private boolean valuesShared;
    private boolean typesShared;
    private boolean marksShared;

    /** Where reads of R0 to R5 go on to, and those of the other places; null before anything was saved. */
    private @Nullable Places scratchParent;
    private @Nullable Places parent;
    /** By register: whether reads go on to somewhere else, as its value came with all that is known of it; and to where. */
    private int strays;
    private @Nullable Register @Nullable [] strayParents;

    /** Registers without a value, and no stack. */
    Places(int registers) {
        values = new Value[registers];
        Arrays.fill(values, Value.NOTHING);
        types = new long[0];
        marks = new byte[registers];
    }

    private Places(Places from) {
        values = from.values;
        types = from.types;
        marks = from.marks;
        valuesShared = true;
        typesShared = true;
        marksShared = true;
        scratchParent = from.scratchParent;
        parent = from.parent;
        strays = from.strays;
        strayParents = strays == 0 || from.strayParents == null ? null : from.strayParents.clone();
    }

    /** The same values, marks and parents, to be changed apart. */
    Places copy() {
        valuesShared = true;
        typesShared = true;
        marksShared = true;
        return new Places(this);
    }

    /** How many stack slots there are. */
    int slots() {
        return types.length;
    }

    /** Adds slots that were never written. */
    void growStack(int slots) {
        int had = values.length;
        int count = had + slots - types.length;
        values = Arrays.copyOf(values, count);
        Arrays.fill(values, had, count, Value.NOTHING);
        types = Arrays.copyOf(types, slots);
        marks = Arrays.copyOf(marks, count);
        valuesShared = false;
        typesShared = false;
        marksShared = false;
    }

    Value value(int place) {
        return values[place];
    }

    void setValue(int place, Value value) {
        if (valuesShared) {
            values = values.clone();
            valuesShared = false;
        }
        values[place] = value;
    }

    long types(int slot) {
        return types[slot];
    }

    void setTypes(int slot, long newTypes) {
        if (types[slot] == newTypes) {
            return;
        }
        if (typesShared) {
            types = types.clone();
            typesShared = false;
        }
        types[slot] = newTypes;
    }

    /** Liveness and {@link #PRECISE}. */
    int marks(int place) {
        return marks[place];
    }

    void setMarks(int place, int newMarks) {
        if (marks[place] == newMarks) {
            return;
        }
        if (marksShared) {
            marks = marks.clone();
            marksShared = false;
        }
        marks[place] = (byte) newMarks;
    }

    void setLive(int place, int live) {
        setMarks(place, (marks[place] & PRECISE) | live);
    }

    int live(int place) {
        return marks[place] & LIVE;
    }

    /** The same place in the last saved state, or null. */
    @Nullable
    Register parent(int place) {
        if (place < Integer.SIZE && (strays >> place & 1) != 0 && strayParents != null) {
            return strayParents[place];
        }
        Places of = place <= LAST_SCRATCH ? scratchParent : parent;
        return of == null || place == FRAME_POINTER || place >= of.values.length ? null : new Register(of, place);
    }

    /** Lets reads of a register go on to some other place, or to none. */
    void setParent(int register, @Nullable Register newParent) {
        if (strayParents == null) {
            strayParents = new @Nullable Register[Reg.COUNT];
        }
        strayParents[register] = newParent;
        strays |= 1 << register;
    }

    /**
     * A copy of this was saved: all that is read from here on is read from there. Of the scratch registers of a frame that has called another
     * one, reads go where they went before (is_state_visited).
     */
    void adopt(Places saved, boolean innermost) {
        parent = saved;
        if (innermost) {
            scratchParent = saved;
            strays = 0;
        } else {
            strays &= (1 << (LAST_SCRATCH + 1)) - 1;
        }
        for (int i = 0; i < marks.length; i++) {
            setMarks(i, marks[i] & PRECISE);
        }
    }
}
