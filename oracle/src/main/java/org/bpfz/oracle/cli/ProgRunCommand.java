package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.loader.MapDefinition;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.WorkMemory;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.program.RawProgram;
import org.bpfz.oracle.program.TestRun;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz prog run}: one program by itself, as BPF_PROG_TEST_RUN runs it. */
@CommandLine.Command(description = {
    "Runs one program and prints what it returns and the mean time of a run, once the JVM is warm if there are several.",
    "The verifier is asked first. Exit code 1: it refuses the program, or the program ran into a fault."}, sortOptions = false)
final class ProgRunCommand extends Command {
    /** What the kernel takes of a privileged loader (BPF_COMPLEXITY_LIMIT_INSNS), in bytes. */
    private static final int MAX_CODE = 1_000_000 * 8;

    @Parameters(index = "0", arity = "0..1", paramLabel = "OBJ", description = "An ELF object made by clang or gcc for BPF.")
    private @Nullable Path object;

    @Option(names = "--prog", paramLabel = "NAME", description = "Which program of OBJ; may be left out where there is one.")
    private @Nullable String name;

    @Option(names = "--raw", paramLabel = "FILE", description = "Bare little-endian instructions in place of OBJ; R1 = address and R2 = length of the memory.")
    private @Nullable String raw;

    @Option(names = "--mem", paramLabel = "FILE", description = "With --raw: the memory, which the program may read and write; default: none.")
    private @Nullable String memory;

    @Option(names = "--data-in", paramLabel = "FILE", description = "The packet, or the data of the write that is verified.")
    private @Nullable String dataIn;

    @Option(names = "--ctx-in", paramLabel = "FILE", description = "The context; default: zeroes, and of a verify program offset 0 and the size of the data.")
    private @Nullable String contextIn;

    @Option(names = "--data-out", paramLabel = "FILE", description = "Write the packet there as it is afterwards.")
    private @Nullable Path dataOut;

    @Option(names = "--ctx-out", paramLabel = "FILE", description = "Write the context, or the memory of --raw, there as it is afterwards.")
    private @Nullable Path contextOut;

    @Option(names = "--engine", paramLabel = "NAME", description = "What runs it; default: the fastest that there is.")
    private @Nullable String engineName;

    @Option(names = "--repeat", paramLabel = "N", description = "How many times; each run finds memory and maps as the one before left them. Default: ${DEFAULT-VALUE}.")
    private int repeat = 1;

    @Option(names = "--budget", paramLabel = "N", description = "How many instructions a run may execute. Default: ${DEFAULT-VALUE}.")
    private long budget = 1L << 31;

    @Option(names = "--no-verify", description = "Run it whatever the verifier would say: it may fault, but do no harm.")
    private boolean unverified;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    /** A program with what an engine may know about it; null facts where the verifier has refused it. */
    private record Loadable(ProgramImage image, List<MapDefinition> maps, @Nullable Facts facts) {}

    ProgRunCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        if ((object == null) == (raw == null)) {
            throw new InputException("give either OBJ or --raw FILE");
        }
        if (repeat < 1 || budget < 1) {
            throw new InputException((repeat < 1 ? "--repeat " + repeat : "--budget " + budget) + ": at least 1");
        }
        Engine engine = Engines.namedOrFastest(engineName);
        byte[] bytes = memory == null ? new byte[0] : Inputs.read(terminal, memory, Layout.RAW_LIMIT);
        Loadable program = raw == null ? ofObject(object) : ofRaw(raw, bytes.length);
        if (program.facts == null) {
            return ExitCode.NO;
        }
        Invocation invocation = raw == null ? invocation(program.image) : rawInvocation(bytes);
        Environment environment = engine.open(services());
        List<BpfMap> maps = program.maps.stream().map(map -> environment.createMap(map.spec())).toList();
        Executable executable = environment.load(program.image, maps, program.facts);
        TestRun run = TestRun.of(executable, invocation, repeat);
        print(engine, run);
        write(contextOut, run.result().context());
        write(dataOut, run.result().packet());
        return run.result().fault() == null ? ExitCode.OK : ExitCode.NO;
    }

    private static Services services() {
        WorkMemory work = new WorkMemory();
        return Services.repeatable(1)
                .withLzo((data, offset, length) -> Lzo1x.compressedSize(data, offset, length, work));
    }

    private Loadable ofRaw(String file, int length) throws IOException {
        refuse("--prog", name);
        refuse("--data-in", dataIn);
        refuse("--ctx-in", contextIn);
        RawProgram program = RawProgram.of(file, Inputs.read(terminal, file, MAX_CODE));
        Facts facts = unverified
                ? Facts.NONE
                : facts(file, program.verify(length), RawProgram::facts);
        return new Loadable(program.image(), List.of(), facts);
    }

    private void refuse(String option, @Nullable Object value) {
        if (value != null) {
            throw new InputException(option + " has no meaning with --raw");
        }
    }

    private Loadable ofObject(@Nullable Path file) throws IOException {
        if (file == null || memory != null) {
            throw new InputException("--mem has no meaning without --raw");
        }
        BpfObject opened = Inputs.object(file);
        ProgramImage image = opened.program(chosen(file, opened));
        Facts facts = unverified
                ? Facts.NONE
                : facts(file + ": " + image.name(),
                        Verifier.verify(image, Options.privileged()), Verdict.Accepted::facts);
        return new Loadable(image, opened.maps(), facts);
    }

    private BpfProgram chosen(Path file, BpfObject opened) {
        String wanted = name;
        List<BpfProgram> programs = opened.programs().stream()
                .filter(program -> wanted == null || program.name().equals(wanted)).toList();
        if (programs.size() == 1) {
            return programs.getFirst();
        }
        String names = String.join(", ", opened.programs().stream().map(BpfProgram::name).toList());
        throw new InputException(file, opened.programs().isEmpty()
                ? "no programs"
                : (wanted == null ? "say which with --prog: " : "no program '" + wanted + "'; there is ") + names);
    }

    /** The facts of an accepted program; null, and a line that says why, for a refused one. */
    private @Nullable Facts facts(String what, Verdict verdict, Function<Verdict.Accepted, Facts> proved) {
        return switch (verdict) {
            case Verdict.Accepted accepted -> proved.apply(accepted);
            case Verdict.Rejected refusal -> {
                terminal.err()
                        .println("bpfz prog run: " + what + ": the verifier refuses it with " + refusal.errno()
                                + " at instruction " + refusal.slot() + ": " + refusal.message()
                                + " (--no-verify runs it nevertheless)");
                yield null;
            }
        };
    }

    private Invocation rawInvocation(byte[] bytes) {
        return Invocation.raw(bytes).budget(budget).build();
    }

    private Invocation invocation(ProgramImage image) throws IOException {
        byte[] data = dataIn == null ? null : Inputs.read(terminal, dataIn, Lzo1x.MAX_LENGTH);
        boolean compressor = image.type() == ProgramType.COMPRESSOR;
        byte[] context = contextIn == null
                ? emptyContext(image.type(), compressor && data != null ? data.length : 0)
                : Inputs.read(terminal, contextIn, Layout.CONTEXT_LIMIT);
        if (!compressor && data != null && data.length > Layout.PACKET_LIMIT) {
            throw new InputException(dataIn + ": longer than " + Layout.PACKET_LIMIT + " bytes");
        }
        return Invocation.context(context).data(compressor ? data : null).packet(compressor ? null : data)
                .budget(budget).build();
    }

    /** Zeroes; the size of the data is the second word of a verify program's context (CTX-2), and decide's is zero then. */
    private static byte[] emptyContext(ProgramType type, int size) {
        byte[] context = new byte[ContextLayout.of(type).size()];
        for (int i = 0; i < Integer.BYTES && size != 0; i++) {
            context[Long.BYTES + i] = (byte) (size >>> (Byte.SIZE * i));
        }
        return context;
    }

    private void print(Engine engine, TestRun run) throws IOException {
        Fault fault = run.result().fault();
        String returned = "0x" + Long.toHexString(run.result().r0());
        String why = fault == null ? "" : "instruction " + fault.slot() + ": " + fault.explain();
        if (json) {
            JsonWriter writer = Json.to(terminal);
            writer.beginObject();
            writer.name("retval").value(returned);
            writer.name("duration_ns").jsonValue(String.format(Locale.ROOT, "%.1f", run.meanNanos()));
            writer.name("engine").value(engine.name());
            if (fault != null) {
                writer.name("fault").value(why);
            }
            writer.endObject();
            Json.end(writer, terminal);
        } else if (fault == null) {
            // As bpftool prog run prints it, which shows the low 32 bits.
            terminal.out().println(String.format(Locale.ROOT, "Return value: %s, duration (average): %.0fns", returned,
                    run.meanNanos()));
        } else {
            terminal.out().println("Fault: " + why);
        }
    }

    private static void write(@Nullable Path file, Bytes bytes) throws IOException {
        if (file != null) {
            Files.write(file, bytes.toArray());
        }
    }
}
