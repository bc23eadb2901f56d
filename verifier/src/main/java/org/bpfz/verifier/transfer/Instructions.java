package org.bpfz.verifier.transfer;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.call.CallTraits;
import org.bpfz.verifier.call.Callbacks;
import org.bpfz.verifier.call.GlobalFunctions;
import org.bpfz.verifier.call.HelperCalls;
import org.bpfz.verifier.call.KernelFunctions;
import org.bpfz.verifier.call.KfuncCalls;
import org.bpfz.verifier.call.LocalCalls;
import org.bpfz.verifier.call.References;
import org.bpfz.verifier.call.ReturnChecks;
import org.bpfz.verifier.search.InstructionRules;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.structure.KernelVariables;

/** All rules together: each instruction goes to its family's (the switch of do_check). */
public final class Instructions implements InstructionRules {
    private static final int SPIN_UNLOCK = 94;

    private final Search search;
    private final Arithmetic arithmetic;
    private final Memory loadsAndStores;
    private final Comparisons comparisons;
    private final Immediates immediates;
    private final PacketLoads packetLoads;
    private final LocalCalls localCalls;
    private final HelperCalls helperCalls;
    private final KfuncCalls kfuncCalls;
    private final GlobalFunctions globals;
    private final References references;
    private final ReturnChecks returns;

    public Instructions(Search search, KernelTypes types, CallTraits traits, KernelFunctions functions,
            KernelVariables variables) {
        this.search = search;
        MemoryAccess memory = new MemoryAccess(search, types);
        Speculation speculation = new Speculation(search, memory);
        references = new References(search);
        arithmetic = new Arithmetic(search, memory, speculation);
        loadsAndStores = new Memory(search, memory);
        comparisons = new Comparisons(search, speculation);
        immediates = new Immediates(search, variables);
        globals = new GlobalFunctions(search, memory, types, references);
        localCalls = new LocalCalls(search, globals);
        packetLoads = new PacketLoads(search, memory, references, localCalls);
        helperCalls = new HelperCalls(search, memory, types, traits, references,
                new Callbacks(search, localCalls, types));
        kfuncCalls = new KfuncCalls(search, memory, types, functions, references);
        returns = new ReturnChecks(search);
    }

    /** Functions by their prototypes. */
    public GlobalFunctions globals() {
        return globals;
    }

    @Override
    public Next apply(RawInstruction insn) {
        switch (classOf(insn)) {
            case ALU, ALU64 -> arithmetic.check(insn);
            case LDX -> loadsAndStores.load(insn);
            case STX -> loadsAndStores.storeRegister(insn);
            case ST -> loadsAndStores.storeImmediate(insn);
            case JMP, JMP32 -> {
                return jump(insn);
            }
            default -> load(insn);
        }
        return Next.FOLLOWING;
    }

    private void load(RawInstruction insn) {
        switch (modeOf(insn)) {
            case ABS, IND -> packetLoads.check(insn);
            case IMM -> immediates.check(insn);
            default -> throw search.reject(Errno.EINVAL, "invalid BPF_LD mode");
        }
    }

    private Next jump(RawInstruction insn) {
        search.countJump();
        switch (operationOf(insn)) {
            case CALL -> call(insn);
            case JA -> {
                return goTo(insn);
            }
            case EXIT -> {
                return exit(insn);
            }
            default -> comparisons.check(insn);
        }
        return Next.FOLLOWING;
    }

    private void call(RawInstruction insn) {
        boolean kfunc = insn.src() == PSEUDO_KFUNC;
        if (hasRegisterSource(insn) || (!kfunc && insn.offset() != 0) || insn.src() > PSEUDO_KFUNC || insn.dst() != 0
                || classOf(insn) == JMP32) {
            throw search.reject(Errno.EINVAL, "BPF_CALL uses reserved fields");
        }
        boolean whileLocked = (insn.src() == 0 && insn.imm() != SPIN_UNLOCK)
                || (kfunc && !kfuncCalls.isForLockHolders(insn));
        if (search.state().lock() != null && whileLocked) {
            throw search.reject(Errno.EINVAL, "function calls are not allowed while holding a lock");
        }
        if (insn.src() == PSEUDO_CALL) {
            localCalls.call();
        } else if (kfunc) {
            kfuncCalls.check(insn);
        } else {
            helperCalls.check(insn);
        }
        search.printer().touch(0);
    }

    private Next goTo(RawInstruction insn) {
        boolean wide = classOf(insn) == JMP32;
        if (hasRegisterSource(insn) || insn.src() != 0 || insn.dst() != 0 || (wide ? insn.offset() : insn.imm()) != 0) {
            throw search.reject(Errno.EINVAL, "BPF_JA uses reserved fields");
        }
        search.setSlot(search.code().target(search.slot()));
        return Next.HERE;
    }

    private Next exit(RawInstruction insn) {
        if (hasRegisterSource(insn) || insn.imm() != 0 || insn.src() != 0 || insn.dst() != 0
                || classOf(insn) == JMP32) {
            throw search.reject(Errno.EINVAL, "BPF_EXIT uses reserved fields");
        }
        State state = search.state();
        if (state.depth() == 0) {
            checkNothingHeld(state);
        }
        references.checkLeak(false);
        if (state.depth() > 0) {
            localCalls.leave();
            return Next.CALLER;
        }
        returns.check(0);
        return Next.NOWHERE;
    }

    private void checkNothingHeld(State state) {
        if (state.lock() != null) {
            throw search.reject(Errno.EINVAL, "bpf_spin_unlock is missing");
        }
        if (state.isRcuLocked()) {
            throw search.reject(Errno.EINVAL, "bpf_rcu_read_unlock is missing");
        }
        int preempt = state.preemptLocks();
        if (preempt != 0) {
            throw search.reject(Errno.EINVAL,
                    preempt + " bpf_preempt_enable" + (preempt == 1 ? " is" : "(s) are") + " missing");
        }
    }
}
