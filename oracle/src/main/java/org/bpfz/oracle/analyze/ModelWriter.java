package org.bpfz.oracle.analyze;

import static org.bpfz.spec.kernel.Flags.AT_FDCWD;
import static org.bpfz.spec.kernel.Flags.O_CREAT;
import static org.bpfz.spec.kernel.Flags.O_TRUNC;
import static org.bpfz.spec.kernel.Flags.O_WRONLY;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.bpfz.loader.BpfObject;
import org.bpfz.oracle.model.CompressorPrograms;
import org.bpfz.oracle.model.ProgramHost;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Credentials;
import org.bpfz.spec.kernel.FileSystem;
import org.bpfz.spec.kernel.HookRun;
import org.bpfz.spec.kernel.Kernel;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Source;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Sums;
import org.jspecify.annotations.Nullable;

/**
 * Writes real files into a modelled kernel with an object's programs attached, each as a new file of a task that acts for the real
 * file's owner. The modelled disk forgets what is written, so that any amount fits. For one thread.
 */
final class ModelWriter {
    private static final String PATH = "/tmp/file";

    private final Kernel kernel;
    private final State prepared;
    private final int blockSize;
    private final boolean keepBlocks;
    private final LongAdder bytesRead;

    /**
     * A machine of its own.
     *
     * @param facts      what the verifier has proved of its programs
     * @param blockSize  bytes a write at most
     * @param keepBlocks whether results list each write
     * @param bytesRead  counts along, for progress
     */
    ModelWriter(BpfObject object, Map<String, Facts> facts, Engine engine, int blockSize, boolean keepBlocks,
            LongAdder bytesRead) {
        ProgramHost host = new ProgramHost(engine, ProgramHost.services(Reading.strict()));
        prepared = State.boot(FileSystem.discarding(1)).with(CompressorPrograms.attach(object, facts, host));
        kernel = new Kernel(prepared, Reading.strict(), host);
        this.blockSize = blockSize;
        this.keepBlocks = keepBlocks;
        this.bytesRead = bytesRead;
    }

    /**
     * Writes one file, from a state that no other file has left a trace in.
     *
     * @throws IOException if the file can not be opened
     */
    FileResult write(Found.RegularFile file) throws IOException {
        kernel.set(prepared.with(prepared.task(State.INIT).with(Credentials.of(file.uid(), file.gid()))));
        try (InputStream in = Files.newInputStream(file.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return write(file, in);
        }
    }

    private FileResult write(Found.RegularFile file, InputStream in) {
        int fd = (int) required(
                kernel.result(new Call.Openat(State.INIT, AT_FDCWD, PATH, O_CREAT | O_WRONLY | O_TRUNC, 0644)));
        boolean verified = Objects.requireNonNull(kernel.state().open(State.INIT, fd)).verified();
        List<FileResult.Block> blocks = new ArrayList<>();
        long length = 0;
        String problem = null;
        while (problem == null) {
            byte[] block;
            try {
                block = in.readNBytes(blockSize);
            } catch (IOException e) {
                problem = FileWalk.reason(e) + " after " + length + " bytes";
                break;
            }
            if (block.length == 0) {
                break;
            }
            bytesRead.add(block.length);
            Outcome.Returned outcome = returned(
                    kernel.call(new Call.Write(State.INIT, fd, Source.of(Rope.wrap(block)))));
            problem = refusal(outcome, length);
            if (problem == null) {
                for (HookRun run : outcome.runs()) {
                    if (keepBlocks && run instanceof HookRun.Verify(_, long offset, long size, int result)) {
                        blocks.add(new FileResult.Block(offset, size, result));
                    }
                }
                length += outcome.result();
            }
        }
        Sums sums = sums(fd);
        return new FileResult(file.path(), verified, sums.written(), sums.after(), length, blocks, problem);
    }

    private static @Nullable String refusal(Outcome.Returned outcome, long offset) {
        if (!outcome.isError()) {
            return null;
        }
        String answers = String.join(", ",
                outcome.runs().stream().map(run -> "verify returned " + run.result()).toArray(String[]::new));
        return "write at offset " + offset + " failed with " + outcome.errno()
                + (answers.isEmpty() ? "" : ", " + answers);
    }

    private Sums sums(int fd) {
        Outcome.Returned outcome = returned(kernel.call(new Call.GetCompressionStats(State.INIT, fd)));
        if (outcome.output() instanceof Output.Stats(Sums sums)) {
            return sums;
        }
        throw new IllegalStateException("get_compression_stats: " + outcome.errno());
    }

    private static long required(long result) {
        if (result < 0) {
            throw new IllegalStateException("open: " + result);
        }
        return result;
    }

    private static Outcome.Returned returned(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Returned returned -> returned;
            case Outcome.Blocked _ -> throw new IllegalStateException("a regular file makes nobody wait");
        };
    }
}
