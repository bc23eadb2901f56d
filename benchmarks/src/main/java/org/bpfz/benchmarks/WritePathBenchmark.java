package org.bpfz.benchmarks;

import static java.util.Objects.requireNonNull;
import static org.bpfz.spec.kernel.Flags.AT_FDCWD;
import static org.bpfz.spec.kernel.Flags.O_CREAT;
import static org.bpfz.spec.kernel.Flags.O_WRONLY;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bpfz.loader.BpfObject;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.WorkMemory;
import org.bpfz.oracle.model.CompressorPrograms;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.model.ProgramHost;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.FileSystem;
import org.bpfz.spec.kernel.Kernel;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Source;
import org.bpfz.spec.kernel.State;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;
import org.jspecify.annotations.Nullable;

/** How long one write(2) to the modelled kernel takes, in nanoseconds: by itself, with the lzo example attached, and LZO without a kernel. */
@org.openjdk.jmh.annotations.State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 15)
@Fork(3)
public class WritePathBenchmark {
    private static final int TURNS_BEFORE_REST = 1_000;

    /** No programs are attached. */
    static final String PLAIN = "no-programs";

    /** The codec alone. */
    static final String LZO = "lzo-alone";

    /** Bytes a write. */
    @Param({"1", "65536"})
    public int block;

    private @Nullable Match match;

    /** Who takes part: no programs, the codec alone, and the engines that run the attached programs. */
    static List<String> contenders() {
        return List.of(LZO, PLAIN, "interpreter", "jit");
    }

    /** Opens a file for each. */
    @Setup
    public void prepare() throws Exception {
        byte[] data = Corpus.SOURCE.bytes(block);
        List<Match.Task> tasks = new ArrayList<>();
        for (String contender : contenders()) {
            tasks.add(contender.equals(LZO) ? lzo(data) : writes(contender, data));
        }
        match = Match.begin(tasks, 1, TURNS_BEFORE_REST);
    }

    @Benchmark
    public long write(Turns turns) throws Exception {
        return requireNonNull(match).sample(turns);
    }

    private static Match.Task lzo(byte[] data) {
        WorkMemory work = new WorkMemory();
        return times -> {
            long sizes = 0;
            for (int i = 0; i < times; i++) {
                sizes += Lzo1x.compressedSize(data, 0, data.length, work);
            }
            return sizes;
        };
    }

    /** Each write starts from the same state, as the first write to the file. */
    private static Match.Task writes(String contender, byte[] data) throws IOException {
        Kernel kernel = kernel(contender);
        int fd = (int) kernel.result(new Call.Openat(State.INIT, AT_FDCWD, "/tmp/file", O_CREAT | O_WRONLY, 0644));
        State prepared = kernel.state();
        return times -> {
            long written = 0;
            for (int i = 0; i < times; i++) {
                kernel.set(prepared);
                Outcome outcome = kernel.call(new Call.Write(State.INIT, fd, Source.of(Rope.wrap(data))));
                if (!(outcome instanceof Outcome.Returned returned) || returned.isError()) {
                    throw new IllegalStateException("write: " + outcome);
                }
                written++;
            }
            return written;
        };
    }

    private static Kernel kernel(String contender) throws IOException {
        State state = State.boot(FileSystem.discarding(1));
        if (contender.equals(PLAIN)) {
            return new Kernel(state, Reading.strict(),
                    new ProgramHost(Engines.named(Engines.SPECIFICATION), ProgramHost.services(Reading.strict())));
        }
        ProgramHost host = new ProgramHost(Engines.named(contender), ProgramHost.services(Reading.strict()));
        BpfObject object = BpfObject.open(ProjectTree.root().resolve("examples/lzo.bpf.o"));
        return new Kernel(
                state.with(CompressorPrograms.attach(object, CompressorPrograms.admit(object, Reading.strict()), host)),
                Reading.strict(), host);
    }
}
