package org.bpfz.verifier.state;

/** What a register can hold, without modifiers (enum bpf_reg_type), and its name in the log (reg_type_str, kernel/bpf/log.c). */
public enum Kind {
    NOT_INIT("?"),
    SCALAR("scalar"),
    CTX("ctx"),
    CONST_MAP("map_ptr"),
    MAP_VALUE("map_value"),
    MAP_KEY("map_key"),
    STACK("fp"),
    PACKET_META("pkt_meta"),
    PACKET("pkt"),
    PACKET_END("pkt_end"),
    FLOW_KEYS("flow_keys"),
    SOCKET("sock"),
    SOCK_COMMON("sock_common"),
    TCP_SOCK("tcp_sock"),
    TP_BUFFER("tp_buffer"),
    XDP_SOCK("xdp_sock"),
    BTF_ID("ptr_"),
    MEM("mem"),
    ARENA("arena"),
    BUF("buf"),
    FUNC("func"),
    DYNPTR("dynptr_ptr");

    private final String logName;

    Kind(String logName) {
        this.logName = logName;
    }

    /** The name in the log. */
    public String logName() {
        return logName;
    }

    /** This kind without modifiers. */
    public Type plain() {
        return Type.plain(this);
    }

    /** A pointer into the packet that may be loaded through: the data or the metadata before it. */
    public boolean isPacketData() {
        return this == PACKET || this == PACKET_META;
    }

    /** One of the socket views that have an access table of their own. */
    public boolean isSocketView() {
        return this == SOCKET || this == SOCK_COMMON || this == TCP_SOCK || this == XDP_SOCK;
    }

    /** A pointer whose payload is a map. */
    public boolean isOfMap() {
        return this == CONST_MAP || this == MAP_KEY || this == MAP_VALUE;
    }
}
