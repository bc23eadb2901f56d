package org.bpfz.benchmarks;

import java.io.IOException;
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

/** How long LZO takes to compress one block, in nanoseconds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class LzoBenchmark {
    /** Bytes a block. */
    @Param({"4096", "65536", "1048576"})
    public int block;

    /** What is in it. */
    @Param
    public Corpus corpus;

    /** What compresses it. */
    @Param("bpfz")
    public String contender;

    private LzoContender ready = data -> 0;
    private byte[] plain = {};

    /** Makes the block. */
    @Setup
    public void prepare() throws IOException {
        plain = corpus.bytes(block);
        ready = LzoContender.of(contender, plain);
    }

    @Benchmark
    public long compress() throws Exception {
        return ready.compress(plain);
    }
}
