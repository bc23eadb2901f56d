package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.MalformedBtf;
import org.bpfz.spec.program.KfuncFlag;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.btf.FieldKind;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.btf.TypeNames;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/** What a kernel function leaves in R0: by its prototype, or in its own way (the second half of check_kfunc_call). */
final class KfuncResults {
    private static final int MAX_PERCPU = 512;
    private static final long MAX_U32 = 0xffff_ffffL;

    private final Search search;
    private final KernelTypes types;
    private final MemoryAccess memory;
    private final References references;

    KfuncResults(Search search, KernelTypes types, MemoryAccess memory, References references) {
        this.search = search;
        this.types = types;
        this.memory = memory;
        this.references = references;
    }

    void set(KfuncFacts facts) {
        KernelFunction function = facts.function;
        Register r0 = search.register(0);
        BtfType type = function.btf().resolved(function.prototype().returned());
        if (KfuncArgumentKinds.isNumber(type)) {
            search.forget(r0);
            r0.markWritten();
        } else if (type instanceof BtfType.Ptr pointer) {
            setPointer(facts, r0, pointer);
            r0.markWritten();
        }
    }

    private void setPointer(KfuncFacts facts, Register r0, BtfType.Ptr pointer) {
        KernelFunction function = facts.function;
        Value value = special(facts);
        if (value == null) {
            value = plain(facts, pointer);
        }
        boolean mayBeNull = function.has(KfuncFlag.RET_NULL)
                && !(function.name().equals(KfuncCalls.REFCOUNT_ACQUIRE) && facts.owningReference);
        if (mayBeNull) {
            value = value.withType(value.type().with(Type.MAYBE_NULL)).withId(search.nextId());
        }
        if (function.has(KfuncFlag.ACQUIRE)) {
            int reference = references.acquire();
            value = (mayBeNull ? value.withId(reference) : value).withRefId(reference);
        }
        boolean lockable = value.type().equals(Type.of(Kind.BTF_ID, Type.ALLOC))
                && types.fieldsOf(value.btf(), value.typeId()).has(FieldKind.SPIN_LOCK);
        r0.set(lockable && value.id() == 0 ? value.withId(search.nextId()) : value, !search.isBpfCapable());
    }

    /** Functions whose result their prototype does not tell (special_kfunc_set), or null. */
    private @Nullable Value special(KfuncFacts facts) {
        Btf kernel = facts.function.btf();
        return switch (facts.function.name()) {
            case KfuncCalls.OBJ_NEW -> allocated(facts, 0);
            case KfuncCalls.PERCPU_OBJ_NEW -> allocated(facts, Type.PERCPU);
            case KfuncCalls.REFCOUNT_ACQUIRE -> facts.objectBtf == null
                    ? null
                    : Value.pointer(Type.of(Kind.BTF_ID, Type.ALLOC),
                            new Payload.OfBtf(facts.objectBtf, facts.objectType));
            case KfuncCalls.CAST_TO_KERN_CTX ->
                Value.pointer(Type.of(Kind.BTF_ID, Type.TRUSTED), new Payload.OfBtf(kernel, facts.resultType));
            case KfuncCalls.RDONLY_CAST -> {
                boolean structure = facts.constant == (int) facts.constant && kernel.contains((int) facts.constant)
                        && kernel.type((int) facts.constant) instanceof BtfType.Composite;
                if (!structure) {
                    throw search.reject(Errno.EINVAL,
                            "kfunc bpf_rdonly_cast type ID argument must be of a struct");
                }
                yield Value.pointer(Type.of(Kind.BTF_ID, Type.UNTRUSTED),
                        new Payload.OfBtf(kernel, (int) facts.constant));
            }
            case KfuncCalls.DYNPTR_SLICE -> slice(facts, Type.RDONLY);
            case KfuncCalls.DYNPTR_SLICE_RDWR -> {
                if (!memory.packets().mayAccess(true)) {
                    throw search.reject(Errno.EINVAL, "the prog does not allow writes to packet data");
                }
                yield slice(facts, 0);
            }
            default -> null;
        };
    }

    private static Value slice(KfuncFacts facts, int flags) {
        return Value.pointer(Type.of(Kind.MEM, facts.dynptr.flag() | flags),
                new Payload.Region((int) facts.constant, facts.dynptrId));
    }

    private Value allocated(KfuncFacts facts, int flags) {
        if ((facts.constant & ~MAX_U32) != 0) {
            throw search.reject(Errno.EINVAL, "local type ID argument must be in range [0, U32_MAX]");
        }
        Btf btf = types.program();
        if (btf == null) {
            throw search.reject(Errno.EINVAL, "bpf_obj_new/bpf_percpu_obj_new requires prog BTF");
        }
        int id = (int) facts.constant;
        if (!btf.contains(id) || !(btf.type(id) instanceof BtfType.Struct)) {
            throw search.reject(Errno.EINVAL,
                    "bpf_obj_new/bpf_percpu_obj_new type ID argument must be of a struct");
        }
        long size = btf.sizeOf(id);
        if (flags == Type.PERCPU && size > MAX_PERCPU) {
            throw search.reject(Errno.EINVAL,
                    "bpf_percpu_obj_new type size (" + size + ") is greater than " + MAX_PERCPU);
        }
        if (flags == Type.PERCPU && types.fieldsOf(btf, id).has(_ -> true)) {
            throw search.reject(Errno.EINVAL,
                    "bpf_percpu_obj_new type ID argument must not contain special fields");
        }
        return Value.pointer(Type.of(Kind.BTF_ID, Type.ALLOC | flags), new Payload.OfBtf(btf, id));
    }

    private Value plain(KfuncFacts facts, BtfType.Ptr pointer) {
        KernelFunction function = facts.function;
        Btf btf = function.btf();
        int target = btf.skipModifiers(pointer.target());
        BtfType type = btf.type(target);
        if (type instanceof BtfType.VoidType) {
            return Value.ANY_NUMBER;
        }
        if (type instanceof BtfType.Struct) {
            return Value.pointer(Type.of(Kind.BTF_ID, function.has(KfuncFlag.ITER_NEXT) ? trustOf(facts) : 0),
                    new Payload.OfBtf(btf, target));
        }
        if (facts.resultSize == 0) {
            try {
                facts.resultSize = btf.sizeOf(target);
                facts.resultReadOnly = true;
            } catch (MalformedBtf _) {
                throw search.reject(Errno.EINVAL, "kernel function " + function.name() + " returns pointer type "
                        + TypeNames.kind(type) + " " + type.name() + " is not supported");
            }
        }
        return Value.pointer(Type.of(Kind.MEM, facts.resultReadOnly ? Type.RDONLY : 0),
                new Payload.Region((int) facts.resultSize, 0)).withRefId(facts.refId);
    }

    /** What an iterator gives is as good as the iterator is. */
    private int trustOf(KfuncFacts facts) {
        return facts.iterator(search.state()).spilled().value().type().has(Type.RCU) ? Type.RCU : Type.TRUSTED;
    }
}
