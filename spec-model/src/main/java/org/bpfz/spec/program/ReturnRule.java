package org.bpfz.spec.program;

/** What the verifier demands of r0 where a program of some type and attach type ends (check_return_code in kernel/bpf/verifier.c). */
public sealed interface ReturnRule {
    /** Nothing: r0 need not be set. */
    record Nothing() implements ReturnRule {}

    /** Any number. */
    record Any() implements ReturnRule {}

    /** A number of this range, both ends included. */
    record Range(int min, int max) implements ReturnRule {}

    /** A number whose lower 32 bits are, as a signed number, in this range, both ends included. */
    record IntRange(int min, int max) implements ReturnRule {}
}
