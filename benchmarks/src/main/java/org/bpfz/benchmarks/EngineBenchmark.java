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

/** How long one run of a program takes, in nanoseconds, once everything is compiled that will be. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class EngineBenchmark {
    private static final int RUNS = 8;

    /** What runs. */
    @Param
    public Sample sample;

    /** What runs it. */
    @Param({"interpreter", "jit"})
    public String contender;

    private Contender ready = new Contender() {
        @Override
        long run(int times) {
            return 0;
        }
    };

    /** Loads it. */
    @Setup
    public void prepare() throws IOException {
        ready = Contender.of(contender, sample);
    }

    @Benchmark
    @OperationsPerInvocation(RUNS)
    public long run() throws Exception {
        return ready.run(RUNS);
    }
}
