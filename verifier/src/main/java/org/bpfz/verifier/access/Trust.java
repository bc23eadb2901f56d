package org.bpfz.verifier.access;

import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;

/** Whether the kernel, or a reference that the program holds, vouches for a pointer. */
public final class Trust {
    private Trust() {
    }

    /** Whether the pointer may be handed to the kernel (is_trusted_reg). */
    public static boolean isTrusted(Value value) {
        if (value.refId() != 0) {
            return true;
        }
        boolean safe = !value.type().hasUnsafeModifiers();
        return safe && (hasKernelType(value.kind()) || value.type().has(Type.TRUST_MASK));
    }

    /** The kinds that stand for one kernel structure each (reg2btf_ids). */
    public static boolean hasKernelType(Kind kind) {
        return kind == Kind.SOCKET || kind == Kind.SOCK_COMMON || kind == Kind.TCP_SOCK || kind == Kind.CONST_MAP;
    }

    /** Whether the pointer can't be NULL (reg_not_null). */
    public static boolean isNeverNull(Value value) {
        if (value.type().mayBeNull() || value.number().wide().smin() <= -Limits.MAX_OFFSET
                || value.number().wide().smax() >= Limits.MAX_OFFSET) {
            return false;
        }
        return switch (value.kind()) {
            case SOCKET, TCP_SOCK, XDP_SOCK, BUF, MAP_VALUE, MAP_KEY, SOCK_COMMON, MEM, CONST_MAP -> true;
            case BTF_ID -> isTrusted(value);
            default -> false;
        };
    }
}
