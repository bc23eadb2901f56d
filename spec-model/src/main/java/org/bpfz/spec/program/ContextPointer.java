package org.bpfz.spec.program;

/** What a load of a context field yields, other than a number (the register types that is_valid_access functions set). */
public enum ContextPointer {
    /** A number. */
    NONE,
    /** PTR_TO_PACKET: the packet, or what stands for one. */
    PACKET,
    /** PTR_TO_PACKET_META: the metadata before the packet. */
    PACKET_META,
    /** PTR_TO_PACKET_END: the end of the packet. */
    PACKET_END,
    /** PTR_TO_SOCKET: a struct bpf_sock. */
    SOCKET,
    /** PTR_TO_SOCKET_OR_NULL. */
    SOCKET_OR_NULL,
    /** PTR_TO_SOCK_COMMON_OR_NULL: the first half of a struct bpf_sock. */
    SOCK_COMMON_OR_NULL,
    /** PTR_TO_FLOW_KEYS: a struct bpf_flow_keys. */
    FLOW_KEYS,
    /** PTR_TO_TP_BUFFER: the buffer of a writable tracepoint. */
    TP_BUFFER,
    /** PTR_TO_BTF_ID with PTR_TRUSTED: the structure that the row names. */
    TRUSTED,
    /** As the BTF prototype of the attach target says (btf_ctx_access). */
    BY_BTF;

    /** Whether it is one of the three pointers around a packet, which sign-extending loads may not fetch. */
    public boolean isPacket() {
        return this == PACKET || this == PACKET_META || this == PACKET_END;
    }
}
