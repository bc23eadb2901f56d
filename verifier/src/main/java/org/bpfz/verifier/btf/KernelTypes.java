package org.bpfz.verifier.btf;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/** The kernel's types and the program's own, and whether a pointer to one will do for another. */
public final class KernelTypes {
    /** The types whose objects live on until the end of an RCU section (rcu_protected_types). */
    private static final Set<String> RCU_PROTECTED = Set.of("prog_test_ref_kfunc", "cgroup", "bpf_cpumask",
            "task_struct",
            "bpf_crypto_ctx");

    private final @Nullable Btf kernel;
    private final @Nullable ProgramBtf program;
    private final VerifierLog log;
    private final Map<Integer, Fields> programFields = new HashMap<>();

    public KernelTypes(@Nullable Btf kernel, @Nullable ProgramBtf program, VerifierLog log) {
        this.kernel = kernel;
        this.program = program;
        this.log = log;
    }

    /** The kernel's types, or null. */
    public @Nullable Btf kernel() {
        return kernel;
    }

    /** The program's types, or null. */
    public @Nullable Btf program() {
        return program == null ? null : program.btf();
    }

    public boolean isKernel(Btf btf) {
        return btf == kernel;
    }

    /** Whether objects of the type stay through an RCU section (rcu_protected_object). */
    public boolean isRcuProtected(Btf btf, int typeId) {
        return !isKernel(btf) || RCU_PROTECTED.contains(TypeNames.of(btf, typeId));
    }

    /** The special fields of a type of the program's (btf_find_struct_meta). */
    public Fields fieldsOf(Btf btf, int typeId) {
        return isKernel(btf)
                ? Fields.NONE
                : programFields.computeIfAbsent(typeId, id -> new FieldFinder(btf, this).ofStruct(id));
    }

    /** The kernel's structure with the name, or 0. */
    public int structNamed(String name) {
        return kernel == null ? 0 : kernel.find(BtfType.Struct.class, name).orElse(0);
    }

    /** A pointer to a kernel structure that the kernel vouches for; null where the kernel's types are not known. */
    public @Nullable Value trusted(@Nullable String structure) {
        int id = structure == null ? 0 : structNamed(structure);
        return id == 0 || kernel == null
                ? null
                : Value.pointer(Type.of(Kind.BTF_ID, Type.TRUSTED), new Payload.OfBtf(kernel, id));
    }

    /**
     * Whether a pointer to a type, moved by an offset, is one to the wanted type: the same, or its first member, or the first member of
     * that (btf_struct_ids_match).
     *
     * @param strict only the same
     */
    public boolean matches(Btf btf, int typeId, int off, Btf wantedBtf, int wantedId, boolean strict,
            boolean flexibleArrays) {
        if (off == 0 && btf == wantedBtf && typeId == wantedId) {
            return true;
        }
        if (strict) {
            return false;
        }
        int current = typeId;
        int at = off;
        while (true) {
            StructWalk.Step step = new StructWalk(btf, log).walk(current, at, 1, flexibleArrays);
            if (step.result() != StructWalk.Result.STRUCT) {
                return false;
            }
            current = step.typeId();
            if (btf == wantedBtf && current == wantedId) {
                return true;
            }
            at = 0;
        }
    }
}
