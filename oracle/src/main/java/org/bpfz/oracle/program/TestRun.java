package org.bpfz.oracle.program;

import java.util.concurrent.TimeUnit;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Executable.Timing;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;

/**
 * What came of a program that was run so many times over.
 *
 * @param result    of the last run
 * @param meanNanos how long a run takes in the end, in nanoseconds
 */
public record TestRun(Result result, double meanNanos) {
    /** What a JVM needs to compile what runs often. */
    private static final long WARM = TimeUnit.SECONDS.toNanos(1);

    /** Of a series that long, the part that ran cold does not matter. */
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);

    /**
     * Runs a program. The result is that of exactly so many runs; where there is more than one, the time is taken of a further series, once
     * the JVM is warm. Maps then have seen more runs than were asked for.
     */
    public static TestRun of(Executable program, Invocation invocation, int times) {
        Timing first = program.repeat(invocation, times);
        Timing timed = first;
        long spent = first.nanos();
        boolean again = times > 1 && first.last().fault() == null;
        while (again) {
            again = spent < WARM;
            if (spent < LONG) {
                timed = program.repeat(invocation, times);
                spent += timed.nanos();
            }
        }
        return new TestRun(first.last(), (double) timed.nanos() / timed.times());
    }
}
