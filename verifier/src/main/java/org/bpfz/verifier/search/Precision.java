package org.bpfz.verifier.search;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
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

    Precision(Search search, History history) {
        this.search = search;
        this.history = history;
        log = search.log();
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
        boolean skip = true;
        while (true) {
            if (log.isDetailed()) {
                log.line("mark_precise: frame" + demand.frame() + ": last_idx " + last + " first_idx " + first
                        + " subseq_idx " + subsequent + " ");
            }
            if (last < 0) {
                markArguments(state);
                return;
            }
            if (!throughStretch(state.lineage(), last, subsequent, skip)) {
                return;
            }
            skip = false;
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

    /** Back through the instructions between a saved state and what came after it; whether any demand is left. */
    private boolean throughStretch(Lineage lineage, int last, int firstSubsequent, boolean skipFirst) {
        int start = lineage.historyStart();
        int end = lineage.historyEnd();
        int subsequent = firstSubsequent;
        boolean skip = skipFirst;
        int slot = last;
        while (true) {
            if (!skip && !step(slot, subsequent, history.entryOf(start, end, slot))) {
                markEverything();
                return false;
            }
            skip = false;
            if (demand.isEmpty()) {
                return false;
            }
            subsequent = slot;
            int count = end - start;
            if (slot == lineage.firstSlot() && (count == 0 || (count == 1 && history.slotAt(start) == slot))) {
                return true;
            }
            int entry = history.entryOf(start, end, slot);
            if (entry >= 0) {
                slot = history.previousAt(entry);
                end--;
            } else {
                slot--;
            }
            if (slot < 0 || slot >= search.code().length()) {
                throw log.reject(Errno.EFAULT, "BUG backtracking idx " + slot);
            }
        }
    }

    private void mark(State state, int frameIndex) {
        Frame frame = state.frame(frameIndex);
        for (int i = 0; i < Integer.SIZE; i++) {
            if (demand.hasRegister(frameIndex, i) && isSatisfied(frame.register(i))) {
                demand.removeRegister(frameIndex, i);
            }
        }
        for (int i = 0; i < Long.SIZE; i++) {
            if (!demand.hasSlot(frameIndex, i)) {
                continue;
            }
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

    /** Back over one instruction; false where it can't be followed (backtrack_insn). */
    private boolean step(int slot, int subsequent, int entry) {
        RawInstruction insn = search.code().at(slot);
        if (insn.opcode() == 0) {
            return true;
        }
        if (log.isDetailed()) {
            log.print("mark_precise: frame" + demand.frame() + ": " + demand.describe(demand.frame()) + " before "
                    + slot + ": ");
            log.line(search.textOf(slot));
        }
        LinkedRegisters links = history.linksAt(entry);
        links.spread(demand);
        Step step = over(insn, slot, subsequent, history.flagsAt(entry));
        if (step == Step.LINKED) {
            links.spread(demand);
        }
        return step != Step.GIVE_UP;
    }

    /** How a step back over an instruction ended. */
    private enum Step {
        /** The demand is up to date. */
        DONE,
        /** Numbers linked with those demanded now are demanded too. */
        LINKED,
        /** It can't be told where the number came from. */
        GIVE_UP
    }

    private Step over(RawInstruction insn, int slot, int subsequent, int flags) {
        return switch (classOf(insn)) {
            case ALU, ALU64 -> demand.has(insn.dst()) ? overArithmetic(insn) : Step.DONE;
            case LDX -> demand.has(insn.dst()) ? overLoad(insn.dst(), flags) : Step.DONE;
            case STX, ST -> overStoreOrAtomic(insn, flags);
            case JMP, JMP32 -> overJump(insn, slot, subsequent, flags);
            default -> overImmediateOrPacketLoad(insn, slot, subsequent);
        };
    }

    private Step overStoreOrAtomic(RawInstruction insn, int flags) {
        if (isAtomicFetch(insn)) {
            int loaded = insn.imm() == CMPXCHG ? 0 : insn.src();
            return demand.has(loaded) ? overLoad(loaded, flags) : Step.DONE;
        }
        return demand.has(insn.dst()) ? Step.GIVE_UP : overStore(insn, flags);
    }

    private Step overArithmetic(RawInstruction insn) {
        int operation = operationOf(insn);
        if (operation == END || operation == NEG) {
            return Step.DONE;
        }
        if (operation == MOV) {
            demand.remove(insn.dst());
        }
        if (hasRegisterSource(insn) && insn.src() != Reg.R10.ordinal()) {
            demand.add(insn.src());
        }
        return Step.LINKED;
    }

    /** From the loaded register to the stack slot it came from, if it did. */
    private Step overLoad(int loaded, int flags) {
        demand.remove(loaded);
        if ((flags & History.STACK_ACCESS) == 0) {
            return Step.DONE;
        }
        demand.addSlot(History.frameOf(flags), History.stackSlotOf(flags));
        return Step.LINKED;
    }

    /** From the stack slot to the register that was stored, if the slot is demanded. */
    private Step overStore(RawInstruction insn, int flags) {
        if ((flags & History.STACK_ACCESS) == 0
                || !demand.hasSlot(History.frameOf(flags), History.stackSlotOf(flags))) {
            return Step.DONE;
        }
        demand.removeSlot(History.frameOf(flags), History.stackSlotOf(flags));
        if (classOf(insn) == STX) {
            demand.add(insn.src());
        }
        return Step.LINKED;
    }

    private Step overJump(RawInstruction insn, int slot, int subsequent, int flags) {
        if (isLocalCall(insn)) {
            overLocalCall(slot);
            return Step.DONE;
        }
        if (search.calls().callsBack(insn) && slot != subsequent - 1) {
            refuseUnless((demand.registers(demand.frame()) & ~ARGUMENTS) == 0);
            refuseSlots();
            for (int i = 1; i <= 5; i++) {
                demand.remove(i);
            }
            leave();
            return Step.DONE;
        }
        switch (operationOf(insn)) {
            case CALL -> {
                if (insn.src() == PSEUDO_KFUNC && insn.imm() == 0) {
                    return Step.GIVE_UP;
                }
                demand.remove(0);
                refuseUnless((demand.registers(demand.frame()) & ARGUMENTS) == 0);
            }
            case EXIT -> {
                overExit(subsequent);
                return Step.DONE;
            }
            default -> {
                if (hasRegisterSource(insn)) {
                    if (!demand.has(insn.dst()) && !demand.has(insn.src())) {
                        return Step.DONE;
                    }
                    if ((flags & History.RIGHT_IS_STACK) == 0) {
                        demand.add(insn.src());
                    }
                    if ((flags & History.LEFT_IS_STACK) == 0) {
                        demand.add(insn.dst());
                    }
                }
            }
        }
        return Step.LINKED;
    }

    private void overLocalCall(int slot) {
        int callee = search.subprograms().find(search.code().function(slot));
        if (search.subprograms().get(callee).isGlobal()) {
            refuseUnless((demand.registers(demand.frame()) & ARGUMENTS) == 0);
            demand.remove(0);
            return;
        }
        refuseUnless((demand.registers(demand.frame()) & ~ARGUMENTS) == 0);
        refuseSlots();
        for (int i = 1; i <= 5; i++) {
            if (demand.has(i)) {
                demand.remove(i);
                demand.addRegister(demand.frame() - 1, i);
            }
        }
        leave();
    }

    private void overExit(int subsequent) {
        boolean fromCall = subsequent >= 1 && isLocalCall(search.code().at(subsequent - 1));
        boolean result = fromCall && demand.has(0);
        refuseUnless(!fromCall || (demand.registers(demand.frame()) & ARGUMENTS) == 0);
        demand.remove(0);
        enter();
        if (result) {
            demand.add(0);
        }
    }

    private Step overImmediateOrPacketLoad(RawInstruction insn, int slot, int subsequent) {
        if (modeOf(insn) == IMM) {
            demand.remove(insn.dst());
            return Step.DONE;
        }
        if (!isPacketLoad(insn)) {
            return Step.LINKED;
        }
        if (demand.has(insn.dst())) {
            return Step.GIVE_UP;
        }
        if (subsequent != slot + 1) {
            enter();
        }
        return Step.DONE;
    }

    private void enter() {
        if (!demand.enter()) {
            throw log.reject(Errno.EFAULT, "BUG subprog enter from frame " + demand.frame());
        }
    }

    private void leave() {
        if (!demand.leave()) {
            throw log.reject(Errno.EFAULT, "BUG subprog exit from frame 0");
        }
    }

    private void refuseUnless(boolean holds) {
        if (!holds) {
            throw log.reject(Errno.EFAULT, "BUG regs " + Integer.toHexString(demand.registers(demand.frame())));
        }
    }

    private void refuseSlots() {
        if (demand.slots(demand.frame()) != 0) {
            throw log.reject(Errno.EFAULT, "BUG stack slots " + Long.toHexString(demand.slots(demand.frame())));
        }
    }
}
