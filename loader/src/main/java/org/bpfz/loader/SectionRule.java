package org.bpfz.loader;

import java.util.List;
import java.util.Optional;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a section says about the programs in it: libbpf's table (section_defs of tools/lib/bpf/libbpf.c), and the
 * compressor's two hooks. The first row that matches counts.
 *
 * @param pattern    the section's name; with a + at the end also every name that goes on with a slash
 * @param attachType expected_attach_type, null for 0
 * @param sleepable  whether the program asks to be allowed to sleep
 */
record SectionRule(String pattern, ProgramType type, @Nullable AttachType attachType, boolean sleepable) {

    private static final List<SectionRule> ROWS = List.of(
            row("compressor+", ProgramType.COMPRESSOR, AttachType.COMPRESSOR),
            row("socket", ProgramType.SOCKET_FILTER, null),
            row("sk_reuseport/migrate", ProgramType.SK_REUSEPORT, AttachType.SK_REUSEPORT_SELECT_OR_MIGRATE),
            row("sk_reuseport", ProgramType.SK_REUSEPORT, AttachType.SK_REUSEPORT_SELECT),
            row("kprobe+", ProgramType.KPROBE, null),
            row("uprobe+", ProgramType.KPROBE, null),
            sleepable("uprobe.s+", ProgramType.KPROBE, null),
            row("kretprobe+", ProgramType.KPROBE, null),
            row("uretprobe+", ProgramType.KPROBE, null),
            sleepable("uretprobe.s+", ProgramType.KPROBE, null),
            row("kprobe.multi+", ProgramType.KPROBE, AttachType.TRACE_KPROBE_MULTI),
            row("kretprobe.multi+", ProgramType.KPROBE, AttachType.TRACE_KPROBE_MULTI),
            row("kprobe.session+", ProgramType.KPROBE, AttachType.TRACE_KPROBE_SESSION),
            row("uprobe.multi+", ProgramType.KPROBE, AttachType.TRACE_UPROBE_MULTI),
            row("uretprobe.multi+", ProgramType.KPROBE, AttachType.TRACE_UPROBE_MULTI),
            sleepable("uprobe.multi.s+", ProgramType.KPROBE, AttachType.TRACE_UPROBE_MULTI),
            sleepable("uretprobe.multi.s+", ProgramType.KPROBE, AttachType.TRACE_UPROBE_MULTI),
            row("ksyscall+", ProgramType.KPROBE, null),
            row("kretsyscall+", ProgramType.KPROBE, null),
            row("usdt+", ProgramType.KPROBE, null),
            sleepable("usdt.s+", ProgramType.KPROBE, null),
            row("tc/ingress", ProgramType.SCHED_CLS, AttachType.TCX_INGRESS),
            row("tc/egress", ProgramType.SCHED_CLS, AttachType.TCX_EGRESS),
            row("tcx/ingress", ProgramType.SCHED_CLS, AttachType.TCX_INGRESS),
            row("tcx/egress", ProgramType.SCHED_CLS, AttachType.TCX_EGRESS),
            row("tc", ProgramType.SCHED_CLS, null),
            row("classifier", ProgramType.SCHED_CLS, null),
            row("action", ProgramType.SCHED_ACT, null),
            row("netkit/primary", ProgramType.SCHED_CLS, AttachType.NETKIT_PRIMARY),
            row("netkit/peer", ProgramType.SCHED_CLS, AttachType.NETKIT_PEER),
            row("tracepoint+", ProgramType.TRACEPOINT, null),
            row("tp+", ProgramType.TRACEPOINT, null),
            row("raw_tracepoint+", ProgramType.RAW_TRACEPOINT, null),
            row("raw_tp+", ProgramType.RAW_TRACEPOINT, null),
            row("raw_tracepoint.w+", ProgramType.RAW_TRACEPOINT_WRITABLE, null),
            row("raw_tp.w+", ProgramType.RAW_TRACEPOINT_WRITABLE, null),
            row("tp_btf+", ProgramType.TRACING, AttachType.TRACE_RAW_TP),
            row("fentry+", ProgramType.TRACING, AttachType.TRACE_FENTRY),
            row("fmod_ret+", ProgramType.TRACING, AttachType.MODIFY_RETURN),
            row("fexit+", ProgramType.TRACING, AttachType.TRACE_FEXIT),
            sleepable("fentry.s+", ProgramType.TRACING, AttachType.TRACE_FENTRY),
            sleepable("fmod_ret.s+", ProgramType.TRACING, AttachType.MODIFY_RETURN),
            sleepable("fexit.s+", ProgramType.TRACING, AttachType.TRACE_FEXIT),
            row("freplace+", ProgramType.EXT, null),
            row("lsm+", ProgramType.LSM, AttachType.LSM_MAC),
            sleepable("lsm.s+", ProgramType.LSM, AttachType.LSM_MAC),
            row("lsm_cgroup+", ProgramType.LSM, AttachType.LSM_CGROUP),
            row("iter+", ProgramType.TRACING, AttachType.TRACE_ITER),
            sleepable("iter.s+", ProgramType.TRACING, AttachType.TRACE_ITER),
            sleepable("syscall", ProgramType.SYSCALL, null),
            row("xdp.frags/devmap", ProgramType.XDP, AttachType.XDP_DEVMAP),
            row("xdp/devmap", ProgramType.XDP, AttachType.XDP_DEVMAP),
            row("xdp.frags/cpumap", ProgramType.XDP, AttachType.XDP_CPUMAP),
            row("xdp/cpumap", ProgramType.XDP, AttachType.XDP_CPUMAP),
            row("xdp.frags", ProgramType.XDP, AttachType.XDP),
            row("xdp", ProgramType.XDP, AttachType.XDP),
            row("perf_event", ProgramType.PERF_EVENT, null),
            row("lwt_in", ProgramType.LWT_IN, null),
            row("lwt_out", ProgramType.LWT_OUT, null),
            row("lwt_xmit", ProgramType.LWT_XMIT, null),
            row("lwt_seg6local", ProgramType.LWT_SEG6LOCAL, null),
            row("sockops", ProgramType.SOCK_OPS, AttachType.CGROUP_SOCK_OPS),
            row("sk_skb/stream_parser", ProgramType.SK_SKB, AttachType.SK_SKB_STREAM_PARSER),
            row("sk_skb/stream_verdict", ProgramType.SK_SKB, AttachType.SK_SKB_STREAM_VERDICT),
            row("sk_skb/verdict", ProgramType.SK_SKB, AttachType.SK_SKB_VERDICT),
            row("sk_skb", ProgramType.SK_SKB, null),
            row("sk_msg", ProgramType.SK_MSG, AttachType.SK_MSG_VERDICT),
            row("lirc_mode2", ProgramType.LIRC_MODE2, AttachType.LIRC_MODE2),
            row("flow_dissector", ProgramType.FLOW_DISSECTOR, AttachType.FLOW_DISSECTOR),
            row("cgroup_skb/ingress", ProgramType.CGROUP_SKB, AttachType.CGROUP_INET_INGRESS),
            row("cgroup_skb/egress", ProgramType.CGROUP_SKB, AttachType.CGROUP_INET_EGRESS),
            row("cgroup/skb", ProgramType.CGROUP_SKB, null),
            row("cgroup/sock_create", ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET_SOCK_CREATE),
            row("cgroup/sock_release", ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET_SOCK_RELEASE),
            row("cgroup/sock", ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET_SOCK_CREATE),
            row("cgroup/post_bind4", ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET4_POST_BIND),
            row("cgroup/post_bind6", ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET6_POST_BIND),
            row("cgroup/bind4", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_BIND),
            row("cgroup/bind6", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_BIND),
            row("cgroup/connect4", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_CONNECT),
            row("cgroup/connect6", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_CONNECT),
            row("cgroup/connect_unix", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UNIX_CONNECT),
            row("cgroup/sendmsg4", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP4_SENDMSG),
            row("cgroup/sendmsg6", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP6_SENDMSG),
            row("cgroup/sendmsg_unix", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UNIX_SENDMSG),
            row("cgroup/recvmsg4", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP4_RECVMSG),
            row("cgroup/recvmsg6", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP6_RECVMSG),
            row("cgroup/recvmsg_unix", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UNIX_RECVMSG),
            row("cgroup/getpeername4", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_GETPEERNAME),
            row("cgroup/getpeername6", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_GETPEERNAME),
            row("cgroup/getpeername_unix", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UNIX_GETPEERNAME),
            row("cgroup/getsockname4", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_GETSOCKNAME),
            row("cgroup/getsockname6", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_GETSOCKNAME),
            row("cgroup/getsockname_unix", ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UNIX_GETSOCKNAME),
            row("cgroup/sysctl", ProgramType.CGROUP_SYSCTL, AttachType.CGROUP_SYSCTL),
            row("cgroup/getsockopt", ProgramType.CGROUP_SOCKOPT, AttachType.CGROUP_GETSOCKOPT),
            row("cgroup/setsockopt", ProgramType.CGROUP_SOCKOPT, AttachType.CGROUP_SETSOCKOPT),
            row("cgroup/dev", ProgramType.CGROUP_DEVICE, AttachType.CGROUP_DEVICE),
            row("struct_ops+", ProgramType.STRUCT_OPS, null),
            sleepable("struct_ops.s+", ProgramType.STRUCT_OPS, null),
            row("sk_lookup", ProgramType.SK_LOOKUP, AttachType.SK_LOOKUP),
            row("netfilter", ProgramType.NETFILTER, AttachType.NETFILTER));

    private static SectionRule row(String pattern, ProgramType type, @Nullable AttachType attachType) {
        return new SectionRule(pattern, type, attachType, false);
    }

    private static SectionRule sleepable(String pattern, ProgramType type, @Nullable AttachType attachType) {
        return new SectionRule(pattern, type, attachType, true);
    }

    /** The row for a section's name, if there is one. */
    static Optional<SectionRule> find(String section) {
        return ROWS.stream().filter(row -> row.matches(section)).findFirst();
    }

    private boolean matches(String section) {
        if (!pattern.endsWith("+")) {
            return section.equals(pattern);
        }
        String prefix = pattern.substring(0, pattern.length() - 1);
        return section.equals(prefix) || section.startsWith(prefix + "/");
    }

    /** What a section's name says the program is for: all behind the slash where the row has a +, null if there is nothing. */
    @Nullable
    String target(String section) {
        int slash = section.indexOf('/');
        if (!pattern.endsWith("+") || slash < 0) {
            return null;
        }
        String target = section.substring(slash + 1);
        boolean shortHook = type == ProgramType.COMPRESSOR && (target.equals("decide") || target.equals("verify"));
        return shortHook ? "bpf_compressor_" + target : target;
    }
}
