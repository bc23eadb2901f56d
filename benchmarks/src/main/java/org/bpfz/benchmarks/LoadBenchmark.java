package org.bpfz.benchmarks;

import java.util.concurrent.TimeUnit;
import org.bpfz.spec.engine.Executable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What comes before a program is fast: loading it, once the engine itself is compiled, and the very first run in a new JVM. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
public class LoadBenchmark {
    /** What is loaded. */
    @Param
    public Sample sample;

    /** By which engine. */
    @Param({"interpreter", "jit"})
    public String contender;

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Warmup(iterations = 3, time = 1)
    @Measurement(iterations = 9, time = 1)
    public Executable load() {
        return Contender.load(contender, sample.name(), sample.code());
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public long firstRun() throws Exception {
        return Contender.of(contender, sample).run(1);
    }
}
