package org.bpfz.verifier.search;

import java.util.Arrays;
import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.Reg;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.search.Equivalence.Mode;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.IteratorState;
import org.bpfz.verifier.state.Lineage;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.SlotType;
import org.bpfz.verifier.state.StackSlot;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/**
 * The states that were saved where paths meet: a path that comes to one that covers it ends there (is_state_visited).
 *
 * <p>The table and its order are the kernel's, since the log's last line counts what is in it: one list for each slot modulo the length
 * of the program, shared by the call sites whose number mixes into the same list.
 */
public final class Checkpoints {
    private static final int MAX_UNPRIVILEGED = 64;
    private static final int LONG_HISTORY = 40;

    /** A saved state and how often it was of use. */
    private static final class Entry {
        final State state;
        @Nullable
        Entry next;
        int misses;
        int hits;

        Entry(State state, @Nullable Entry next) {
            this.state = state;
            this.next = next;
        }
    }

    private final Search search;
    private final Equivalence equivalence;
    private final @Nullable Entry[] table;
    private int maxAtSlot;
    private int total;
    private int peak;
    private int jumpsAtLast;
    private int instructionsAtLast;

    Checkpoints(Search search, Equivalence equivalence, int programLength) {
        this.search = search;
        this.equivalence = equivalence;
        table = new @Nullable Entry[programLength];
    }

    /** The most states in one list. */
    int maxAtSlot() {
        return maxAtSlot;
    }

    /** How many states were saved. */
    int total() {
        return total;
    }

    /** How many states were kept at a time, as the kernel counts. */
    int peak() {
        return peak;
    }

    /** Drops all: another function begins. */
    void clear() {
        Arrays.fill(table, null);
    }

    private int listOf(int slot, State state) {
        return Integer.remainderUnsigned(slot ^ state.frame().callSite(), table.length);
    }

    /** A state saved at the slot whose paths are not through, on the way to the current one, or null (find_prev_entry). */
    @Nullable
    State openAncestor(State current, int slot, int list) {
        for (Entry entry = table[list]; entry != null; entry = entry.next) {
            Lineage lineage = entry.state.lineage();
            if (lineage.slot() == slot && lineage.branches() != 0 && entry.state.sameCallSites(current)
                    && lineage.searchDepth() < current.lineage().searchDepth()) {
                return entry.state;
            }
        }
        return null;
    }

    /** As above, in the list of the state that the search is in. */
    @Nullable
    State openAncestor(State current, int slot) {
        return openAncestor(current, slot, listOf(slot, search.state()));
    }

    /** Whether the path ends here; if not, the state may be saved. */
    boolean isVisited(int slot) {
        State current = search.state();
        boolean force = (search.options().has(Options.TEST_STATE_FREQ) && search.isBpfCapable())
                || search.landmarks().isCheckpoint(slot)
                || current.lineage().historyEnd() - current.lineage().historyStart() > LONG_HISTORY;
        int jumps = search.jumps() - jumpsAtLast;
        int instructions = search.instructions() - instructionsAtLast;
        boolean add = force || (jumps >= 2 && instructions >= 8);
        int list = listOf(slot, current);
        cleanStates(list, slot, current);

        int count = 0;
        Entry previous = null;
        Entry entry = table[list];
        while (entry != null) {
            count++;
            if (entry.state.lineage().slot() == slot) {
                Verdict verdict = compare(entry.state, current, slot);
                if (verdict == Verdict.HIT) {
                    entry.hits++;
                    takeOver(entry.state);
                    return true;
                }
                if (verdict == Verdict.MISS_IN_LOOP && !force && jumps < 20 && instructions < 100) {
                    add = false;
                }
                if (add) {
                    entry.misses++;
                }
                if (isUseless(entry, slot)) {
                    drop(list, previous, entry);
                    entry = entry.next;
                    continue;
                }
            }
            previous = entry;
            entry = entry.next;
        }
        maxAtSlot = Math.max(maxAtSlot, count);
        if (add && (search.isBpfCapable() || count <= MAX_UNPRIVILEGED)) {
            save(list, slot, current);
        }
        return false;
    }

    private enum Verdict {
        HIT, MISS, MISS_IN_LOOP
    }

    private Verdict compare(State saved, State current, int slot) {
        if (saved.lineage().branches() != 0) {
            return compareOpen(saved, current, slot);
        }
        State loopEntry = Loops.entryOf(saved);
        boolean openLoop = loopEntry != null && loopEntry.lineage().branches() > 0;
        if (!equivalence.covers(saved, current, openLoop || search.isObserved() ? Mode.RANGE_WITHIN : Mode.COVERED)) {
            return Verdict.MISS;
        }
        if (openLoop) {
            Loops.link(current, loopEntry);
        }
        return Verdict.HIT;
    }

    /** The path is back at a state that lies on it, or that another path which is not through went through. */
    private Verdict compareOpen(State saved, State current, int slot) {
        Frame frame = saved.frame();
        if (frame.isAsyncCallback() && frame.asyncEntries() != current.frame().asyncEntries()) {
            return Verdict.MISS_IN_LOOP;
        }
        if (search.isIteratorNext(slot)) {
            if (equivalence.covers(saved, current, Mode.RANGE_WITHIN) && isIteratorActive(current)) {
                Loops.link(current, saved);
                return Verdict.HIT;
            }
            return Verdict.MISS_IN_LOOP;
        }
        if (search.isMayGoto(slot) && saved.mayGotoDepth() != current.mayGotoDepth()
                && equivalence.covers(saved, current, Mode.RANGE_WITHIN)) {
            Loops.link(current, saved);
            return Verdict.HIT;
        }
        if (search.landmarks().isCallbackCall(slot)) {
            return equivalence.covers(saved, current, Mode.RANGE_WITHIN) ? Verdict.HIT : Verdict.MISS_IN_LOOP;
        }
        if (mayBeSame(saved, current) && equivalence.covers(saved, current, Mode.EXACT)
                && !iteratorsAdvanced(saved, current) && saved.mayGotoDepth() == current.mayGotoDepth()
                && saved.callbackUnrollDepth() == current.callbackUnrollDepth()) {
            refuseInfiniteLoop(saved, current, slot);
        }
        return Verdict.MISS_IN_LOOP;
    }

    private void refuseInfiniteLoop(State saved, State current, int slot) {
        search.lines().print(slot, "; ");
        search.log().line("infinite loop detected at insn " + slot).print("cur state:");
        search.printer().printAll(current.frame());
        search.log().print("old state:");
        search.printer().printAll(saved.frame());
        throw new Rejection(Errno.EINVAL);
    }

    private static boolean isIteratorActive(State current) {
        Value pointer = current.register(Reg.R1.ordinal()).value();
        int slot = (int) ((-pointer.constantOffset() - 1) / StackSlot.BYTES);
        Value iterator = current.frame(pointer.frame()).slot(slot).spilled().value();
        return iterator.payload() instanceof Payload.OfIterator of && of.state() == IteratorState.ACTIVE;
    }

    /** A quick look at the registers before the full comparison (states_maybe_looping). */
    private static boolean mayBeSame(State saved, State current) {
        if (saved.depth() != current.depth()) {
            return false;
        }
        for (int i = 0; i < Reg.COUNT; i++) {
            Value old = saved.register(i).value();
            Value now = current.register(i).value();
            if (!old.sameContent(now) || old.id() != now.id() || old.refId() != now.refId()) {
                return false;
            }
        }
        return true;
    }

    private static boolean iteratorsAdvanced(State saved, State current) {
        for (int f = saved.depth(); f >= 0; f--) {
            Frame frame = saved.frame(f);
            for (int i = 0; i < frame.slots(); i++) {
                if (frame.slot(i).type(0) == SlotType.ITER
                        && frame.slot(i).spilled().value().payload() instanceof Payload.OfIterator old
                        && old.state() == IteratorState.ACTIVE
                        && current.frame(f).slot(i).spilled().value().payload() instanceof Payload.OfIterator now
                        && now.depth() != old.depth()) {
                    return true;
                }
            }
        }
        return false;
    }

    private void takeOver(State saved) {
        search.liveness().propagate(saved, search.state());
        if (search.landmarks().isJumpPoint(search.slot())) {
            search.note(0);
        }
        search.precision().propagate(saved);
    }

    /** Missed too often for its hits: the list gets shorter. */
    private boolean isUseless(Entry entry, int slot) {
        int factor = search.landmarks().isCheckpoint(slot) && entry.state.lineage().branches() > 0 ? 64 : 3;
        return entry.misses > entry.hits * factor + factor;
    }

    private void drop(int list, @Nullable Entry previous, Entry entry) {
        if (previous == null) {
            table[list] = entry.next;
        } else {
            previous.next = entry.next;
        }
        if (entry.state.frame(0).register(0).isLive(Register.DONE) && !entry.state.lineage().isUsedAsLoopEntry()) {
            peak--;
        }
    }

    private void save(int list, int slot, State current) {
        total++;
        peak++;
        jumpsAtLast = search.jumps();
        instructionsAtLast = search.instructions();
        if (search.isBpfCapable()) {
            forgetPrecision(current);
        }
        State saved = current.copy();
        saved.lineage().setSlot(slot);
        Lineage lineage = current.lineage();
        lineage.setParent(saved);
        lineage.setFirstSlot(slot);
        lineage.setHistoryStart(lineage.historyEnd());
        lineage.setSearchDepth(saved.lineage().searchDepth() + 1);
        table[list] = new Entry(saved, table[list]);
        adopt(current, saved);
    }

    /** The registers of the current state get those of the saved one as parents. */
    private static void adopt(State current, State saved) {
        for (int f = 0; f <= current.depth(); f++) {
            current.frame(f).adopt(saved.frame(f), f == current.depth());
        }
    }

    /** What follows tells anew which numbers matter (mark_all_scalars_imprecise). */
    private static void forgetPrecision(State state) {
        for (int f = 0; f <= state.depth(); f++) {
            Frame frame = state.frame(f);
            for (int i = 0; i < Reg.R10.ordinal(); i++) {
                forgetPrecision(frame.register(i));
            }
            for (int i = 0; i < frame.slots(); i++) {
                if (frame.slot(i).isSpill()) {
                    forgetPrecision(frame.slot(i).spilled());
                }
            }
        }
    }

    private static void forgetPrecision(Register register) {
        if (register.value().isScalar()) {
            register.setPrecise(false);
        }
    }

    /** Saved states whose paths are all through get no more marks: what nobody read is dropped from them (clean_live_states). */
    private void cleanStates(int list, int slot, State current) {
        for (Entry entry = table[list]; entry != null; entry = entry.next) {
            State saved = entry.state;
            if (saved.lineage().branches() != 0) {
                continue;
            }
            State loopEntry = Loops.entryOf(saved);
            boolean openLoop = loopEntry != null && loopEntry.lineage().branches() != 0;
            if (!openLoop && saved.lineage().slot() == slot && saved.sameCallSites(current)
                    && !saved.frame(0).register(0).isLive(Register.DONE)) {
                for (int f = 0; f <= saved.depth(); f++) {
                    clean(saved.frame(f));
                }
            }
        }
    }

    private void clean(Frame frame) {
        for (int i = 0; i < Reg.R10.ordinal(); i++) {
            clean(frame.register(i));
        }
        for (int i = 0; i < frame.slots(); i++) {
            if (!clean(frame.slot(i).spilled())) {
                frame.slot(i).setTypes(0);
            }
        }
    }

    /** Whether the place was read. */
    private boolean clean(Register register) {
        boolean read = register.isLive(Register.READ);
        register.addLive(Register.DONE);
        if (!read) {
            register.set(Value.NOTHING, !search.isBpfCapable());
        }
        return read;
    }
}
