package org.bpfz.oracle.fuzz;

import java.util.List;
import java.util.Set;
import org.bpfz.spec.helper.Implementations;
import org.bpfz.spec.program.ProgramType;

/**
 * What a campaign draws from.
 *
 * @param types program types
 * @param reach which helpers may be called
 * @param raw   R1 is read-write memory and R2 its length, in place of a context
 */
public record Profile(List<ProgramType> types, Reach reach, boolean raw) {
    /** Which helpers may be called. */
    public enum Reach {
        /** All that the tables grant. */
        ALL,
        /** Those that every engine has. */
        MODELLED,
        /** Those of them whose results depend on their arguments and the maps only. */
        REPEATABLE
    }

    private static final Set<String> REPEATABLE = Set.of("bpf_map_lookup_elem", "bpf_map_update_elem",
            "bpf_map_delete_elem", "bpf_map_push_elem", "bpf_map_pop_elem", "bpf_map_peek_elem", "bpf_loop",
            "bpf_strtol", "bpf_strtoul", "bpf_strncmp");

    /** All types that load without an attach target, for a kernel's verifier. */
    public static final Profile VERDICTS = new Profile(List.of(ProgramType.SOCKET_FILTER, ProgramType.SCHED_CLS,
            ProgramType.XDP, ProgramType.CGROUP_SKB, ProgramType.RAW_TRACEPOINT, ProgramType.TRACEPOINT,
            ProgramType.KPROBE, ProgramType.PERF_EVENT, ProgramType.SYSCALL), Reach.ALL, false);

    /** Bare memory and modelled helpers, for engines that run what no verifier has seen. */
    public static final Profile RAW = new Profile(List.of(ProgramType.COMPRESSOR), Reach.MODELLED, true);

    /** Compressor programs and modelled helpers, for engines that may rely on the verifier. */
    public static final Profile VERIFIED = new Profile(List.of(ProgramType.COMPRESSOR), Reach.MODELLED, false);

    /** What the running kernel can be asked to run, with its context copied back. */
    public static final Profile LIVE = new Profile(List.of(ProgramType.SYSCALL), Reach.REPEATABLE, false);

    /** Whether a helper may be called. */
    boolean allows(String helper) {
        return switch (reach) {
            case ALL -> true;
            case MODELLED -> Implementations.names().contains(helper);
            case REPEATABLE -> REPEATABLE.contains(helper);
        };
    }
}
