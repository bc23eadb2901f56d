package org.bpfz.spec.helper;

/** The helpers about CPUs and the one for random numbers (kernel/bpf/helpers.c; kernel/bpf/core.c, bpf_user_rnd_u32). */
final class CpuHelpers {
    private CpuHelpers() {
    }

    /** {@code u32 bpf_get_prandom_u32(void)}. */
    static Outcome random(HelperCall call) {
        return Outcome.of(Integer.toUnsignedLong(call.services().random().getAsInt()));
    }

    /** {@code u32 bpf_get_smp_processor_id(void)}. */
    static Outcome processor(HelperCall call) {
        return Outcome.of(call.cpu());
    }

    /** {@code long bpf_get_numa_node_id(void)}: all CPUs are on node 0. */
    static Outcome node(HelperCall call) {
        return Outcome.of(0);
    }
}
