package org.bpfz.spec.program;

/** To which attach points a prototype is confined beyond its program type (the {@code allowed} function of struct bpf_func_proto). */
public enum HelperRestriction {
    /** Iterators, sleepable LSM hooks and the functions on the kernel's list btf_allowlist_d_path (kernel/trace/bpf_trace.c). */
    D_PATH,
    /** Sleepable LSM hooks (bpf_ima_inode_hash_allowed in kernel/bpf/bpf_lsm.c). */
    SLEEPABLE_LSM_HOOK,
    /** Tracing programs that are not attached to a function of the socket storage itself (net/core/bpf_sk_storage.c). */
    SK_STORAGE_TRACING
}
