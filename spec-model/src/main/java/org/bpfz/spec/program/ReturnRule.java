package org.bpfz.spec.program;

/** What the verifier demands of r0 where a program of some type and attach type ends (check_return_code in kernel/bpf/verifier.c). */
public sealed interface ReturnRule {
    /** Any number. */
    record Any() implements ReturnRule {}

    /** A number of this range, both ends included. */
    record Range(int min, int max) implements ReturnRule {}

    /** As the hook's return type and list say (bpf_lsm_get_retval_range in kernel/bpf/bpf_lsm.c). */
    record ByHook() implements ReturnRule {}
}
