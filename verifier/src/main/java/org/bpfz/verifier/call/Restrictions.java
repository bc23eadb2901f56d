package org.bpfz.verifier.call;

import java.util.Set;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.HelperRestriction;
import org.bpfz.spec.program.ProgramTraits;
import org.bpfz.spec.program.ProgramType;

/** Helpers that only some attach points may use (the allowed() functions of helper prototypes). */
final class Restrictions {
    /** btf_allowlist_d_path, kernel/trace/bpf_trace.c. */
    private static final Set<String> D_PATH_FUNCTIONS = Set.of("security_file_permission", "security_inode_getattr",
            "security_file_open", "security_path_truncate", "vfs_truncate", "vfs_fallocate", "dentry_open",
            "vfs_getattr",
            "filp_close");

    /** sleepable_lsm_hooks, kernel/bpf/bpf_lsm.c, without their prefix. */
    private static final Set<String> SLEEPABLE_HOOKS = Set.of("bpf", "bpf_map", "bpf_map_create", "bpf_map_free",
            "bpf_prog",
            "bpf_prog_load", "bpf_token_create", "bpf_token_free", "bpf_token_cmd", "bpf_token_capable",
            "bprm_check_security", "bprm_committed_creds", "bprm_committing_creds", "bprm_creds_for_exec",
            "bprm_creds_from_file", "capget", "capset", "cred_prepare", "file_ioctl", "file_lock", "file_open",
            "file_post_open", "file_receive", "inode_create", "inode_free_security", "inode_getattr", "inode_getxattr",
            "inode_mknod", "inode_need_killpriv", "inode_post_setxattr", "inode_readlink", "inode_rename",
            "inode_rmdir",
            "inode_setattr", "inode_setxattr", "inode_symlink", "inode_unlink", "kernel_module_request",
            "kernel_read_file", "kernfs_init_security", "path_unlink", "path_mkdir", "path_rmdir", "path_truncate",
            "path_symlink", "path_link", "path_rename", "path_chmod", "path_chown", "mmap_file", "netlink_send",
            "path_notify", "release_secctx", "sb_alloc_security", "sb_eat_lsm_opts", "sb_kern_mount", "sb_mount",
            "sb_remount", "sb_set_mnt_opts", "sb_show_options", "sb_statfs", "sb_umount", "settime", "socket_accept",
            "socket_bind", "socket_connect", "socket_create", "socket_getpeername", "socket_getpeersec_dgram",
            "socket_getsockname", "socket_getsockopt", "socket_listen", "socket_post_create", "socket_recvmsg",
            "socket_sendmsg", "socket_shutdown", "socket_socketpair", "syslog", "task_alloc", "current_getsecid_subj",
            "task_getsecid_obj", "task_prctl", "task_setscheduler", "userns_create");

    private Restrictions() {
    }

    /** Whether a program of these traits may use a helper that is restricted so. */
    static boolean allow(HelperRestriction restriction, ProgramTraits traits) {
        String target = traits.attachTarget() == null ? "" : traits.attachTarget();
        boolean sleepableHook = traits.type() == ProgramType.LSM && SLEEPABLE_HOOKS.contains(target);
        return switch (restriction) {
            case D_PATH -> traits.attachType() == AttachType.TRACE_ITER || sleepableHook
                    || (traits.type() == ProgramType.TRACING && D_PATH_FUNCTIONS.contains(target));
            case SLEEPABLE_LSM_HOOK -> sleepableHook;
            case SK_STORAGE_TRACING -> traits.attachType() == AttachType.TRACE_RAW_TP
                    || ((traits.attachType() == AttachType.TRACE_FENTRY
                            || traits.attachType() == AttachType.TRACE_FEXIT)
                            && !target.startsWith("bpf_sk_storage"));
        };
    }
}
