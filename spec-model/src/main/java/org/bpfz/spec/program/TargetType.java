package org.bpfz.spec.program;

import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the kernel's types for the thing that a program is attached to: attach_btf_id is the number of that type (bpf_check_attach_target
 * in kernel/bpf/verifier.c, find_attach_btf_id in tools/lib/bpf/libbpf.c).
 *
 * @param kind   of the type
 * @param prefix what its name has in front of the name that a section gives
 */
public record TargetType(Class<? extends BtfType> kind, String prefix) {
    private static final TargetType FUNCTION = new TargetType(BtfType.Func.class, "");
    private static final TargetType HOOK = new TargetType(BtfType.Func.class, "bpf_lsm_");
    private static final TargetType ITERATOR = new TargetType(BtfType.Func.class, "bpf_iter_");
    private static final TargetType TRACEPOINT = new TargetType(BtfType.Typedef.class, "btf_trace_");

    /** That of programs of a type, which are attached in this way. */
    public static TargetType of(@Nullable ProgramType type, @Nullable AttachType attach) {
        if (type == ProgramType.LSM) {
            return HOOK;
        }
        return switch (attach) {
            case TRACE_RAW_TP -> TRACEPOINT;
            case TRACE_ITER -> ITERATOR;
            case null, default -> FUNCTION;
        };
    }

    /** The type's whole name. */
    public String nameOf(String target) {
        return prefix + target;
    }

    /** The type's number, 0 if there is none. */
    public int idIn(Btf kernel, String target) {
        return kernel.find(kind, nameOf(target)).orElse(0);
    }
}
