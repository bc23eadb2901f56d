package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.btf.Field;
import org.bpfz.verifier.btf.FieldKind;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.btf.TypeNames;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.bpfz.verifier.structure.Opcodes;

/** Pointers to kernel objects that live in map values (check_map_kptr_access, map_kptr_match_type). */
public final class KptrAccess {
    private final Search search;
    private final Bounds bounds;
    private final KernelTypes types;

    public KptrAccess(Search search, Bounds bounds, KernelTypes types) {
        this.search = search;
        this.bounds = bounds;
        this.types = types;
    }

    /** A load of or store to the field. */
    void access(Field field, Access access) {
        RawInstruction insn = search.insn();
        if (Opcodes.modeOf(insn) != Opcodes.MEM) {
            throw search.reject(Errno.EACCES, "kptr in map can only be accessed using BPF_MEM instruction mode");
        }
        int instructionClass = Opcodes.classOf(insn);
        if (instructionClass != Opcodes.LDX && field.kind() != FieldKind.KPTR_UNREF) {
            throw search.reject(Errno.EACCES, "store to referenced kptr disallowed");
        }
        switch (instructionClass) {
            case Opcodes.LDX -> load(field, access.value());
            case Opcodes.STX -> store(field, access.value());
            case Opcodes.ST -> {
                if (insn.imm() != 0) {
                    throw search.reject(Errno.EACCES,
                            "BPF_ST imm must be 0 when storing to kptr at off=" + field.offset());
                }
            }
            default -> throw search.reject(Errno.EACCES,
                    "kptr in map can only be accessed using BPF_LDX/BPF_STX/BPF_ST");
        }
    }

    private void load(Field field, int register) {
        Type type = Type.of(Kind.BTF_ID, loadedFlags(field));
        Value value = Value.pointer(type, new Payload.OfBtf(field.target(), field.typeId()));
        Register target = search.register(register);
        target.set(value.withId(search.nextId()));
    }

    /** How much a loaded pointer can be relied on (btf_ld_kptr_type). */
    private int loadedFlags(Field field) {
        Btf btf = field.target();
        boolean rcuSafe = field.kind() == FieldKind.KPTR_PERCPU
                || (field.kind() == FieldKind.KPTR_REF && types.isRcuProtected(btf, field.typeId()));
        if (!rcuSafe || !search.isRcuProtected()) {
            return Type.MAYBE_NULL | Type.UNTRUSTED;
        }
        int flags = Type.MAYBE_NULL | Type.RCU;
        if (field.kind() == FieldKind.KPTR_PERCPU) {
            flags |= Type.PERCPU;
        } else if (!types.isKernel(btf)) {
            flags |= Type.ALLOC;
        }
        if (!types.isKernel(btf) && types.fieldsOf(btf, field.typeId()).has(FieldKind::isGraphNode)) {
            flags |= Type.NON_OWN;
        }
        return flags;
    }

    private void store(Field field, int register) {
        if (search.value(register).isNull()) {
            search.precision().require(register);
            return;
        }
        try {
            checkType(field, register);
        } catch (Rejection _) {
            throw new Rejection(Errno.EACCES);
        }
    }

    /** The register must hold a pointer to what the field points to, as trusted as it has to be. */
    public void checkType(Field field, int register) {
        Value value = search.value(register);
        boolean unreferenced = field.kind() == FieldKind.KPTR_UNREF;
        String name = "";
        if (value.kind() == Kind.BTF_ID && (value.type().flags() & ~allowedFlags(field, value)) == 0
                && (field.kind() == FieldKind.KPTR_PERCPU) == value.type().has(Type.PERCPU)) {
            name = TypeNames.of(value.btf(), value.typeId());
            bounds.checkOffset(value, register, true);
            if (types.matches(value.btf(), value.typeId(), value.off(), field.target(), field.typeId(), !unreferenced,
                    !value.type().has(Type.ALLOC))) {
                return;
            }
        }
        String wanted = TypeNames.of(field.target(), field.typeId());
        search.log().print(
                "invalid kptr access, R" + register + " type=" + value.type() + name + " expected=ptr_" + wanted);
        throw search.reject(Errno.EINVAL, unreferenced ? " or untrusted_ptr_" + wanted : "");
    }

    private int allowedFlags(Field field, Value value) {
        if (types.isKernel(value.btf())) {
            int flags = Type.MAYBE_NULL | Type.TRUSTED | Type.RCU;
            return field.kind() == FieldKind.KPTR_UNREF ? flags | Type.UNTRUSTED : flags;
        }
        int flags = Type.MAYBE_NULL | Type.ALLOC;
        return field.kind() == FieldKind.KPTR_PERCPU ? flags | Type.PERCPU : flags;
    }
}
