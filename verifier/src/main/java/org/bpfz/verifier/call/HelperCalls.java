package org.bpfz.verifier.call;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.program.ArgKind;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapRule;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.access.Access;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.DynptrKind;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/** Calls of helpers: whether the program may make them, with which arguments, and what they leave (check_helper_call). */
public final class HelperCalls {
    private final Search search;
    private final MemoryAccess memory;
    private final CallTraits traits;
    private final Arguments arguments;
    private final ArgumentRule.Cache rules = new ArgumentRule.Cache();
    private final Dynptrs dynptrs;
    private final References references;
    private final Callbacks callbacks;
    private final HelperResults results;

    public HelperCalls(Search search, MemoryAccess memory, KernelTypes types, CallTraits traits, References references,
            Callbacks callbacks) {
        this.search = search;
        this.memory = memory;
        this.traits = traits;
        this.references = references;
        this.callbacks = callbacks;
        dynptrs = new Dynptrs(search, memory, references);
        ArgumentTypes argumentTypes = new ArgumentTypes(search, memory, types);
        arguments = new Arguments(search, memory, types, argumentTypes, dynptrs, new Locks(search, types));
        results = new HelperResults(search, types, references);
    }

    /** Refuses the call or carries it out. */
    public void check(RawInstruction call) {
        HelperPrototype prototype = allowed(call.imm());
        int helper = prototype.number();
        CallFacts facts = new CallFacts(helper, prototype.pktAccess());
        List<ArgumentRule> rulesOfCall = rules.of(prototype);
        for (int i = 0; i < rulesOfCall.size(); i++) {
            arguments.check(i + 1, rulesOfCall.get(i), i == 0 ? null : rulesOfCall.get(i - 1), facts);
        }
        recordMap(helper, facts);
        recordIndex(helper, facts);
        for (int i = 0; i < facts.rawSize; i++) {
            memory.check(Access.store(facts.rawRegister, i, 1));
        }
        if (facts.releasedRegister != 0) {
            release(prototype, rulesOfCall.get(facts.releasedRegister - 1), facts);
        }
        boolean writesPacket = checkSpecial(helper, facts);
        search.clearCallerSaved(search.state().frame());
        results.set(prototype, facts);
        checkMapType(prototype, facts.map);
        if (helper == HelperId.GET_FUNC_IP) {
            checkFunctionAddress(prototype);
        }
        if (writesPacket || traits.changesPacketData(helper)) {
            forgetPackets(search);
        }
    }

    private HelperPrototype allowed(int number) {
        if (!traits.exists(number)) {
            throw search.reject(Errno.EINVAL, "invalid func unknown#" + number);
        }
        String what = traits.name(number) + "#" + number;
        HelperPrototype prototype = traits.prototype(number);
        if (prototype == null) {
            throw search.reject(Errno.EINVAL, "program of this type cannot use helper " + what);
        }
        if (!search.image().isGplCompatible() && prototype.gplOnly()) {
            throw search.reject(Errno.EINVAL, "cannot call GPL-restricted function from non-GPL compatible program");
        }
        if (prototype.restriction() != null && !prototype.restriction().permits(search.traits())) {
            throw search.reject(Errno.EINVAL, "helper call is not allowed in probe");
        }
        if (prototype.mightSleep() && !search.isSleepable()) {
            throw search.reject(Errno.EINVAL, "helper call might sleep in a non-sleepable prog");
        }
        if (prototype.mightSleep() && search.state().isRcuLocked()) {
            throw search.reject(Errno.EINVAL, "sleepable helper " + what + " in rcu_read_lock region");
        }
        if (prototype.mightSleep() && search.state().preemptLocks() != 0) {
            throw search.reject(Errno.EINVAL, "sleepable helper " + what + " in non-preemptible region");
        }
        return prototype;
    }

    /** Helpers that change a map must not get one that programs may only read (record_func_map). */
    private void recordMap(int helper, CallFacts facts) {
        MapObject map = facts.map;
        if (!HelperId.usesMap(helper) || map == null) {
            return;
        }
        boolean writes = helper == HelperId.MAP_DELETE_ELEM || helper == HelperId.MAP_UPDATE_ELEM
                || helper == HelperId.MAP_PUSH_ELEM || helper == HelperId.MAP_POP_ELEM;
        if (writes && map.spec().has(MapFlag.RDONLY_PROG)) {
            throw search.reject(Errno.EACCES, "write into map forbidden");
        }
        search.notes().setCalledMap(search.slot(), map);
    }

    /** The index of a tail call matters where it is a constant (record_func_key). */
    private void recordIndex(int helper, CallFacts facts) {
        if (helper != HelperId.TAIL_CALL || facts.map == null) {
            return;
        }
        Value index = search.value(Reg.R3.ordinal());
        if (facts.map.type() != MapType.PROG_ARRAY) {
            throw search.reject(Errno.EINVAL, "kernel subsystem misconfigured verifier");
        }
        if (index.isKnownScalar() && Long.compareUnsigned(index.number().bits().value(),
                Integer.toUnsignedLong(facts.map.spec().maxEntries())) < 0) {
            search.precision().require(Reg.R3.ordinal());
        }
    }

    private void release(HelperPrototype prototype, ArgumentRule rule, CallFacts facts) {
        Value released = search.value(facts.releasedRegister);
        boolean done;
        if (rule.kind() == ArgKind.PTR_TO_DYNPTR) {
            dynptrs.release(released);
            done = true;
        } else if (facts.helper == HelperId.KPTR_XCHG && facts.refId != 0) {
            done = giveAway(facts.refId);
        } else if (facts.refId != 0) {
            done = references.release(facts.refId);
        } else {
            done = released.isNull();
        }
        if (!done) {
            throw search.reject(Errno.EINVAL, "func " + prototype.name() + "#" + prototype.number()
                    + " reference has not been acquired before");
        }
    }

    /** An object that goes into a map: inside of an RCU section a per-CPU one stays usable. */
    private boolean giveAway(int reference) {
        boolean rcu = search.isRcuProtected();
        if (!search.state().frame().release(reference)) {
            return false;
        }
        search.state().forEachRegister(register -> {
            Value value = register.value();
            if (value.refId() != reference) {
                return;
            }
            if (rcu && value.type().has(Type.ALLOC) && value.type().has(Type.PERCPU)) {
                register.set(value.withRefId(0).withType(value.type().without(Type.ALLOC).with(Type.RCU)));
            } else {
                search.invalidate(register);
            }
        });
        return true;
    }

    /** What single helpers ask for; whether the call may move the packet. */
    private boolean checkSpecial(int helper, CallFacts facts) {
        switch (helper) {
            case HelperId.TAIL_CALL -> checkTailCall();
            case HelperId.GET_LOCAL_STORAGE -> {
                if (!search.value(Reg.R2.ordinal()).isNull()) {
                    throw search.reject(Errno.EINVAL, "get_local_storage() doesn't support non-zero flags");
                }
                search.precision().require(Reg.R2.ordinal());
            }
            case HelperId.FOR_EACH_MAP_ELEM, HelperId.TIMER_SET_CALLBACK, HelperId.FIND_VMA,
                    HelperId.USER_RINGBUF_DRAIN ->
                callbacks.push(helper, facts.callback);
            case HelperId.LOOP -> callbacks.loop(facts.callback);
            case HelperId.SNPRINTF -> Formats.checkSnprintf(search);
            case HelperId.DYNPTR_FROM_MEM -> {
                Type type = search.value(Reg.R1.ordinal()).type();
                if (!type.is(Kind.MAP_VALUE)) {
                    throw search.reject(Errno.EACCES, "Unsupported reg type " + type + " for bpf_dynptr_from_mem data");
                }
            }
            case HelperId.DYNPTR_DATA -> {
                Value dynptr = search.value(Reg.R1.ordinal());
                facts.dynptrId = dynptrs.idOf(dynptr);
                facts.refId = dynptrs.referenceOf(dynptr);
            }
            case HelperId.DYNPTR_WRITE -> {
                return dynptrs.kindOf(search.value(Reg.R1.ordinal())) == DynptrKind.SKB;
            }
            default -> {
            }
        }
        return false;
    }

    private void checkTailCall() {
        State state = search.state();
        if (state.lock() != null) {
            throw search.reject(Errno.EINVAL, "tail_call cannot be used inside bpf_spin_lock-ed region");
        }
        try {
            references.checkLeak(false);
        } catch (Rejection rejection) {
            throw search.reject(rejection.errno(), "tail_call would lead to reference leak");
        }
        if (state.isRcuLocked()) {
            throw search.reject(Errno.EINVAL, "tail_call cannot be used inside bpf_rcu_read_lock-ed region");
        }
        if (state.preemptLocks() != 0) {
            throw search.reject(Errno.EINVAL, "tail_call cannot be used inside bpf_preempt_disable-ed region");
        }
    }

    private void checkMapType(HelperPrototype prototype, @Nullable MapObject map) {
        if (map == null) {
            return;
        }
        MapType type = map.type();
        if (MapRule.of(type).goesInto(prototype, search.traits())) {
            return;
        }
        boolean update = prototype.number() == HelperId.MAP_UPDATE_ELEM
                || prototype.number() == HelperId.MAP_DELETE_ELEM;
        if (update && (type == MapType.SOCKMAP || type == MapType.SOCKHASH)) {
            search.log().line("cannot update sockmap in this context");
        }
        throw search.reject(Errno.EINVAL,
                "cannot pass map_type " + type.number() + " into func " + prototype.name() + "#"
                        + prototype.number());
    }

    private void checkFunctionAddress(HelperPrototype prototype) {
        ProgramType type = search.programType();
        if (type != ProgramType.TRACING && type != ProgramType.KPROBE) {
            throw search.reject(Errno.ENOTSUPP, "func " + prototype.name() + "#" + prototype.number()
                    + " not supported for program type " + type.number());
        }
    }

    /** No pointer into the packet stays (clear_all_pkt_pointers). */
    static void forgetPackets(Search search) {
        search.state().forEachRegister(register -> forgetPacket(search, register));
    }

    private static void forgetPacket(Search search, Register register) {
        Type type = register.value().type();
        boolean packet = type.kind().isPacketData() || type.is(Kind.PACKET_END);
        boolean slice = type.kind() == Kind.MEM && type.has(Type.DYNPTR_SKB | Type.DYNPTR_XDP);
        if (packet || slice) {
            search.invalidate(register);
        }
    }
}
