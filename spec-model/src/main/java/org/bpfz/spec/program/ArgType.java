package org.bpfz.spec.program;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a helper demands of one argument, in full (enum bpf_arg_type with flags, and arg_size or arg_btf_id beside it).
 *
 * @param size   bytes, where {@link TypeFlag#MEM_FIXED_SIZE} is set; otherwise 0
 * @param struct the kernel structure's name where the kind is by BTF id and the prototype says which; otherwise null
 */
public record ArgType(ArgKind kind, Set<TypeFlag> flags, int size, @Nullable String struct) {
    public ArgType {
        flags = Set.copyOf(flags);
    }

    /** Whether the flag is set. */
    public boolean has(TypeFlag flag) {
        return flags.contains(flag);
    }
}
