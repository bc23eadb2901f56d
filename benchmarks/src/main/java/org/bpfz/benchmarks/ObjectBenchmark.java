package org.bpfz.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
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

/** How long it takes to open and link an example's object, and to verify its programs, in nanoseconds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class ObjectBenchmark {
    /** The example. */
    @Param({"lzo", "rle", "entropy"})
    public String object;

    private byte[] bytes = {};
    private List<ProgramImage> images = List.of();

    /** Reads the file. */
    @Setup
    public void prepare() throws IOException {
        bytes = Files.readAllBytes(ProjectTree.root().resolve("examples").resolve(object + ".bpf.o"));
        images = link();
    }

    private List<ProgramImage> link() {
        BpfObject opened = BpfObject.open(object, bytes);
        List<ProgramImage> linked = new ArrayList<>();
        for (BpfProgram program : opened.programs()) {
            linked.add(opened.program(program));
        }
        return linked;
    }

    @Benchmark
    public List<ProgramImage> openAndLink() {
        return link();
    }

    @Benchmark
    public List<Verdict> verify() {
        return images.stream().map(image -> Verifier.verify(image, Options.privileged())).toList();
    }
}
