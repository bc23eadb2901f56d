package org.bpfz.verifier.search;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Reg;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.structure.Code;

/** Takes a demand for exact numbers back over single instructions, from what they wrote to what they made it of (backtrack_insn). */
final class BackwardSteps {
    private static final int ARGUMENTS = 0b11_1110;
    /** In {@link #concerned}: whatever is demanded, the instruction has to be looked at. */
    private static final int ALL = -1;

    private final Search search;
    private final History history;
    private final VerifierLog log;
    private final Demand demand;
    /** By slot: the registers without a demand for which the instruction changes nothing, one bit each. */
    private final int[] concerned;

    BackwardSteps(Search search, History history, Demand demand) {
        this.search = search;
        this.history = history;
        this.demand = demand;
        log = search.log();
        Code code = search.code();
        concerned = new int[code.length()];
        for (int i = 0; i < concerned.length; i++) {
            concerned[i] = concernedBy(code.at(i));
        }
    }

    private static int concernedBy(RawInstruction insn) {
        int dst = 1 << insn.dst();
        int src = 1 << insn.src();
        return switch (classOf(insn)) {
            case ALU, ALU64, LDX, ST -> dst;
            case STX -> isAtomicFetch(insn) ? insn.imm() == CMPXCHG ? 1 : src : dst;
            case JMP, JMP32 -> switch (operationOf(insn)) {
                case CALL, EXIT -> ALL;
                default -> hasRegisterSource(insn) ? dst | src : 0;
            };
            default -> ALL;
        };
    }

    /** Whether the step would neither change what is demanded nor be shown. */
    boolean isIdle(int slot, int entry) {
        int concerns = concerned[slot];
        if (concerns == ALL || (demand.registers(demand.frame()) & concerns) != 0 || log.isDetailed()) {
            return false;
        }
        if (entry < 0) {
            return true;
        }
        int flags = history.flagsAt(entry);
        boolean slotDemanded = (flags & History.STACK_ACCESS) != 0
                && demand.hasSlot(History.frameOf(flags), History.stackSlotOf(flags));
        return !slotDemanded && history.linksAt(entry).count() == 0;
    }

    /** Back over one instruction; false where it can't be followed (backtrack_insn). */
    boolean over(int slot, int subsequent, int entry) {
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
