package org.bpfz.spec.program;

/** What a helper leaves in r0 (the base types of enum bpf_return_type in include/linux/bpf.h). */
public enum ReturnKind {
    /** A number. */
    INTEGER,
    /** Nothing: r0 is not initialised. */
    VOID,
    /** A value of the map that was passed. */
    PTR_TO_MAP_VALUE,
    /** A struct bpf_sock. */
    PTR_TO_SOCKET,
    /** A struct bpf_tcp_sock. */
    PTR_TO_TCP_SOCK,
    /** A struct sock_common. */
    PTR_TO_SOCK_COMMON,
    /** Memory of a size known to the verifier. */
    PTR_TO_MEM,
    /** Memory or a structure of the kernel, by the type that was asked for. */
    PTR_TO_MEM_OR_BTF_ID,
    /** A structure of the kernel. */
    PTR_TO_BTF_ID;

    /** The enumerator of include/linux/bpf.h: {@code RET_INTEGER}. */
    public String kernelName() {
        return "RET_" + name();
    }
}
