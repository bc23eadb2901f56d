package org.bpfz.verifier.btf;

/** The fields of a map value or allocated object that programs may reach only in their own way (enum btf_field_type). */
public enum FieldKind {
    SPIN_LOCK("bpf_spin_lock", 4, 4),
    TIMER("bpf_timer", 16, 8),
    KPTR_UNREF("kptr", 8, 8),
    KPTR_REF("kptr", 8, 8),
    KPTR_PERCPU("percpu_kptr", 8, 8),
    LIST_HEAD("bpf_list_head", 16, 8),
    LIST_NODE("bpf_list_node", 24, 8),
    RB_ROOT("bpf_rb_root", 16, 8),
    RB_NODE("bpf_rb_node", 32, 8),
    REFCOUNT("bpf_refcount", 4, 4),
    WORKQUEUE("bpf_wq", 16, 8);

    private final String logName;
    private final int size;
    private final int alignment;

    FieldKind(String logName, int size, int alignment) {
        this.logName = logName;
        this.size = size;
        this.alignment = alignment;
    }

    /** The name in the log (btf_field_type_name); for all but kptrs also the structure's name. */
    public String logName() {
        return logName;
    }

    /** Bytes (btf_field_type_size). */
    public int size() {
        return size;
    }

    /** Bytes (btf_field_type_align). */
    public int alignment() {
        return alignment;
    }

    /** A pointer to a kernel or program object (BPF_KPTR). */
    public boolean isKptr() {
        return this == KPTR_UNREF || this == KPTR_REF || this == KPTR_PERCPU;
    }

    /** A list or tree that owns nodes (BPF_GRAPH_ROOT). */
    public boolean isGraphRoot() {
        return this == LIST_HEAD || this == RB_ROOT;
    }

    /** A place in a list or tree (BPF_GRAPH_NODE). */
    public boolean isGraphNode() {
        return this == LIST_NODE || this == RB_NODE;
    }
}
