package org.bpfz.spec.program;

import org.jspecify.annotations.Nullable;

/** The groups of program types that sets of kernel functions are registered for (enum btf_kfunc_hook, bpf_prog_type_to_kfunc_hook). */
public enum KfuncHook {
    /** Any program. */
    COMMON, XDP, TC, STRUCT_OPS, TRACING, SYSCALL, CGROUP, SCHED_ACT, SK_SKB, SOCKET_FILTER, LWT, NETFILTER, KPROBE;

    /** The group of a program type beside {@link #COMMON}, or null where it has none. */
    public static @Nullable KfuncHook of(ProgramType type) {
        return switch (type) {
            case XDP -> XDP;
            case SCHED_CLS -> TC;
            case STRUCT_OPS -> STRUCT_OPS;
            case TRACING, TRACEPOINT, PERF_EVENT, LSM -> TRACING;
            case SYSCALL -> SYSCALL;
            case CGROUP_SKB, CGROUP_SOCK, CGROUP_DEVICE, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, CGROUP_SYSCTL -> CGROUP;
            case SCHED_ACT -> SCHED_ACT;
            case SK_SKB -> SK_SKB;
            case SOCKET_FILTER -> SOCKET_FILTER;
            case LWT_OUT, LWT_IN, LWT_XMIT, LWT_SEG6LOCAL -> LWT;
            case NETFILTER -> NETFILTER;
            case KPROBE -> KPROBE;
            default -> null;
        };
    }
}
