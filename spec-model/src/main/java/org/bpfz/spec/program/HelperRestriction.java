package org.bpfz.spec.program;

import com.google.common.collect.ImmutableSet;

/** To which attach points a prototype is confined beyond its program type (the {@code allowed} function of struct bpf_func_proto). */
public enum HelperRestriction {
    /** Iterators, sleepable LSM hooks and a few traced functions (bpf_d_path_allowed in kernel/trace/bpf_trace.c). */
    D_PATH {
        @Override
        public boolean permits(ProgramTraits traits) {
            return switch (traits.type()) {
                case LSM -> isSleepableHook(traits);
                case TRACING -> traits.attachType() == AttachType.TRACE_ITER || isPathFunction(traits);
                default -> isPathFunction(traits);
            };
        }
    },
    /** Sleepable LSM hooks (bpf_ima_inode_hash_allowed in kernel/bpf/bpf_lsm.c). */
    SLEEPABLE_LSM_HOOK {
        @Override
        public boolean permits(ProgramTraits traits) {
            return isSleepableHook(traits);
        }
    },
    /** Tracing, but not of the socket storage itself (bpf_sk_storage_tracing_allowed in net/core/bpf_sk_storage.c). */
    SK_STORAGE_TRACING {
        @Override
        public boolean permits(ProgramTraits traits) {
            String target = traits.attachTarget();
            return switch (traits.effectiveAttachType()) {
                case TRACE_ITER, TRACE_RAW_TP -> true;
                case TRACE_FENTRY, TRACE_FEXIT -> target == null || !target.startsWith("bpf_sk_storage");
                default -> false;
            };
        }
    };

    /** btf_allowlist_d_path in kernel/trace/bpf_trace.c. */
    private static final ImmutableSet<String> PATH_FUNCTIONS = ImmutableSet.of("security_file_permission",
            "security_inode_getattr", "security_file_open", "security_path_truncate", "vfs_truncate", "vfs_fallocate",
            "dentry_open", "vfs_getattr", "filp_close");

    /** Whether a program of these traits may use the prototype. */
    public abstract boolean permits(ProgramTraits traits);

    private static boolean isSleepableHook(ProgramTraits traits) {
        LsmHook hook = LsmHook.of(traits.attachTarget());
        return hook != null && hook.sleepable();
    }

    private static boolean isPathFunction(ProgramTraits traits) {
        String target = traits.attachTarget();
        return target != null && PATH_FUNCTIONS.contains(target);
    }
}
