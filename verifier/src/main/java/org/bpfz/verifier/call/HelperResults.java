package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.MalformedBtf;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.ReturnKind;
import org.bpfz.spec.program.ReturnType;
import org.bpfz.spec.program.TypeFlag;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.btf.Field;
import org.bpfz.verifier.btf.FieldKind;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;

/** What a helper leaves in R0: by its prototype, and for some by its arguments. */
final class HelperResults {
    private static final int MAX_ERRNO = 4095;

    private final Search search;
    private final KernelTypes types;
    private final References references;

    HelperResults(Search search, KernelTypes types, References references) {
        this.search = search;
        this.types = types;
        this.references = references;
    }

    void set(HelperPrototype prototype, CallFacts facts) {
        ReturnType result = prototype.result();
        int flags = 0;
        for (TypeFlag flag : result.flags()) {
            flags |= 1 << flag.ordinal();
        }
        Register r0 = search.register(0);
        switch (result.kind()) {
            case INTEGER -> search.forget(r0);
            case VOID -> search.clear(r0);
            default -> setPointer(r0, pointer(prototype, facts, flags), facts);
        }
        if (result.kind() == ReturnKind.INTEGER) {
            refine(r0, facts);
            search.checkInvariants(r0, "retval");
        }
    }

    private void setPointer(Register r0, Value pointer, CallFacts facts) {
        Value value = pointer;
        if (value.type().mayBeNull()) {
            value = value.withId(search.nextId());
        }
        if (facts.helper == HelperId.DYNPTR_DATA) {
            value = value.withPayload(new Payload.Region(value.regionSize(), facts.dynptrId)).withRefId(facts.refId);
        } else if (HelperId.casts(facts.helper)) {
            value = value.withRefId(facts.refId);
        } else if (HelperId.acquires(facts.helper, facts.map == null ? null : facts.map.type())) {
            int reference = references.acquire();
            value = value.withId(reference).withRefId(reference);
        }
        r0.set(value);
    }

    private Value pointer(HelperPrototype prototype, CallFacts facts, int flags) {
        ReturnType result = prototype.result();
        return switch (result.kind()) {
            case PTR_TO_MAP_VALUE -> mapValue(facts, flags);
            case PTR_TO_SOCKET -> Value.pointer(Type.of(Kind.SOCKET, flags), Payload.None.NONE);
            case PTR_TO_SOCK_COMMON -> Value.pointer(Type.of(Kind.SOCK_COMMON, flags), Payload.None.NONE);
            case PTR_TO_TCP_SOCK -> Value.pointer(Type.of(Kind.TCP_SOCK, flags), Payload.None.NONE);
            case PTR_TO_MEM ->
                Value.pointer(Type.of(Kind.MEM, flags), new Payload.Region((int) facts.allocatedSize, 0));
            case PTR_TO_MEM_OR_BTF_ID -> variable(facts, flags);
            case PTR_TO_BTF_ID -> object(prototype, facts, flags);
            case INTEGER, VOID -> throw new IllegalArgumentException("no pointer: " + result);
        };
    }

    private Value mapValue(CallFacts facts, int flags) {
        MapObject map = facts.map;
        if (map == null) {
            throw search.reject(Errno.EINVAL, "kernel subsystem misconfigured verifier");
        }
        Value value = Value.pointer(Type.of(Kind.MAP_VALUE, flags), new Payload.OfMap(map, facts.mapUid));
        boolean lockable = !value.type().mayBeNull() && map.fields().has(FieldKind.SPIN_LOCK);
        return lockable ? value.withId(search.nextId()) : value;
    }

    /** A per-CPU variable of the kernel's, as one CPU has it. */
    private Value variable(CallFacts facts, int flags) {
        Btf btf = facts.resultBtf;
        if (btf == null) {
            throw new Rejection(Errno.EINVAL);
        }
        if (btf.resolved(facts.resultType) instanceof BtfType.Composite) {
            return Value.pointer(Type.of(Kind.BTF_ID, flags & ~Type.RDONLY), new Payload.OfBtf(btf, facts.resultType));
        }
        try {
            int size = (int) btf.sizeOf(facts.resultType);
            return Value.pointer(Type.of(Kind.MEM, flags), new Payload.Region(size, 0));
        } catch (MalformedBtf _) {
            throw search.reject(Errno.EINVAL,
                    "unable to resolve the size of type '" + btf.resolved(facts.resultType).name() + "': -22");
        }
    }

    private Value object(HelperPrototype prototype, CallFacts facts, int flags) {
        Field kptr = facts.kptr;
        if (facts.helper == HelperId.KPTR_XCHG && kptr != null) {
            int more = types.isKernel(kptr.target())
                    ? 0
                    : Type.ALLOC | (kptr.kind() == FieldKind.KPTR_PERCPU ? Type.PERCPU : 0);
            return Value.pointer(Type.of(Kind.BTF_ID, flags | more), new Payload.OfBtf(kptr.target(), kptr.typeId()));
        }
        String struct = prototype.result().struct();
        Btf kernel = types.kernel();
        int id = struct == null ? 0 : types.structNamed(struct);
        if (kernel == null || id == 0) {
            throw search.reject(Errno.EINVAL,
                    "invalid return type 8 of func " + prototype.name() + "#" + prototype.number());
        }
        return Value.pointer(Type.of(Kind.BTF_ID, flags), new Payload.OfBtf(kernel, id));
    }

    /** Some helpers' numbers are known better (do_refine_retval_range). */
    private void refine(Register r0, CallFacts facts) {
        Scalar number = r0.value().number();
        switch (facts.helper) {
            case HelperId.GET_STACK, HelperId.GET_TASK_STACK, HelperId.PROBE_READ_STR, HelperId.PROBE_READ_KERNEL_STR,
                    HelperId.PROBE_READ_USER_STR -> {
                int max = (int) facts.maxSize;
                Range64 wide = new Range64(number.wide().umin(), number.wide().umax(), -MAX_ERRNO, facts.maxSize);
                Range32 low = new Range32(number.low().umin(), number.low().umax(), -MAX_ERRNO, max);
                r0.set(r0.value().withNumber(new Scalar(number.bits(), wide, low).sync()));
            }
            case HelperId.GET_SMP_PROCESSOR_ID -> {
                int max = search.options().possibleCpus() - 1;
                r0.set(r0.value().withNumber(
                        new Scalar(number.bits(), new Range64(0, max, 0, max), new Range32(0, max, 0, max)).sync()));
            }
            default -> {
            }
        }
    }
}
