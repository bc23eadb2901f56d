package org.bpfz.spec.program;

/** What a helper demands of an argument (the base types of enum bpf_arg_type in include/linux/bpf.h). */
public enum ArgKind {
    /** A map, known when the program is verified. */
    CONST_MAP_PTR,
    /** A key of the map that was passed before. */
    PTR_TO_MAP_KEY,
    /** A value of the map that was passed before. */
    PTR_TO_MAP_VALUE,
    /** Memory; its size is the next argument's, or fixed. */
    PTR_TO_MEM,
    /** A pointer into an arena. */
    PTR_TO_ARENA,
    /** The size of the memory that was passed before, not 0. */
    CONST_SIZE,
    /** The size of the memory that was passed before. */
    CONST_SIZE_OR_ZERO,
    /** The context. */
    PTR_TO_CTX,
    /** Anything initialised. */
    ANYTHING,
    /** A number. */
    SCALAR,
    /** A struct bpf_spin_lock in a map value. */
    PTR_TO_SPIN_LOCK,
    /** A struct sock_common. */
    PTR_TO_SOCK_COMMON,
    /** A struct bpf_sock. */
    PTR_TO_SOCKET,
    /** A structure of the kernel. */
    PTR_TO_BTF_ID,
    /** A record reserved in a ring buffer. */
    PTR_TO_RINGBUF_MEM,
    /** How many bytes to reserve, known when the program is verified. */
    CONST_ALLOC_SIZE_OR_ZERO,
    /** A struct sock_common of the kernel or its mirror struct bpf_sock. */
    PTR_TO_BTF_ID_SOCK_COMMON,
    /** A per-CPU variable of the kernel. */
    PTR_TO_PERCPU_BTF_ID,
    /** A function of the program. */
    PTR_TO_FUNC,
    /** The stack. */
    PTR_TO_STACK,
    /** A string with its terminator in a read-only map. */
    PTR_TO_CONST_STR,
    /** A struct bpf_timer in a map value. */
    PTR_TO_TIMER,
    /** The place in a map value or allocated object where a kernel pointer is kept. */
    KPTR_XCHG_DEST,
    /** A dynptr; its flags say over what. */
    PTR_TO_DYNPTR;

    /** The enumerator of include/linux/bpf.h: {@code ARG_PTR_TO_CTX}. */
    public String kernelName() {
        return "ARG_" + name();
    }
}
