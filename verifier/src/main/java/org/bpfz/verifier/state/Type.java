package org.bpfz.verifier.state;

/**
 * A kind with its modifiers: what one register type in the kernel's sense is (enum bpf_reg_type with enum bpf_type_flag).
 *
 * @param flags the sum of the constants below
 */
public record Type(Kind kind, int flags) {
    /** The pointer may be NULL; it has to be compared with 0 first. */
    public static final int MAYBE_NULL = 1;
    /** The memory may not be written. */
    public static final int RDONLY = 1 << 1;
    /** The memory is a record reserved in a ring buffer. */
    public static final int RINGBUF = 1 << 2;
    /** The memory is in user space. */
    public static final int USER = 1 << 3;
    /** The memory exists once a CPU; this_cpu_ptr or per_cpu_ptr comes first. */
    public static final int PERCPU = 1 << 4;
    /** The object may be gone: loads are fine (they are guarded), passing it on is not. */
    public static final int UNTRUSTED = 1 << 6;
    /** A slice of an skb dynptr. */
    public static final int DYNPTR_SKB = 1 << 15;
    /** A slice of an xdp dynptr. */
    public static final int DYNPTR_XDP = 1 << 16;
    /** A slice of a local dynptr. */
    public static final int DYNPTR_LOCAL = 1 << 8;
    /** A slice of a ring buffer dynptr. */
    public static final int DYNPTR_RINGBUF = 1 << 9;
    /** All dynptr flags. */
    public static final int DYNPTR_MASK = DYNPTR_SKB | DYNPTR_XDP | DYNPTR_LOCAL | DYNPTR_RINGBUF;
    /** An object of the program's own, from bpf_obj_new. */
    public static final int ALLOC = 1 << 11;
    /** The kernel vouches for the pointer. */
    public static final int TRUSTED = 1 << 12;
    /** Valid inside of an RCU read-side section. */
    public static final int RCU = 1 << 13;
    /** A node of a list or tree that somebody else owns. */
    public static final int NON_OWN = 1 << 14;

    /** The modifiers that vouch for a pointer (BPF_REG_TRUSTED_MODIFIERS). */
    public static final int TRUST_MASK = ALLOC | TRUSTED | NON_OWN;

    private static final Type[] PLAIN = plainTypes();

    private static Type[] plainTypes() {
        Kind[] kinds = Kind.values();
        Type[] types = new Type[kinds.length];
        for (Kind kind : kinds) {
            types[kind.ordinal()] = new Type(kind, 0);
        }
        return types;
    }

    /** The kind without modifiers. */
    static Type plain(Kind kind) {
        return PLAIN[kind.ordinal()];
    }

    /** The type with these modifiers. */
    public static Type of(Kind kind, int flags) {
        return flags == 0 ? kind.plain() : new Type(kind, flags);
    }

    /** Whether this is the kind without any modifier. */
    public boolean is(Kind wanted) {
        return kind == wanted && flags == 0;
    }

    /** Whether one of the modifiers is there. */
    public boolean has(int anyOf) {
        return (flags & anyOf) != 0;
    }

    /** With the modifiers. */
    public Type with(int more) {
        return has(more) && (flags & more) == more ? this : of(kind, flags | more);
    }

    /** Without the modifiers. */
    public Type without(int less) {
        return has(less) ? of(kind, flags & ~less) : this;
    }

    /** Whether a comparison with 0 has to come first. */
    public boolean mayBeNull() {
        return has(MAYBE_NULL);
    }

    /** A modifier that forbids passing the pointer to the kernel (bpf_type_has_unsafe_modifiers). */
    public boolean hasUnsafeModifiers() {
        return has(~TRUST_MASK);
    }

    /** An object of the program's own that is still there (type_is_ptr_alloc_obj). */
    public boolean isAllocatedObject() {
        return kind == Kind.BTF_ID && has(ALLOC) && !has(UNTRUSTED);
    }

    /** A node that somebody else owns (type_is_non_owning_ref). */
    public boolean isNonOwning() {
        return isAllocatedObject() && has(NON_OWN);
    }

    /** The name in the log (reg_type_str, kernel/bpf/log.c). */
    @Override
    public String toString() {
        if (flags == 0) {
            return kind.logName();
        }
        String postfix = !mayBeNull() ? "" : kind == Kind.BTF_ID ? "or_null_" : "_or_null";
        return (has(RDONLY) ? "rdonly_" : "") + (has(RINGBUF) ? "ringbuf_" : "") + (has(USER) ? "user_" : "")
                + (has(PERCPU) ? "percpu_" : "") + (has(RCU) ? "rcu_" : "") + (has(UNTRUSTED) ? "untrusted_" : "")
                + (has(TRUSTED) ? "trusted_" : "") + kind.logName() + postfix;
    }
}
