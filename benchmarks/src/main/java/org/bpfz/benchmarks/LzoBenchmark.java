package org.bpfz.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
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

/** How long LZO takes to compress one block, in nanoseconds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 15)
@Fork(3)
public class LzoBenchmark {
    private static final int TURNS_BEFORE_REST = 1_000;

    /** Bytes a block. */
    @Param({"4096", "65536", "1048576"})
    public int block;

    /** What is in it. */
    @Param
    public Corpus corpus;

    private @Nullable Match match;

    /** Who takes part. */
    static List<String> contenders() throws IOException {
        return LzoContender.names();
    }

    /** Makes the block. */
    @Setup
    public void prepare() throws Exception {
        byte[] plain = corpus.bytes(block);
        List<Match.Task> tasks = new ArrayList<>();
        for (String name : contenders()) {
            LzoContender contender = LzoContender.of(name, plain);
            tasks.add(times -> {
                long sizes = 0;
                for (int i = 0; i < times; i++) {
                    sizes += contender.compress(plain);
                }
                return sizes;
            });
        }
        match = Match.begin(tasks, 1, TURNS_BEFORE_REST);
    }

    @Benchmark
    public long compress(Turns turns) throws Exception {
        return requireNonNull(match).sample(turns);
    }
}
