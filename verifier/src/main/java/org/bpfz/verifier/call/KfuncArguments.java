package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.MalformedBtf;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.access.Trust;
import org.bpfz.verifier.btf.FieldKind;
import org.bpfz.verifier.btf.FunctionArguments;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.btf.TypeNames;
import org.bpfz.verifier.call.KernelFunction.Suffix;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.DynptrKind;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.bpfz.verifier.transfer.NullChecks;

/** What the program passes is what the kernel function's prototype, its flags and the names of its arguments ask for (check_kfunc_args). */
final class KfuncArguments {
    private static final int MAX_ARGUMENTS = 5;
    private static final long MAX_U32 = 0xffff_ffffL;

    private final Search search;
    private final MemoryAccess memory;
    private final Dynptrs dynptrs;
    private final Iterators iterators;
    private final ArgumentTypes argumentTypes;
    private final Arguments arguments;
    private final KfuncArgumentKinds kinds;
    private final KfuncObjects objects;

    KfuncArguments(Search search, MemoryAccess memory, KernelTypes types, References references, Iterators iterators) {
        this.search = search;
        this.memory = memory;
        this.iterators = iterators;
        dynptrs = new Dynptrs(search, memory, references);
        argumentTypes = new ArgumentTypes(search, memory, types);
        arguments = new Arguments(search, memory, types, argumentTypes, dynptrs, new Locks(search, types));
        kinds = new KfuncArgumentKinds(search, new FunctionArguments(types, search.log(), search.image()));
        objects = new KfuncObjects(search, types);
    }

    void check(KfuncFacts facts) {
        KernelFunction function = facts.function;
        int count = function.arguments();
        if (count > MAX_ARGUMENTS) {
            throw search.reject(Errno.EINVAL,
                    "Function " + function.name() + " has " + count + " > " + MAX_ARGUMENTS + " args");
        }
        for (int i = 0; i < count; i++) {
            if (function.isNamed(i, Suffix.IGNORED)) {
                continue;
            }
            BtfType type = function.typeOf(i);
            if (KfuncArgumentKinds.isNumber(type)) {
                checkNumber(facts, i);
            } else if (type instanceof BtfType.Ptr pointer) {
                boolean takesSize = checkPointer(facts, i, pointer);
                i += takesSize ? 1 : 0;
            } else {
                throw search.reject(Errno.EINVAL, "Unrecognized arg#" + i + " type " + TypeNames.kind(type));
            }
        }
        if (function.releases() && facts.releasedRegister == 0) {
            throw search.reject(Errno.EINVAL,
                    "release kernel function " + function.name() + " expects refcounted PTR_TO_BTF_ID");
        }
    }

    private void checkNumber(KfuncFacts facts, int number) {
        int register = number + 1;
        Value value = search.value(register);
        if (!value.isScalar()) {
            throw search.reject(Errno.EINVAL, "R" + register + " is not a scalar");
        }
        String name = facts.function.argument(number).name();
        if (facts.function.isNamed(number, Suffix.CONSTANT)) {
            noteConstant(facts, register, value);
            search.precision().require(register);
        } else if (name.equals("rdonly_buf_size") || name.equals("rdwr_buf_size")) {
            facts.resultReadOnly |= name.equals("rdonly_buf_size");
            noteResultSize(facts, register, value);
        }
    }

    private void noteConstant(KfuncFacts facts, int register, Value value) {
        if (facts.constantFound) {
            throw search.reject(Errno.EFAULT, "verifier internal error: only one constant argument permitted");
        }
        if (!value.number().isConstant()) {
            throw search.reject(Errno.EINVAL, "R" + register + " must be a known constant");
        }
        facts.constantFound = true;
        facts.constant = value.number().bits().value();
    }

    private void noteResultSize(KfuncFacts facts, int register, Value value) {
        if (facts.resultSize != 0) {
            throw search.reject(Errno.EINVAL, "2 or more rdonly/rdwr_buf_size parameters for kfunc");
        }
        if (!value.number().isConstant()) {
            throw search.reject(Errno.EINVAL, "R" + register + " is not a const");
        }
        facts.resultSize = value.number().bits().value();
        if (Long.compareUnsigned(facts.resultSize, MAX_U32) > 0) {
            throw search.reject(Errno.EINVAL, "R" + register + " rdonly/rdwr_buf_size exceeds u32 max");
        }
        search.precision().require(register);
    }

    /** Checks a pointer; whether that took the size behind it too. */
    private boolean checkPointer(KfuncFacts facts, int number, BtfType.Ptr pointer) {
        KernelFunction function = facts.function;
        int register = number + 1;
        Value value = search.value(register);
        boolean careful = function.wantsTrusted() || function.wantsRcu();
        if (careful && (value.isNull() || value.type().mayBeNull()) && !function.isNamed(number, Suffix.NULLABLE)) {
            throw search.reject(Errno.EACCES, "Possibly NULL pointer passed to trusted arg" + number);
        }
        if (value.refId() != 0) {
            noteReference(facts, register, value);
        }
        KfuncArgumentKind kind = kinds.of(function, number, pointer);
        if (kind == KfuncArgumentKind.NULL) {
            return false;
        }
        boolean vouched = kind == KfuncArgumentKind.MAP || kind == KfuncArgumentKind.ALLOCATED
                || kind == KfuncArgumentKind.OBJECT;
        if (kind == KfuncArgumentKind.MAP) {
            noteMap(facts, register, value);
        }
        if (vouched && careful && !Trust.isTrusted(value)) {
            if (!function.wantsRcu()) {
                throw search.reject(Errno.EINVAL, "R" + register + " must be referenced or trusted");
            }
            if (!value.type().has(Type.RCU)) {
                throw search.reject(Errno.EINVAL, "R" + register + " must be a rcu pointer");
            }
        }
        argumentTypes.checkOffset(value, register, function.releases() && value.refId() != 0, false);
        return checkByKind(facts, number, pointer, kind);
    }

    private void noteReference(KfuncFacts facts, int register, Value value) {
        boolean releases = facts.function.releases();
        if (releases && facts.refId != 0) {
            throw search.reject(Errno.EFAULT, "verifier internal error: more than one arg with ref_obj_id R" + register
                    + " " + value.refId() + " " + facts.refId);
        }
        facts.refId = value.refId();
        if (releases) {
            facts.releasedRegister = register;
        }
    }

    private void noteMap(KfuncFacts facts, int register, Value value) {
        if (value.payload() instanceof Payload.None) {
            throw search.reject(Errno.EINVAL, "pointer in R" + register + " isn't map pointer");
        }
        if (!value.kind().isOfMap()) {
            // An object of the kernel's: whether it is a map its type says.
            return;
        }
        boolean workqueue = facts.map != null && value.map().fields().has(FieldKind.WORKQUEUE);
        if (workqueue && (facts.map != value.map() || facts.mapUid != value.mapUid())) {
            throw search.reject(Errno.EINVAL, "workqueue pointer in R1 map_uid=" + facts.mapUid
                    + " doesn't match map pointer in R2 map_uid=" + value.mapUid());
        }
        facts.map = value.map();
        facts.mapUid = value.mapUid();
    }

    private boolean checkByKind(KfuncFacts facts, int number, BtfType.Ptr pointer, KfuncArgumentKind kind) {
        int register = number + 1;
        Value value = search.value(register);
        switch (kind) {
            case CONTEXT -> checkContext(facts, number, value);
            case ALLOCATED -> objects.checkAllocated(facts, number, value);
            case REFCOUNTED -> objects.checkRefcounted(facts, number, value);
            case DYNPTR -> checkDynptr(facts, number, value);
            case ITERATOR -> {
                if (facts.function.name().equals(KfuncCalls.ITER_CSS_TASK_NEW) && !mayIterateTasks()) {
                    throw search.reject(Errno.EINVAL,
                            "css_task_iter is only allowed in bpf_lsm, bpf_iter and sleepable progs");
                }
                iterators.pass(register, facts);
            }
            case MAP -> objects.checkMap(facts, number, value);
            case OBJECT -> objects.check(facts, number, value,
                    facts.function.btf().skipModifiers(pointer.target()));
            case MEMORY -> checkMemory(facts, number, pointer);
            case SIZED_MEMORY -> {
                checkSizedMemory(facts, number);
                return true;
            }
            case STRING -> {
                if (!value.is(Kind.MAP_VALUE)) {
                    throw search.reject(Errno.EINVAL, "arg#" + number + " doesn't point to a const string");
                }
                arguments.checkConstantString(register, value);
            }
            case UNMODELLED -> throw KfuncCalls.unmodelled(search, facts.function);
            case NULL -> {
            }
        }
        return false;
    }

    private void checkContext(KfuncFacts facts, int number, Value value) {
        if (!value.is(Kind.CTX)) {
            throw search.reject(Errno.EINVAL,
                    "arg#" + number + " expected pointer to ctx, but got " + value.type());
        }
        if (facts.function.name().equals(KfuncCalls.CAST_TO_KERN_CTX)) {
            facts.resultType = objects.kernelContext();
            if (facts.resultType == 0) {
                throw new Rejection(Errno.EINVAL);
            }
        }
    }

    private void checkDynptr(KfuncFacts facts, int number, Value value) {
        KernelFunction function = facts.function;
        boolean uninitialised = function.isNamed(number, Suffix.UNINITIALISED);
        int flags = (value.is(Kind.DYNPTR) ? Type.RDONLY : 0) | (uninitialised ? ArgumentRule.UNINIT : 0);
        int clonedReference = 0;
        switch (function.name()) {
            case KfuncCalls.DYNPTR_FROM_SKB -> flags |= Type.DYNPTR_SKB;
            case KfuncCalls.DYNPTR_FROM_XDP -> flags |= Type.DYNPTR_XDP;
            case KfuncCalls.DYNPTR_CLONE -> {
                if (uninitialised) {
                    if (facts.dynptr == DynptrKind.INVALID) {
                        throw search.reject(Errno.EFAULT,
                                "verifier internal error: no dynptr type for parent of clone");
                    }
                    flags |= facts.dynptr.flag();
                    clonedReference = facts.dynptrReference;
                }
            }
            default -> {
            }
        }
        dynptrs.pass(number + 1, flags, clonedReference);
        if (!uninitialised) {
            facts.dynptrId = dynptrs.idOf(value);
            facts.dynptr = dynptrs.kindOf(value);
            facts.dynptrReference = dynptrs.referenceOf(value);
        }
    }

    /** Walking a cgroup's tasks takes a lock that some hooks hold (check_css_task_iter_allowlist). */
    private boolean mayIterateTasks() {
        boolean iterator = search.programType() == ProgramType.TRACING
                && search.image().attachType() == AttachType.TRACE_ITER;
        return search.programType() == ProgramType.LSM || iterator || search.isSleepable();
    }

    private void checkMemory(KfuncFacts facts, int number, BtfType.Ptr pointer) {
        Btf btf = facts.function.btf();
        BtfType target = btf.resolved(pointer.target());
        int size;
        try {
            size = (int) btf.sizeOf(pointer.target());
        } catch (MalformedBtf _) {
            throw search.reject(Errno.EINVAL, "arg#" + number + " reference type('" + TypeNames.kind(target) + " "
                    + target.name() + "') size cannot be determined: -22");
        }
        Register place = search.register(number + 1);
        Value value = place.value();
        if (value.isNull()) {
            return;
        }
        place.set(NullChecks.nonNull(value));
        try {
            memory.checkHelper(number + 1, size, false, true, null);
            memory.checkHelper(number + 1, size, true, true, null);
        } finally {
            place.set(value);
        }
    }

    private void checkSizedMemory(KfuncFacts facts, int number) {
        KernelFunction function = facts.function;
        int register = number + 1;
        boolean absent = search.value(register).isNull() && function.isNamed(number, Suffix.OPTIONAL);
        if (!absent) {
            Register place = search.register(register);
            Value value = place.value();
            place.set(value.type().mayBeNull() ? NullChecks.nonNull(value) : value);
            try {
                arguments.checkSize(register + 1, false, true, new CallFacts(0, false));
                arguments.checkSize(register + 1, true, true, new CallFacts(0, false));
            } catch (Rejection rejection) {
                throw search.reject(rejection.errno(), "arg#" + number + " arg#" + (number + 1)
                        + " memory, len pair leads to invalid memory access");
            } finally {
                place.set(value);
            }
        }
        if (function.isNamed(number + 1, Suffix.CONSTANT_SIZE)) {
            noteConstant(facts, register + 1, search.value(register + 1));
        }
    }
}
