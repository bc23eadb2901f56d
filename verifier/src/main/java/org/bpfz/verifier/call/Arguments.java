package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.spec.program.ArgKind;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapType;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.access.Limits;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.access.RawMemory;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/** Each argument of a helper is what the prototype says (check_func_arg). */
final class Arguments {
    private final Search search;
    private final MemoryAccess memory;
    private final ArgumentTypes types;
    private final Dynptrs dynptrs;
    private final Locks locks;
    private final KernelTypes kernelTypes;

    Arguments(Search search, MemoryAccess memory, KernelTypes kernelTypes, ArgumentTypes types, Dynptrs dynptrs,
            Locks locks) {
        this.search = search;
        this.memory = memory;
        this.kernelTypes = kernelTypes;
        this.types = types;
        this.dynptrs = dynptrs;
        this.locks = locks;
    }

    /**
     * Refuses the argument or takes note of what it tells.
     *
     * @param before the rule of the argument before, or null
     */
    void check(int register, ArgumentRule given, @Nullable ArgumentRule before, CallFacts facts) {
        Value value = search.read(register).value();
        if (given.kind() == ArgKind.ANYTHING) {
            if (search.isSecret(value)) {
                throw search.reject(Errno.EACCES, "R" + register + " leaks addr into helper function");
            }
            search.exposeIfStack(value);
            return;
        }
        if (value.kind().isPacketData() && !memory.packets().mayPass(facts.takesPackets)) {
            throw search.reject(Errno.EACCES, "helper access to the packet is not allowed");
        }
        ArgumentRule rule = given.kind() == ArgKind.PTR_TO_MAP_VALUE ? resolveMapValue(given, facts) : given;
        if (value.isNull() && rule.has(Type.MAYBE_NULL)) {
            search.precision().require(register);
        } else {
            types.check(register, rule, facts);
            types.checkOffset(value, register, rule.has(ArgumentRule.RELEASE), rule.kind() == ArgKind.PTR_TO_DYNPTR);
        }
        if (rule.has(ArgumentRule.RELEASE)) {
            noteRelease(register, value, rule, facts);
        }
        if (value.refId() != 0 && rule.kind() != ArgKind.KPTR_XCHG_DEST) {
            if (facts.refId != 0) {
                throw search.reject(Errno.EFAULT,
                        "verifier internal error: more than one arg with ref_obj_id R" + register
                                + " " + value.refId() + " " + facts.refId);
            }
            facts.refId = value.refId();
        }
        checkByKind(register, value, rule, before, facts);
    }

    /** What a map value is depends on the map (resolve_map_arg_type). */
    private ArgumentRule resolveMapValue(ArgumentRule rule, CallFacts facts) {
        if (facts.map == null) {
            throw search.reject(Errno.EACCES, "invalid map_ptr to access map->type");
        }
        MapType type = facts.map.type();
        if (type == MapType.SOCKMAP || type == MapType.SOCKHASH) {
            if (rule.flags() != 0) {
                throw search.reject(Errno.EINVAL, "invalid arg_type for sockmap/sockhash");
            }
            return rule.withKind(ArgKind.PTR_TO_BTF_ID_SOCK_COMMON);
        }
        boolean bloomPeek = type == MapType.BLOOM_FILTER && facts.helper == HelperId.MAP_PEEK_ELEM;
        return bloomPeek ? new ArgumentRule(ArgKind.PTR_TO_MAP_VALUE, 0, 0, null) : rule;
    }

    private void noteRelease(int register, Value value, ArgumentRule rule, CallFacts facts) {
        if (rule.kind() == ArgKind.PTR_TO_DYNPTR) {
            dynptrs.checkReleasable(register, value);
        } else if (value.refId() == 0 && !value.isNull()) {
            throw search.reject(Errno.EINVAL, "R" + register + " must be referenced when passed to release function");
        }
        if (facts.releasedRegister != 0) {
            throw search.reject(Errno.EFAULT, "verifier internal error: more than one release argument");
        }
        facts.releasedRegister = register;
    }

    private void checkByKind(int register, Value value, ArgumentRule rule, @Nullable ArgumentRule before,
            CallFacts facts) {
        switch (rule.kind()) {
            case CONST_MAP_PTR -> noteMap(value, facts);
            case PTR_TO_MAP_KEY -> memory.checkHelper(register, mapOf(facts, "key").keySize(), false, false, null);
            case PTR_TO_MAP_VALUE -> {
                if (!(rule.has(Type.MAYBE_NULL) && value.isNull())) {
                    MapObject map = mapOf(facts, "value");
                    facts.raw = rule.has(ArgumentRule.UNINIT);
                    memory.checkHelper(register, map.valueSize(), rule.has(ArgumentRule.WRITE), false, facts);
                }
            }
            case PTR_TO_PERCPU_BTF_ID -> {
                if (value.typeId() == 0) {
                    throw search.reject(Errno.EACCES, "Helper has invalid btf_id in R" + register);
                }
                facts.resultBtf = value.btf();
                facts.resultType = value.typeId();
            }
            case PTR_TO_SPIN_LOCK -> locks.spinLock(register, facts.helper == HelperId.SPIN_LOCK);
            case PTR_TO_TIMER -> locks.timer(register, facts);
            case PTR_TO_FUNC -> facts.callback = ((Payload.OfFunction) value.payload()).subprogram();
            case PTR_TO_MEM -> checkMemory(register, value, rule, facts);
            case CONST_SIZE, CONST_SIZE_OR_ZERO -> {
                boolean write = before != null && before.has(ArgumentRule.WRITE);
                checkSize(register, write, rule.kind() == ArgKind.CONST_SIZE_OR_ZERO, facts);
            }
            case PTR_TO_DYNPTR -> dynptrs.pass(register, rule.flags(), 0);
            case CONST_ALLOC_SIZE_OR_ZERO -> {
                if (!value.number().isConstant()) {
                    throw search.reject(Errno.EACCES, "R" + register + " is not a known constant'");
                }
                facts.allocatedSize = value.number().bits().value();
                search.precision().require(register);
            }
            case PTR_TO_CONST_STR -> checkConstantString(register, value);
            case KPTR_XCHG_DEST -> locks.kptrDestination(register, facts, kernelTypes);
            default -> {
            }
        }
    }

    private void noteMap(Value value, CallFacts facts) {
        if (facts.map != null && (facts.map != value.map() || facts.mapUid != value.mapUid())) {
            throw search.reject(Errno.EINVAL, "timer pointer in R1 map_uid=" + facts.mapUid
                    + " doesn't match map pointer in R2 map_uid=" + value.mapUid());
        }
        facts.map = value.map();
        facts.mapUid = value.mapUid();
    }

    private MapObject mapOf(CallFacts facts, String what) {
        if (facts.map == null) {
            throw search.reject(Errno.EACCES, "invalid map_ptr to access map->" + what);
        }
        return facts.map;
    }

    private void checkMemory(int register, Value value, ArgumentRule rule, CallFacts facts) {
        facts.raw = rule.has(ArgumentRule.UNINIT);
        if (rule.has(ArgumentRule.FIXED_SIZE)) {
            memory.checkHelper(register, rule.size(), rule.has(ArgumentRule.WRITE), false, facts);
            if (rule.has(ArgumentRule.ALIGNED)) {
                memory.alignment().check(value, 0, rule.size(), true);
            }
        }
    }

    /** A size, and with it the memory of the argument before (check_mem_size_reg). */
    void checkSize(int register, boolean write, boolean zeroAllowed, CallFacts facts) {
        Scalar number = search.value(register).number();
        facts.maxSize = number.wide().umax();
        RawMemory raw = number.isConstant() ? facts : null;
        if (number.wide().smin() < 0) {
            throw search.reject(Errno.EACCES,
                    "R" + register + " min value is negative, either use unsigned or 'var &= const'");
        }
        if (number.wide().umin() == 0 && !zeroAllowed) {
            throw search.reject(Errno.EACCES,
                    "R" + register + " invalid zero-sized read: u64=[" + number.wide().umin() + ","
                            + number.wide().umax() + "]");
        }
        if (Long.compareUnsigned(number.wide().umax(), Limits.MAX_SIZE) >= 0) {
            throw search.reject(Errno.EACCES,
                    "R" + register + " unbounded memory access, use 'var &= const' or 'if (var < const)'");
        }
        memory.checkHelper(register - 1, (int) number.wide().umax(), write, zeroAllowed, raw);
        search.precision().require(register);
    }

    /** A string that can't change and ends (check_reg_const_str). */
    void checkConstantString(int register, Value value) {
        if (!value.is(Kind.MAP_VALUE)) {
            throw new Rejection(Errno.EINVAL);
        }
        MapObject map = value.map();
        boolean constant = map.spec().has(MapFlag.RDONLY_PROG) && map.spec().frozen();
        if (!constant) {
            throw search.reject(Errno.EACCES, "R" + register + " does not point to a readonly map'");
        }
        if (!value.number().isConstant()) {
            throw search.reject(Errno.EACCES, "R" + register + " is not a constant address'");
        }
        if (map.type() != MapType.ARRAY) {
            throw search.reject(Errno.EACCES, "no direct value access support for this map type");
        }
        memory.maps().checkRange(register, value.off(), map.valueSize() - value.off(), false, true);
        if (ConstantStrings.at(map, (int) value.constantOffset()) == null) {
            throw search.reject(Errno.EINVAL, "string is not zero-terminated");
        }
    }
}
