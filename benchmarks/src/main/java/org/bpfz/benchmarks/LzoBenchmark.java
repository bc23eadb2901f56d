package org.bpfz.benchmarks;

import java.util.concurrent.TimeUnit;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.LzoRle;
import org.bpfz.lzo.MalformedInputException;
import org.bpfz.lzo.WorkMemory;
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

/** How long LZO takes for one block, in microseconds: to compress it, to learn only its size, to decompress it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class LzoBenchmark {
    /** Bytes a block. */
    @Param({"4096", "65536", "1048576"})
    public int block;

    /** What is in it. */
    @Param
    public Corpus corpus;

    private final WorkMemory work = new WorkMemory();
    private byte[] plain = {};
    private byte[] packed = {};
    private byte[] target = {};
    private int packedLength;

    /** Makes the block and its compressed form. */
    @Setup
    public void prepare() {
        plain = corpus.bytes(block);
        packed = new byte[Lzo1x.maxCompressedLength(block)];
        packedLength = Lzo1x.compress(plain, 0, block, packed, 0, work);
        target = new byte[Math.max(block, LzoRle.maxCompressedLength(block))];
    }

    @Benchmark
    public int compress() {
        return Lzo1x.compress(plain, 0, block, target, 0, work);
    }

    @Benchmark
    public int compressRle() {
        return LzoRle.compress(plain, 0, block, target, 0, work);
    }

    @Benchmark
    public int size() {
        return Lzo1x.compressedSize(plain, 0, block, work);
    }

    @Benchmark
    public int decompress() throws MalformedInputException {
        return Lzo1x.decompress(packed, 0, packedLength, target, 0, block);
    }
}
