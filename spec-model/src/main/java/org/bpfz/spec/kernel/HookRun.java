package org.bpfz.spec.kernel;

/** A program that a call ran on the way, for whoever prints or checks what happened. */
public sealed interface HookRun {
    /** Which program ran. */
    int program();

    /** Its result as the hook function returned it: the low 32 bits of r0. */
    int result();

    /** A run on the decide hook. */
    record Decide(int program, int uid, int gid, int result) implements HookRun {}

    /** A run on the verify hook. */
    record Verify(int program, long offset, long size, int result) implements HookRun {}
}
