package org.bpfz.verifier.state;

/** The values that a program or callback may return, both ends included (struct bpf_retval_range). */
public record ReturnRange(int min, int max) {}
