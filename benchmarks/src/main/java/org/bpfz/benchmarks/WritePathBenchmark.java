package org.bpfz.benchmarks;

import static org.bpfz.spec.kernel.Flags.AT_FDCWD;
import static org.bpfz.spec.kernel.Flags.O_CREAT;
import static org.bpfz.spec.kernel.Flags.O_WRONLY;

import java.io.IOException;
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

/** How long one write(2) to the modelled kernel takes, in nanoseconds: by itself, with the lzo example attached, and LZO without a kernel. */
@org.openjdk.jmh.annotations.State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class WritePathBenchmark {
    /** No programs are attached. */
    static final String PLAIN = "no-programs";

    /** The codec alone. */
    static final String LZO = "lzo-alone";

    /** Bytes a write. */
    @Param({"1", "65536"})
    public int block;

    /** The engine that runs the attached programs, or one of the constants. */
    @Param({PLAIN, LZO, "interpreter", "jit"})
    public String contender;

    private final WorkMemory work = new WorkMemory();
    private byte[] data = {};
    private Kernel kernel = new Kernel(State.boot(FileSystem.discarding(1)), Reading.strict(),
            new ProgramHost(Engines.named(Engines.SPECIFICATION), ProgramHost.services(Reading.strict())));
    private State prepared = kernel.state();
    private int fd;

    /** Opens a file. */
    @Setup
    public void prepare() throws IOException {
        data = Corpus.SOURCE.bytes(block);
        if (!contender.equals(PLAIN) && !contender.equals(LZO)) {
            ProgramHost host = new ProgramHost(Engines.named(contender), ProgramHost.services(Reading.strict()));
            BpfObject object = BpfObject.open(ProjectTree.root().resolve("examples/lzo.bpf.o"));
            State state = State.boot(FileSystem.discarding(1))
                    .with(CompressorPrograms.attach(object, CompressorPrograms.admit(object, Reading.strict()), host));
            kernel = new Kernel(state, Reading.strict(), host);
        }
        fd = (int) kernel.result(new Call.Openat(State.INIT, AT_FDCWD, "/tmp/file", O_CREAT | O_WRONLY, 0644));
        prepared = kernel.state();
    }

    /** Each write starts from the same state, as the first write to the file. */
    @Benchmark
    public Object write() {
        if (contender.equals(LZO)) {
            return Lzo1x.compressedSize(data, 0, data.length, work);
        }
        kernel.set(prepared);
        Outcome outcome = kernel.call(new Call.Write(State.INIT, fd, Source.of(Rope.wrap(data))));
        if (!(outcome instanceof Outcome.Returned returned) || returned.isError()) {
            throw new IllegalStateException("write: " + outcome);
        }
        return outcome;
    }
}
