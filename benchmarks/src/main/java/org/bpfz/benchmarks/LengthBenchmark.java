package org.bpfz.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long one instruction of a straight line takes, in nanoseconds, however long the line is: so many runs that all lengths come to the same
 * number of instructions. What can not be kept in one method, or in a cache, shows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class LengthBenchmark {
    /** The length that the others are compared with. */
    static final String SHORTEST = "500";

    private static final int INSTRUCTIONS = 60_000;

    /** A method is compiled for the last time when it has been called some thousand times. */
    private static final int RUNS_BEFORE_REST = 20_000;

    /** Instructions of the program: who is compared here are lengths. */
    @Param({SHORTEST, "4000", "60000"})
    public int contender;

    /** What runs it. */
    @Param({"interpreter", "jit"})
    public String engine;

    private Contender ready = new Contender() {
        @Override
        long run(int times) {
            return 0;
        }
    };

    /** Loads the program and runs it until the JVM's compilers have come to rest. */
    @Setup
    public void prepare() throws Exception {
        ready = Contender.of(engine, contender);
        if (!engine.equals(Contender.KERNEL)) {
            Compilers.rest(this::perInstruction, RUNS_BEFORE_REST / (INSTRUCTIONS / contender));
        }
    }

    @Benchmark
    @OperationsPerInvocation(INSTRUCTIONS)
    public long perInstruction() throws Exception {
        return ready.run(INSTRUCTIONS / contender);
    }
}
