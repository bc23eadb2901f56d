package org.bpfz.verifier.btf;

import java.util.Map;

/** The members through which trust passes on: a table of structures and fields (BTF_TYPE_SAFE_* in kernel/bpf/verifier.c). */
public final class SafeFields {
    /** What a pointer loaded from the field is. */
    public enum Safety {
        NONE, RCU, RCU_OR_NULL, TRUSTED, TRUSTED_OR_NULL
    }

    private static final Map<String, Safety> TABLE = Map.ofEntries(
            Map.entry("task_struct.cpus_ptr", Safety.RCU),
            Map.entry("task_struct.cgroups", Safety.RCU),
            Map.entry("task_struct.real_parent", Safety.RCU),
            Map.entry("task_struct.group_leader", Safety.RCU),
            Map.entry("cgroup.kn", Safety.RCU),
            Map.entry("css_set.dfl_cgrp", Safety.RCU),
            Map.entry("mm_struct.exe_file", Safety.RCU_OR_NULL),
            Map.entry("sk_buff.sk", Safety.RCU_OR_NULL),
            Map.entry("request_sock.sk", Safety.RCU_OR_NULL),
            Map.entry("bpf_iter_meta.seq", Safety.TRUSTED),
            Map.entry("bpf_iter__task.meta", Safety.TRUSTED),
            Map.entry("bpf_iter__task.task", Safety.TRUSTED),
            Map.entry("linux_binprm.file", Safety.TRUSTED),
            Map.entry("file.f_inode", Safety.TRUSTED),
            Map.entry("dentry.d_inode", Safety.TRUSTED),
            Map.entry("socket.sk", Safety.TRUSTED_OR_NULL));

    private SafeFields() {
    }

    /** What a pointer loaded from the field of a trusted structure is. */
    public static Safety of(String structure, String field) {
        return TABLE.getOrDefault(structure + "." + field, Safety.NONE);
    }
}
