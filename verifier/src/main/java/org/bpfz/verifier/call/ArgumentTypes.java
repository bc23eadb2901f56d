package org.bpfz.verifier.call;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.program.ArgKind;
import org.bpfz.spec.program.Helpers;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.btf.Field;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.btf.TypeNames;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;

/** The register's type is one of those that the argument accepts, and so is the structure it points to (check_reg_type). */
final class ArgumentTypes {
    private final Search search;
    private final MemoryAccess memory;
    private final KernelTypes types;

    ArgumentTypes(Search search, MemoryAccess memory, KernelTypes types) {
        this.search = search;
        this.memory = memory;
        this.types = types;
    }

    void check(int register, ArgumentRule rule, CallFacts facts) {
        Value value = search.value(register);
        Type type = comparable(value.type(), register, rule, facts);
        List<Type> accepted = AcceptedTypes.of(rule.kind());
        if (!accepted.contains(type)) {
            StringBuilder expected = new StringBuilder();
            for (Type each : accepted) {
                expected.append(expected.isEmpty() ? "" : ", ").append(each);
            }
            throw search.reject(Errno.EACCES, "R" + register + " type=" + value.type() + " expected=" + expected);
        }
        if (value.kind() == Kind.BTF_ID) {
            checkObject(register, value, rule, facts);
        }
    }

    /** The type without the modifiers that do not matter for the argument. */
    private static Type comparable(Type given, int register, ArgumentRule rule, CallFacts facts) {
        Type type = given.without(rule.flags() & (Type.RDONLY | Type.MAYBE_NULL));
        if (rule.kind() == ArgKind.PTR_TO_MEM) {
            type = type.without(Type.DYNPTR_MASK);
        }
        boolean exchanged = facts.helper == HelperId.KPTR_XCHG && register == 2 && type.has(Type.ALLOC);
        return exchanged ? type.without(Type.ALLOC | Type.PERCPU) : type;
    }

    private void checkObject(int register, Value value, ArgumentRule rule, CallFacts facts) {
        Type type = value.type();
        if (AcceptedTypes.isMemory(rule.kind())) {
            if (!rule.has(Type.RDONLY)) {
                throw search.reject(Errno.EACCES, Helpers.name(facts.helper) + "() may write into memory pointed by R"
                        + register + " type=" + type);
            }
            return;
        }
        if (type.has(Type.PERCPU) && !type.has(Type.ALLOC)) {
            return;
        }
        if (type.has(Type.ALLOC)) {
            checkOwnObject(register, facts);
            return;
        }
        boolean release = rule.has(ArgumentRule.RELEASE);
        if (type.mayBeNull() && (!rule.has(Type.MAYBE_NULL) || release)) {
            throw search.reject(Errno.EACCES, "Possibly NULL pointer passed to helper arg" + register);
        }
        if (facts.helper == HelperId.KPTR_XCHG) {
            checkKptr(register, facts);
            return;
        }
        String struct = rule.struct() != null ? rule.struct() : "sock_common";
        checkStruct(register, value, struct, release && facts.helper != HelperId.SK_RELEASE);
    }

    private void checkOwnObject(int register, CallFacts facts) {
        boolean known = facts.helper == HelperId.SPIN_LOCK || facts.helper == HelperId.SPIN_UNLOCK
                || facts.helper == HelperId.KPTR_XCHG;
        if (!known) {
            throw search.reject(Errno.EFAULT, "verifier internal error: unimplemented handling of MEM_ALLOC");
        }
        if (facts.helper == HelperId.KPTR_XCHG && register == 2) {
            checkKptr(register, facts);
        }
    }

    private void checkKptr(int register, CallFacts facts) {
        Field field = facts.kptr;
        if (field == null) {
            throw new Rejection(Errno.EACCES);
        }
        try {
            memory.kptrs().checkType(field, register);
        } catch (Rejection _) {
            throw new Rejection(Errno.EACCES);
        }
    }

    private void checkStruct(int register, Value value, String struct, boolean strict) {
        Btf kernel = types.kernel();
        int wanted = types.structNamed(struct);
        boolean matches = kernel != null && wanted != 0
                && types.matches(value.btf(), value.typeId(), value.off(), kernel,
                        wanted, strict, !value.type().has(Type.ALLOC));
        if (!matches) {
            throw search.reject(Errno.EACCES,
                    "R" + register + " is of type " + TypeNames.of(value.btf(), value.typeId())
                            + " but " + struct + " is expected");
        }
    }

    /** Some pointers may be passed with an offset, others not (check_func_arg_reg_off). */
    void checkOffset(Value value, int register, boolean release, boolean dynptr) {
        if (release) {
            if (dynptr && value.is(Kind.STACK)) {
                return;
            }
            if (value.off() != 0) {
                throw search.reject(Errno.EINVAL, "R" + register
                        + " must have zero offset when passed to release func or trusted arg to kfunc");
            }
            memory.bounds().checkOffset(value, register, false);
            return;
        }
        Type type = value.type();
        boolean any = switch (type.kind()) {
            case STACK, PACKET, PACKET_META, MAP_KEY, MAP_VALUE, ARENA, SCALAR -> type.flags() == 0;
            case MEM -> type.flags() == 0 || type.flags() == Type.RDONLY || type.flags() == Type.RINGBUF;
            case BUF -> type.flags() == 0 || type.flags() == Type.RDONLY;
            default -> false;
        };
        if (!any) {
            memory.bounds().checkOffset(value, register,
                    type.kind() == Kind.BTF_ID && mayHaveFixedOffset(type.flags()));
        }
    }

    private static boolean mayHaveFixedOffset(int flags) {
        return flags == 0 || flags == Type.ALLOC || flags == Type.TRUSTED || flags == Type.RCU
                || flags == (Type.ALLOC | Type.NON_OWN) || flags == (Type.ALLOC | Type.NON_OWN | Type.RCU);
    }
}
