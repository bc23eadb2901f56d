package org.bpfz.verifier.call;

import java.util.Set;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.KfuncFlag;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;

/** Calls of kernel functions: whether the program may make them, with which arguments, and what they leave (check_kfunc_call). */
public final class KfuncCalls {
    static final String CAST_TO_KERN_CTX = "bpf_cast_to_kern_ctx";
    static final String RDONLY_CAST = "bpf_rdonly_cast";
    static final String OBJ_NEW = "bpf_obj_new_impl";
    static final String PERCPU_OBJ_NEW = "bpf_percpu_obj_new_impl";
    static final String OBJ_DROP = "bpf_obj_drop_impl";
    static final String PERCPU_OBJ_DROP = "bpf_percpu_obj_drop_impl";
    static final String REFCOUNT_ACQUIRE = "bpf_refcount_acquire_impl";
    static final String DYNPTR_FROM_SKB = "bpf_dynptr_from_skb";
    static final String DYNPTR_FROM_XDP = "bpf_dynptr_from_xdp";
    static final String DYNPTR_SLICE = "bpf_dynptr_slice";
    static final String DYNPTR_SLICE_RDWR = "bpf_dynptr_slice_rdwr";
    static final String DYNPTR_CLONE = "bpf_dynptr_clone";
    static final String ITER_CSS_TASK_NEW = "bpf_iter_css_task_new";
    private static final String RCU_READ_LOCK = "bpf_rcu_read_lock";
    private static final String RCU_READ_UNLOCK = "bpf_rcu_read_unlock";
    private static final String PREEMPT_DISABLE = "bpf_preempt_disable";
    private static final String PREEMPT_ENABLE = "bpf_preempt_enable";
    private static final String SESSION_COOKIE = "bpf_session_cookie";

    /** What leaves the function by another way than back; lists, trees and work queues are known by their arguments. */
    private static final Set<String> UNMODELLED = Set.of("bpf_throw");

    private final Search search;
    private final KernelFunctions functions;
    private final References references;
    private final Iterators iterators;
    private final KfuncArguments arguments;
    private final KfuncResults results;

    public KfuncCalls(Search search, MemoryAccess memory, KernelTypes types, KernelFunctions functions,
            References references) {
        this.search = search;
        this.functions = functions;
        this.references = references;
        iterators = new Iterators(search, memory, references);
        arguments = new KfuncArguments(search, memory, types, references, iterators);
        results = new KfuncResults(search, types, memory, references);
    }

    /** Whether the call may be made while a spin lock is held (is_bpf_graph_api_kfunc). */
    public boolean isForLockHolders(RawInstruction call) {
        KernelFunction function = functions.of(call);
        return function != null && (function.name().equals(REFCOUNT_ACQUIRE)
                || function.name().startsWith("bpf_list_") || function.name().startsWith("bpf_rbtree_"));
    }

    /** Refuses the call or carries it out. */
    public void check(RawInstruction call) {
        if (call.imm() == 0) {
            // The kernel lacks the function; it refuses the call when it translates the program, if a path comes to it.
            return;
        }
        KernelFunction function = functions.of(call);
        if (function == null) {
            throw new Rejection(Errno.EINVAL);
        }
        checkAllowed(function);
        search.notes().setIteratorNext(search.slot(), function.has(KfuncFlag.ITER_NEXT));
        KfuncFacts facts = new KfuncFacts(function);
        arguments.check(facts);
        if (function.name().equals(SESSION_COOKIE)) {
            facts.resultSize = Long.BYTES;
        }
        checkRcu(function);
        checkPreemption(function);
        if (facts.releasedRegister != 0
                && !references.release(search.value(facts.releasedRegister).refId())) {
            throw search.reject(Errno.EINVAL,
                    "kfunc " + function.label() + " reference has not been acquired before");
        }
        for (int i = 0; i <= Reg.R5.ordinal(); i++) {
            search.clear(search.register(i));
        }
        results.set(facts);
        markArgumentsRead(function);
        if (function.has(KfuncFlag.ITER_NEXT)) {
            iterators.advance(facts);
        }
    }

    private void checkAllowed(KernelFunction function) {
        if (function.row() == null) {
            throw search.reject(Errno.EACCES, "calling kernel function " + function.name() + " is not allowed");
        }
        if (UNMODELLED.contains(function.name())) {
            throw unmodelled(search, function);
        }
        if (function.has(KfuncFlag.DESTRUCTIVE) && !search.options().has(Capability.SYS_ADMIN)) {
            throw search.reject(Errno.EACCES, "destructive kfunc calls require CAP_SYS_BOOT capability");
        }
        if (function.has(KfuncFlag.SLEEPABLE) && !search.isSleepable()) {
            throw search.reject(Errno.EACCES, "program must be sleepable to call sleepable kfunc " + function.name());
        }
    }

    /** The refusal of what bpfz can't judge: never to be taken for the kernel's. */
    static RuntimeException unmodelled(Search search, KernelFunction function) {
        return search.reject(Errno.ENOTSUPP, "kernel function " + function.name() + " is not modelled");
    }

    private void checkRcu(KernelFunction function) {
        State state = search.state();
        boolean lock = function.name().equals(RCU_READ_LOCK);
        boolean unlock = function.name().equals(RCU_READ_UNLOCK);
        if (!state.isRcuLocked()) {
            if (unlock) {
                throw search.reject(Errno.EINVAL,
                        "unmatched rcu read unlock (kernel function " + function.name() + ")");
            }
            state.setRcuLocked(lock);
        } else if (lock) {
            throw search.reject(Errno.EINVAL, "nested rcu read lock (kernel function " + function.name() + ")");
        } else if (unlock) {
            state.forEachRegister(KfuncCalls::distrust, true);
            state.setRcuLocked(false);
        } else if (function.has(KfuncFlag.SLEEPABLE)) {
            throw search.reject(Errno.EACCES,
                    "kernel func " + function.name() + " is sleepable within rcu_read_lock region");
        }
    }

    /** Behind the section its objects may be gone. */
    private static void distrust(Register register) {
        Value value = register.value();
        if (value.type().has(Type.RCU)) {
            register.set(value.withType(value.type().without(Type.RCU | Type.MAYBE_NULL).with(Type.UNTRUSTED)));
        }
    }

    private void checkPreemption(KernelFunction function) {
        State state = search.state();
        if (function.name().equals(PREEMPT_DISABLE)) {
            state.setPreemptLocks(state.preemptLocks() + 1);
        } else if (function.name().equals(PREEMPT_ENABLE)) {
            if (state.preemptLocks() == 0) {
                throw search.reject(Errno.EINVAL,
                        "unmatched attempt to enable preemption (kernel function " + function.name() + ")");
            }
            state.setPreemptLocks(state.preemptLocks() - 1);
        } else if (state.preemptLocks() != 0 && function.has(KfuncFlag.SLEEPABLE)) {
            throw search.reject(Errno.EACCES,
                    "kernel func " + function.name() + " is sleepable within non-preemptible region");
        }
    }

    /** The function reads each argument with the width of its type (mark_btf_func_reg_size). */
    private void markArgumentsRead(KernelFunction function) {
        for (int i = 0; i < function.arguments(); i++) {
            BtfType type = function.typeOf(i);
            boolean wide = type instanceof BtfType.Ptr
                    || function.btf().sizeOf(function.argument(i).type()) == Long.BYTES;
            Register register = search.register(i + 1);
            search.liveness().markRead(register, register.parent(), wide ? Register.READ64 : Register.READ32);
        }
    }
}
