package org.bpfz.spec.program;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What kind of program this is, which decides its context, its helpers and where it attaches: all of Linux 6.12 (enum bpf_prog_type), and
 * the compressor one above (PROG-1).
 */
public enum ProgramType {
    UNSPEC(0),
    SOCKET_FILTER(1),
    KPROBE(2),
    SCHED_CLS(3),
    SCHED_ACT(4),
    TRACEPOINT(5),
    XDP(6),
    PERF_EVENT(7),
    CGROUP_SKB(8),
    CGROUP_SOCK(9),
    LWT_IN(10),
    LWT_OUT(11),
    LWT_XMIT(12),
    SOCK_OPS(13),
    SK_SKB(14),
    CGROUP_DEVICE(15),
    SK_MSG(16),
    RAW_TRACEPOINT(17),
    CGROUP_SOCK_ADDR(18),
    LWT_SEG6LOCAL(19),
    LIRC_MODE2(20),
    SK_REUSEPORT(21),
    FLOW_DISSECTOR(22),
    CGROUP_SYSCTL(23),
    RAW_TRACEPOINT_WRITABLE(24),
    CGROUP_SOCKOPT(25),
    TRACING(26),
    STRUCT_OPS(27),
    EXT(28),
    LSM(29),
    SK_LOOKUP(30),
    SYSCALL(31),
    NETFILTER(32),
    COMPRESSOR(33);

    private static final ProgramType[] BY_NUMBER = values();

    private final int number;

    ProgramType(int number) {
        this.number = number;
    }

    /** The number in the attributes of bpf(2). */
    public int number() {
        return number;
    }

    /** The enumerator of include/uapi/linux/bpf.h: {@code BPF_PROG_TYPE_SCHED_CLS}. */
    public String kernelName() {
        return "BPF_PROG_TYPE_" + name();
    }

    /** As bpftool and libbpf print it: {@code sched_cls}. */
    public String toolName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type with the number, or null where there is none. */
    public static @Nullable ProgramType of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    /** The type with that {@link #toolName}, or null where there is none. */
    public static @Nullable ProgramType ofToolName(String name) {
        for (ProgramType type : BY_NUMBER) {
            if (type.toolName().equals(name)) {
                return type;
            }
        }
        return null;
    }
}
