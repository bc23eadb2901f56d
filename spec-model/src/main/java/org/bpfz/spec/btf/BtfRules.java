package org.bpfz.spec.btf;

/** How strict a reader of BTF is: the same bytes are looked at before, and after, a loader has completed them. */
public enum BtfRules {
    /**
     * What a compiler writes into an object file. As {@link #LOAD}, but sections may have no size and their variables no offsets
     * yet, functions and variables may be extern, extern variables may have no type and functions unnamed parameters.
     */
    OBJECT,
    /** What BPF_BTF_LOAD takes (kernel/bpf/btf.c, btf_parse). */
    LOAD,
    /**
     * What the kernel asks of its own BTF (kernel/bpf/btf.c, btf_parse_base): each record is well-formed and names only types
     * that exist; how they hang together, cycles included, is not looked at.
     */
    KERNEL
}
