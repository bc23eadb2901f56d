package org.bpfz.spec.program;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a helper leaves in r0, in full (enum bpf_return_type with flags, and ret_btf_id beside it).
 *
 * @param struct the kernel structure's name where the kind is by BTF id and the prototype says which; otherwise null
 */
public record ReturnType(ReturnKind kind, Set<TypeFlag> flags, @Nullable String struct) {
    public ReturnType {
        flags = Set.copyOf(flags);
    }

    /** Whether the flag is set. */
    public boolean has(TypeFlag flag) {
        return flags.contains(flag);
    }
}
