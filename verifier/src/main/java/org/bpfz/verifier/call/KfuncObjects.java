package org.bpfz.verifier.call;

import java.util.Map;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.access.Trust;
import org.bpfz.verifier.btf.FieldKind;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.btf.TypeNames;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;

/** Arguments that are objects: the kernel's, by the structure that the prototype names, or the program's own. */
final class KfuncObjects {
    private static final String NO_CAST = "___init";

    /** What the kernel has behind what programs see as their context (bpf_types.h); others have the same on both sides. */
    private static final Map<String, String> KERNEL_CONTEXTS = Map.of("__sk_buff", "sk_buff", "xdp_md", "xdp_buff",
            "bpf_sock", "sock", "bpf_sock_addr", "bpf_sock_addr_kern", "bpf_sock_ops", "bpf_sock_ops_kern",
            "sk_msg_md", "sk_msg", "bpf_sockopt", "bpf_sockopt_kern", "bpf_sysctl", "bpf_sysctl_kern",
            "bpf_perf_event_data", "bpf_perf_event_data_kern", "sk_reuseport_md", "sk_reuseport_kern");
    private static final Map<String, String> MORE_KERNEL_CONTEXTS = Map.of("bpf_sk_lookup", "bpf_sk_lookup_kern",
            "bpf_nf_ctx", "bpf_nf_ctx");

    private final Search search;
    private final KernelTypes types;

    KfuncObjects(Search search, KernelTypes types) {
        this.search = search;
        this.types = types;
    }

    /** The kernel's structure behind the program's context, or 0 (get_kern_ctx_btf_id). */
    int kernelContext() {
        String seen = ContextLayout.of(search.programType()).struct();
        String behind = KERNEL_CONTEXTS.get(seen);
        return types.structNamed(behind != null ? behind : MORE_KERNEL_CONTEXTS.getOrDefault(seen, seen));
    }

    void checkAllocated(KfuncFacts facts, int number, Value value) {
        KernelFunction function = facts.function;
        boolean plain = value.type().equals(Type.of(Kind.BTF_ID, Type.ALLOC));
        boolean perCpu = value.type().equals(Type.of(Kind.BTF_ID, Type.ALLOC | Type.PERCPU));
        if (plain && !function.name().equals(KfuncCalls.OBJ_DROP)) {
            throw search.reject(Errno.EINVAL, "arg#" + number + " expected for bpf_obj_drop_impl()");
        }
        if (perCpu && !function.name().equals(KfuncCalls.PERCPU_OBJ_DROP)) {
            throw search.reject(Errno.EINVAL, "arg#" + number + " expected for bpf_percpu_obj_drop_impl()");
        }
        if (!plain && !perCpu) {
            throw search.reject(Errno.EINVAL, "arg#" + number + " expected pointer to allocated object");
        }
        if (value.refId() == 0) {
            throw search.reject(Errno.EINVAL, "allocated object must be referenced");
        }
        facts.setObject(value.btf(), value.typeId());
    }

    void checkRefcounted(KfuncFacts facts, int number, Value value) {
        if (!value.type().isAllocatedObject()) {
            throw search.reject(Errno.EINVAL, "arg#" + number + " is neither owning or non-owning ref");
        }
        facts.owningReference |= !value.type().isNonOwning() && value.refId() != 0;
        if (!types.fieldsOf(value.btf(), value.typeId()).has(FieldKind.REFCOUNT)) {
            throw search.reject(Errno.EINVAL,
                    "arg#" + number + " doesn't point to a type with bpf_refcount field");
        }
        facts.setObject(value.btf(), value.typeId());
    }

    void checkMap(KfuncFacts facts, int number, Value value) {
        check(facts, number, value, types.structNamed("bpf_map"));
    }

    void check(KfuncFacts facts, int number, Value value, int wanted) {
        Type type = value.type();
        boolean object = type.kind() == Kind.BTF_ID && (!type.hasUnsafeModifiers() || type.has(Type.RCU));
        if (!object && !Trust.hasKernelType(type.kind())) {
            throw search.reject(Errno.EINVAL, "arg#" + number + " is " + type + " expected "
                    + Type.of(type.kind(), type.flags() & Type.TRUST_MASK) + " or socket");
        }
        checkStructure(facts, number, value, wanted);
    }

    /** The structure is the wanted one, or begins with it where nothing is released (process_kf_arg_ptr_to_btf_id). */
    private void checkStructure(KfuncFacts facts, int number, Value value, int wanted) {
        KernelFunction function = facts.function;
        Btf kernel = types.kernel();
        if (kernel == null) {
            throw new Rejection(Errno.EINVAL);
        }
        boolean typed = value.kind() == Kind.BTF_ID;
        Btf btf = typed ? value.btf() : kernel;
        int given = typed ? btf.skipModifiers(value.typeId()) : types.structNamed(structureOf(value.kind()));
        String givenName = TypeNames.of(btf, given);
        String wantedName = TypeNames.of(function.btf(), wanted);
        boolean strict = (function.releases() && value.refId() != 0) || isNoCastAlias(givenName, wantedName);
        boolean matches = types.matches(btf, given, value.off(), function.btf(), wanted, strict,
                !value.type().has(Type.ALLOC));
        boolean projection = (wantedName.equals("__sk_buff") && givenName.equals("sk_buff"))
                || (wantedName.equals("xdp_md") && givenName.equals("xdp_buff"));
        if (!matches && !projection) {
            throw search.reject(Errno.EINVAL, "kernel function " + function.name() + " args#" + number
                    + " expected pointer to " + TypeNames.kind(function.btf().type(wanted)) + " " + wantedName
                    + " but R" + (number + 1) + " has a pointer to " + TypeNames.kind(btf.type(given)) + " "
                    + givenName);
        }
    }

    private static String structureOf(Kind kind) {
        return switch (kind) {
            case SOCKET -> "sock";
            case SOCK_COMMON -> "sock_common";
            case TCP_SOCK -> "tcp_sock";
            default -> "bpf_map";
        };
    }

    /** The same structure under a name that says that it is not set up yet (btf_type_ids_nocast_alias). */
    private static boolean isNoCastAlias(String given, String wanted) {
        return given.equals(wanted + NO_CAST) || wanted.equals(given + NO_CAST);
    }
}
