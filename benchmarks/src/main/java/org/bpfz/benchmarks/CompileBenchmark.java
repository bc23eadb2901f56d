package org.bpfz.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.isa.RawInstruction;
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

/** How long it takes until a program of some length is decoded, compiled, defined and linked, once the engine itself is warm. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class CompileBenchmark {
    private static final int LOADS_BEFORE_REST = 1_000;

    /** Instructions of the program, a straight line. */
    @Param("1000")
    public int instructions;

    /** By which engine. */
    @Param({"interpreter", "jit"})
    public String contender;

    private List<RawInstruction> code = List.of();

    /** Makes the program, and loads it until the engine is warm. */
    @Setup
    public void prepare() throws Exception {
        code = StraightLine.code(instructions);
        Compilers.rest(this::load, LOADS_BEFORE_REST);
    }

    @Benchmark
    public Executable load() {
        return Contender.load(contender, "line", code);
    }
}
