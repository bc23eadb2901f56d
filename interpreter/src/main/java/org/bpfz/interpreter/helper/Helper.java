package org.bpfz.interpreter.helper;

/** What a helper does with R1 to R5. */
@FunctionalInterface
public interface Helper {

    /** Returns R0; a fault is a {@link org.bpfz.interpreter.memory.FaultSignal}. */
    long call(Run run, long r1, long r2, long r3, long r4, long r5);
}
