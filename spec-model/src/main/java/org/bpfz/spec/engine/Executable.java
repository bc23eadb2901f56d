package org.bpfz.spec.engine;

import org.bpfz.spec.program.ProgramImage;

/** A loaded program. */
public interface Executable {

    /** Its number in its environment, from 1 in order of loading: what a prog array holds of it. */
    int id();

    /** What it was loaded from. */
    ProgramImage image();

    /** Runs it once. Whatever the program does ends in a result: a fault is a value, no exception. */
    Result run(Invocation invocation);

    /**
     * Runs it several times over, as BPF_PROG_TEST_RUN with repeat does (net/bpf/test_run.c, bpf_test_run): each run finds context, raw memory
     * and packet as the one before has left them, and a fault ends the series.
     *
     * @param times at least 1
     */
    Timing repeat(Invocation invocation, int times);

    /**
     * What a series of runs took.
     *
     * @param last  the result of the last run
     * @param times how many runs there were
     * @param nanos how long all of them took together, in nanoseconds, without what happens once
     */
    record Timing(Result last, int times, long nanos) {}
}
