package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.btf.Field;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.btf.SafeFields;
import org.bpfz.verifier.btf.StructWalk;
import org.bpfz.verifier.btf.TypeNames;
import org.bpfz.verifier.log.Numbers;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;

/** Typed objects of the kernel and of the program's own, by their BTF (check_ptr_to_btf_access, check_ptr_to_map_access). */
final class BtfAccess {
    private final Search search;
    private final KernelTypes types;

    BtfAccess(Search search, KernelTypes types) {
        this.search = search;
        this.types = types;
    }

    void check(Access access, int off) {
        Value pointer = search.value(access.base());
        Btf btf = pointer.btf();
        String name = TypeNames.of(btf, pointer.typeId());
        refuseUnprivileged(name);
        if (!search.image().isGplCompatible() && types.isKernel(btf)) {
            throw search.reject(Errno.EINVAL,
                    "Cannot access kernel 'struct " + name + "' from non-GPL compatible program");
        }
        String what = "R" + access.base() + " is ptr_" + name;
        if (off < 0) {
            throw search.reject(Errno.EACCES, what + " invalid negative access: off=" + off);
        }
        if (!pointer.number().isConstant(0)) {
            throw search.reject(Errno.EACCES, what + " invalid variable offset: off=" + off + ", var_off="
                    + Numbers.tnum(pointer.number().bits()));
        }
        if (pointer.type().has(Type.USER)) {
            throw search.reject(Errno.EACCES, what + " access user memory: off=" + off);
        }
        if (pointer.type().has(Type.PERCPU)) {
            throw search.reject(Errno.EACCES, what + " access percpu memory: off=" + off);
        }
        if (access.write() && (pointer.type().has(Type.UNTRUSTED) || !pointer.type().isAllocatedObject())) {
            throw search.reject(Errno.EACCES, "only read is supported");
        }
        refuseSpecialFields(pointer, off, access.size());
        StructWalk.Step step = new StructWalk(btf, search.log()).access(pointer.typeId(), off, access.size(),
                !pointer.type().has(Type.ALLOC));
        if (step.result() == StructWalk.Result.REFUSED) {
            throw new Rejection(step.errno());
        }
        if (access.loads()) {
            load(step, pointer, search.register(access.value()));
        }
    }

    private void refuseUnprivileged(String name) {
        if (!search.mayLeakPointers()) {
            throw search.reject(Errno.EPERM,
                    "'struct " + name + "' access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN");
        }
    }

    private void refuseSpecialFields(Value pointer, int off, int size) {
        if (!pointer.type().has(Type.ALLOC)) {
            return;
        }
        for (Field field : types.fieldsOf(pointer.btf(), pointer.typeId()).all()) {
            if (off < field.offset() + field.size() && field.offset() < off + size) {
                throw search.reject(Errno.EACCES, "direct access to " + field.kind().logName() + " is disallowed");
            }
        }
    }

    private void load(StructWalk.Step step, Value pointer, Register target) {
        if (step.result() == StructWalk.Result.SCALAR || pointer.type().has(Type.ALLOC)) {
            search.forget(target);
            return;
        }
        Type type = Type.of(Kind.BTF_ID, flagsOf(step, pointer));
        Value value = Value.pointer(type, new Payload.OfBtf(pointer.btf(), step.typeId()));
        target.set(type.mayBeNull() ? value.withId(search.nextId()) : value);
    }

    /** How much a pointer that was loaded through another one can be relied on. */
    private int flagsOf(StructWalk.Step step, Value pointer) {
        int flags = step.flags();
        int untrusting = flags & ~(Type.TRUST_MASK | Type.RCU);
        if (pointer.type().has(Type.UNTRUSTED)) {
            return Type.UNTRUSTED;
        }
        if (!Trust.isTrusted(pointer) && !pointer.type().has(Type.RCU)) {
            return untrusting;
        }
        String owner = TypeNames.of(pointer.btf(), pointer.typeId());
        SafeFields.Safety safety = SafeFields.of(owner, step.fieldName());
        if (safety == SafeFields.Safety.TRUSTED) {
            return flags | Type.TRUSTED;
        }
        if (safety == SafeFields.Safety.TRUSTED_OR_NULL) {
            return flags | Type.TRUSTED | Type.MAYBE_NULL;
        }
        if (!search.isRcuProtected() || pointer.type().mayBeNull()) {
            return Type.UNTRUSTED;
        }
        if (safety == SafeFields.Safety.RCU) {
            return flags | Type.RCU;
        }
        if (safety == SafeFields.Safety.RCU_OR_NULL) {
            return (flags | Type.RCU | Type.MAYBE_NULL) & ~Type.UNTRUSTED;
        }
        if ((flags & Type.RCU) != 0) {
            return flags | Type.MAYBE_NULL;
        }
        return (flags & (Type.PERCPU | Type.USER)) != 0 ? flags : untrusting;
    }

    /** The map itself, as struct bpf_map: its first fields may be loaded. */
    void checkMap(Access access, int off) {
        Btf kernel = types.kernel();
        int mapType = types.structNamed(MapStructs.of(search.value(access.base()).map().type()));
        if (kernel == null || mapType == 0) {
            throw search.reject(Errno.ENOTSUPP, "map_ptr access not supported without CONFIG_DEBUG_INFO_BTF");
        }
        String name = TypeNames.of(kernel, mapType);
        refuseUnprivileged(name);
        if (off < 0) {
            throw search.reject(Errno.EACCES,
                    "R" + access.base() + " is " + name + " invalid negative access: off=" + off);
        }
        if (access.write()) {
            throw search.reject(Errno.EACCES, "only read from " + name + " is supported");
        }
        StructWalk.Step step = new StructWalk(kernel, search.log()).access(mapType, off, access.size(), true);
        if (step.result() == StructWalk.Result.REFUSED) {
            throw new Rejection(step.errno());
        }
        if (access.loads()) {
            Register target = search.register(access.value());
            if (step.result() == StructWalk.Result.SCALAR) {
                search.forget(target);
            } else {
                target.set(Value.pointer(Type.of(Kind.BTF_ID, step.flags()), new Payload.OfBtf(kernel, step.typeId())));
            }
        }
    }
}
