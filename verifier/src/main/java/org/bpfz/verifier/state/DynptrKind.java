package org.bpfz.verifier.state;

/** What memory a dynptr stands for (enum bpf_dynptr_type). */
public enum DynptrKind {
    INVALID("<invalid>", 0),
    LOCAL("local", Type.DYNPTR_LOCAL),
    RINGBUF("ringbuf", Type.DYNPTR_RINGBUF),
    SKB("skb", Type.DYNPTR_SKB),
    XDP("xdp", Type.DYNPTR_XDP);

    private final String logName;
    private final int flag;

    DynptrKind(String logName, int flag) {
        this.logName = logName;
        this.flag = flag;
    }

    /** The name in the log. */
    public String logName() {
        return logName;
    }

    /** The modifier that marks a slice of it, or 0. */
    public int flag() {
        return flag;
    }

    /** Whether it has to be released (dynptr_type_refcounted). */
    public boolean isReferenced() {
        return this == RINGBUF;
    }

    /** The kind that the modifiers name, else INVALID (arg_to_dynptr_type). */
    public static DynptrKind ofFlags(int flags) {
        return switch (flags & Type.DYNPTR_MASK) {
            case Type.DYNPTR_LOCAL -> LOCAL;
            case Type.DYNPTR_RINGBUF -> RINGBUF;
            case Type.DYNPTR_SKB -> SKB;
            case Type.DYNPTR_XDP -> XDP;
            default -> INVALID;
        };
    }
}
