package org.bpfz.benchmarks;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.jspecify.annotations.Nullable;

/** How long one run of a program takes, in nanoseconds, once everything is compiled that will be. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 15)
@Fork(3)
public class EngineBenchmark {
    private static final int TURNS_BEFORE_REST = 100;

    /** What runs. */
    @Param
    public Sample sample;

    private @Nullable Match match;

    /** Who takes part. */
    static List<String> contenders() {
        return Contender.names();
    }

    /** Loads it everywhere. */
    @Setup
    public void prepare() throws Exception {
        List<Match.Task> tasks = new ArrayList<>();
        for (String name : contenders()) {
            tasks.add(Contender.of(name, sample)::run);
        }
        match = Match.begin(tasks, 1, TURNS_BEFORE_REST);
    }

    @Benchmark
    public long run(Turns turns) throws Exception {
        return requireNonNull(match).sample(turns);
    }
}
