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

/**
 * How long one instruction of a straight line takes, in nanoseconds, however long the line is: so many runs that all lengths come to the same
 * number of instructions. What can not be kept in one method, or in a cache, shows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 15)
@Fork(3)
public class LengthBenchmark {
    /** The length that the others are compared with. */
    static final String SHORTEST = "500";

    private static final int INSTRUCTIONS = 60_000;

    /** A method is compiled for the last time when it has been called some thousand times, and until then a turn is one run of the longest line. */
    private static final int TURNS_BEFORE_REST = 10_000;

    /** What runs it. */
    @Param({"interpreter", "jit"})
    public String engine;

    private @Nullable Match match;

    /** The lengths: who is compared here are they. */
    static List<String> contenders() {
        return List.of(SHORTEST, "4000", "60000");
    }

    /** Loads the programs and runs them until the JVM's compilers have come to rest. */
    @Setup
    public void prepare() throws Exception {
        List<Match.Task> tasks = new ArrayList<>();
        for (String contender : contenders()) {
            int length = Integer.parseInt(contender);
            Contender line = Contender.of(engine, length);
            tasks.add(times -> line.run(times * (INSTRUCTIONS / length)));
        }
        match = Match.begin(tasks, INSTRUCTIONS, engine.equals(Contender.KERNEL) ? 1 : TURNS_BEFORE_REST);
    }

    @Benchmark
    public long perInstruction(Turns turns) throws Exception {
        return requireNonNull(match).sample(turns);
    }
}
