package org.bpfz.verifier.transfer;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.call.LocalCalls;
import org.bpfz.verifier.call.References;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Value;

/** Legacy packet loads: R6 must be the context, and a load outside of the packet ends the function with 0 (check_ld_abs). */
final class PacketLoads {
    private static final int CONTEXT = 6;

    private final Search search;
    private final MemoryAccess memory;
    private final References references;
    private final LocalCalls calls;

    PacketLoads(Search search, MemoryAccess memory, References references, LocalCalls calls) {
        this.search = search;
        this.memory = memory;
        this.references = references;
        this.calls = calls;
    }

    void check(RawInstruction insn) {
        ProgramType type = search.programType();
        if (type != ProgramType.SOCKET_FILTER && type != ProgramType.SCHED_CLS && type != ProgramType.SCHED_ACT) {
            throw search.reject(Errno.EINVAL, "BPF_LD_[ABS|IND] instructions not allowed for this program type");
        }
        State state = search.state();
        for (int i = state.depth(); i > 0; i--) {
            if (state.frame(i).isCallback()) {
                throw search.reject(Errno.EINVAL, "cannot use BPF_LD_[ABS|IND] within callback");
            }
        }
        boolean indirect = modeOf(insn) == IND;
        if (insn.dst() != 0 || insn.offset() != 0 || sizeOf(insn) == DW || (!indirect && insn.src() != 0)) {
            throw search.reject(Errno.EINVAL, "BPF_LD_[ABS|IND] uses reserved fields");
        }
        Value context = search.read(CONTEXT).value();
        checkNothingHeld(state);
        if (!context.is(Kind.CTX)) {
            throw search.reject(Errno.EINVAL, "at the time of BPF_LD_ABS|IND R6 != pointer to skb");
        }
        if (indirect) {
            search.read(insn.src());
        }
        memory.bounds().checkOffset(context, CONTEXT, false);
        search.clearCallerSaved(state.frame());
        search.forget(state.register(0));
        if (state.depth() > 0) {
            search.printer().touch(0);
            search.pushLater(search.slot() + 1, search.slot(), false);
            state.register(0).set(Value.constant(0));
            calls.leave();
            search.setSlot(search.slot() - 1);
        }
    }

    private void checkNothingHeld(State state) {
        try {
            references.checkLeak(false);
        } catch (Rejection rejection) {
            throw search.reject(rejection.errno(), "BPF_LD_[ABS|IND] cannot be mixed with socket references");
        }
        String held = state.lock() != null
                ? "bpf_spin_lock-ed"
                : state.isRcuLocked()
                        ? "bpf_rcu_read_lock-ed"
                        : state.preemptLocks() != 0 ? "bpf_preempt_disable-ed" : null;
        if (held != null) {
            throw search.reject(Errno.EINVAL, "BPF_LD_[ABS|IND] cannot be used inside " + held + " region");
        }
    }
}
