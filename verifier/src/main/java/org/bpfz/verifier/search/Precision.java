package org.bpfz.verifier.search;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.Reg;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Lineage;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Value;

/**
 * Tracks back which numbers have to be known exactly (__mark_chain_precision).
 *
 * <p>A number is imprecise until something depends on its value: then the search goes back instruction by instruction, from the register
 * to those it was made of, and marks it precise in each saved state on the way, until a constant made it or all marks are there already.
 * States saved with imprecise numbers cover many more states.
 */
public final class Precision {
    private static final int ARGUMENTS = 0b11_1110;
    private static final int NO_SLOT = -1;

    private final Search search;
    private final History history;
    private final VerifierLog log;
    private final Demand demand = new Demand();
    private final BackwardSteps steps;
    private final TrackedStretch tracked = new TrackedStretch();

    Precision(Search search, History history) {
        this.search = search;
        this.history = history;
        log = search.log();
        steps = new BackwardSteps(search, history, demand);
    }

    /** The register's number matters from here on back (mark_chain_precision). */
    public void require(int register) {
        if (!search.isBpfCapable()) {
            return;
        }
        demand.begin(search.state().depth());
        if (!search.state().register(register).value().isScalar()) {
            throw new Rejection(Errno.EFAULT);
        }
        demand.add(register);
        trackBack();
    }

    /** A path ends at a saved state that covers it: what that state needs precisely, this one needs too (propagate_precision). */
    void propagate(State from) {
        for (int f = from.depth(); f >= 0; f--) {
            boolean any = false;
            Frame frame = from.frame(f);
            for (int i = 0; i < Reg.R10.ordinal(); i++) {
                if (isNeeded(frame.register(i))) {
                    announce(any, f, "r" + i);
                    demand.addRegister(f, i);
                    any = true;
                }
            }
            for (int i = 0; i < frame.slots(); i++) {
                if (frame.slot(i).isSpill() && isNeeded(frame.slot(i).spilled())) {
                    announce(any, f, "fp" + -(i + 1) * 8);
                    demand.addSlot(f, i);
                    any = true;
                }
            }
            if (any && log.isOn()) {
                log.print('\n');
            }
        }
        if (search.isBpfCapable()) {
            demand.begin(search.state().depth());
            trackBack();
        } else {
            demand.reset();
        }
    }

    private static boolean isNeeded(Register register) {
        return register.value().isScalar() && register.isPrecise() && register.isLive(Register.READ);
    }

    private void announce(boolean any, int frame, String place) {
        if (log.isDetailed()) {
            log.print(any ? "," : "frame " + frame + ": propagating ").print(place);
        }
    }

    private void trackBack() {
        if (demand.isEmpty()) {
            return;
        }
        State state = search.state();
        int first = state.lineage().firstSlot();
        int last = search.slot();
        int subsequent = NO_SLOT;
        boolean current = true;
        tracked.begin(state);
        while (true) {
            if (log.isDetailed()) {
                log.line("mark_precise: frame" + demand.frame() + ": last_idx " + last + " first_idx " + first
                        + " subseq_idx " + subsequent + " ");
            }
            if (last < 0) {
                markArguments(state);
                return;
            }
            if (!throughStretch(state.lineage(), last, subsequent, current)) {
                return;
            }
            current = false;
            State parent = state.lineage().parent();
            if (parent == null) {
                break;
            }
            state = parent;
            for (int f = demand.frame(); f >= 0; f--) {
                mark(state, f);
            }
            if (demand.isEmpty()) {
                return;
            }
            subsequent = first;
            last = state.lineage().lastSlot();
            first = state.lineage().firstSlot();
        }
        if (!demand.isEmpty()) {
            markEverything();
        }
    }

    /** At the entry of a global function only its arguments are left: they are any numbers, and now precise ones. */
    private void markArguments(State state) {
        Frame entry = state.frame(0);
        boolean isEntry = state.depth() == 0 && entry.subprogram() > 0 && entry.callSite() == Frame.NO_CALLER;
        if (!isEntry || demand.slots(demand.frame()) != 0 || (demand.registers(demand.frame()) & ~ARGUMENTS) != 0) {
            throw log.reject(Errno.EFAULT, "BUG backtracking func entry subprog " + entry.subprogram() + " reg_mask "
                    + Integer.toHexString(demand.registers(demand.frame())) + " stack_mask "
                    + Long.toHexString(demand.slots(demand.frame())));
        }
        for (int i = 1; i <= 5; i++) {
            if (demand.has(i)) {
                demand.remove(i);
                if (entry.register(i).value().isScalar()) {
                    entry.register(i).setPrecise(true);
                }
            }
        }
    }

    /**
     * Back through the instructions between a saved state and what came after it; whether any demand is left.
     *
     * @param current whether that is the stretch that the path is on: its last instruction is the one that demands, and what was tracked back
     *                before need not be again, unless all of it is shown
     */
    private boolean throughStretch(Lineage lineage, int last, int firstSubsequent, boolean current) {
        int start = lineage.historyStart();
        int end = lineage.historyEnd();
        int first = lineage.firstSlot();
        int subsequent = firstSubsequent;
        boolean remember = current && !log.isDetailed();
        boolean skip = current;
        int slot = last;
        while (true) {
            if (remember && !skip && tracked.covers(slot, end, demand)) {
                demand.reset();
                return false;
            }
            int entry = history.entryOf(start, end, slot);
            if (!skip && !steps.isIdle(slot, entry)) {
                if (!steps.over(slot, subsequent, entry)) {
                    markEverything();
                    return false;
                }
                if (demand.isEmpty()) {
                    return false;
                }
            }
            subsequent = slot;
            int count = end - start;
            if (slot == first && (count == 0 || (count == 1 && history.slotAt(start) == slot))) {
                return true;
            }
            if (entry >= 0) {
                slot = history.previousAt(entry);
                end--;
            } else {
                slot--;
            }
            if (slot < 0 || slot >= search.code().length()) {
                throw log.reject(Errno.EFAULT, "BUG backtracking idx " + slot);
            }
            if (remember && skip) {
                tracked.start(slot, end, demand);
            }
            skip = false;
        }
    }

    private void mark(State state, int frameIndex) {
        Frame frame = state.frame(frameIndex);
        for (int left = demand.registers(frameIndex); left != 0; left &= left - 1) {
            int i = Integer.numberOfTrailingZeros(left);
            if (isSatisfied(frame.register(i))) {
                demand.removeRegister(frameIndex, i);
            }
        }
        for (long left = demand.slots(frameIndex); left != 0; left &= left - 1) {
            int i = Long.numberOfTrailingZeros(left);
            if (i >= frame.slots()) {
                throw log.reject(Errno.EFAULT,
                        "BUG backtracking (stack slot " + i + ", total slots " + frame.slots() + ")");
            }
            if (!frame.slot(i).isScalarSpill() || isSatisfied(frame.slot(i).spilled())) {
                demand.removeSlot(frameIndex, i);
            }
        }
        if (log.isDetailed()) {
            log.print("mark_precise: frame" + frameIndex + ": parent state " + demand.describe(frameIndex) + ": ");
            search.printer().printAll(frame);
        }
    }

    /** Marks a number precise; true where there is nothing to go back for: no number, or precise already. */
    private static boolean isSatisfied(Register register) {
        if (!register.value().isScalar() || register.isPrecise()) {
            return true;
        }
        register.setPrecise(true);
        return false;
    }

    /** Gives up: every number in every ancestor is precise (mark_all_scalars_precise). */
    private void markEverything() {
        if (log.isDetailed()) {
            log.line("mark_precise: frame" + search.state().depth() + ": falling back to forcing all scalars precise");
        }
        for (State s = search.state().lineage().parent(); s != null; s = s.lineage().parent()) {
            for (int f = 0; f <= s.depth(); f++) {
                Frame frame = s.frame(f);
                for (int i = 0; i < Reg.R10.ordinal(); i++) {
                    force(frame.register(i), f, "r" + i);
                }
                for (int i = 0; i < frame.slots(); i++) {
                    if (frame.slot(i).isSpill()) {
                        force(frame.slot(i).spilled(), f, "fp" + -(i + 1) * 8);
                    }
                }
            }
        }
        demand.reset();
    }

    private void force(Register register, int frame, String place) {
        Value value = register.value();
        if (value.isScalar() && !register.isPrecise()) {
            register.setPrecise(true);
            if (log.isDetailed()) {
                log.line("force_precise: frame" + frame + ": forcing " + place + " to be precise");
            }
        }
    }
}
