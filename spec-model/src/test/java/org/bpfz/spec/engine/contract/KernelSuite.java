package org.bpfz.spec.engine.contract;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.peer.KernelSource;
import org.jspecify.annotations.Nullable;

/**
 * The cases of the kernel's own test of interpreter and JITs, lib/test_bpf.c: compiled from the distribution's source in a folder of its own, and
 * read from what the program writes, one case after the other, since all of them are more than a hundred megabytes.
 */
final class KernelSuite implements AutoCloseable {
    private static final int DATA = 128;
    private static final int RUNS = 3;

    /** FLAG_NO_DATA, FLAG_LARGE_MEM. */
    private static final int NO_DATA = 1;
    private static final int LARGE_MEMORY = 1 << 4;

    private static final int MOV32_REGISTER = 0xbc;

    private final Process process;
    private final DataInputStream in;

    private KernelSuite(Process process) {
        this.process = process;
        in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
    }

    /**
     * One case.
     *
     * @param data what the context, packet or memory is filled with
     * @param runs with which amounts of data it is run, and what it must return
     */
    record Case(String name, int flags, List<RawInstruction> code, Bytes data, List<Run> runs) {
        /** Whether it is given nothing at all. */
        boolean hasNoData() {
            return (flags & NO_DATA) != 0;
        }

        /** Whether it is given memory and not a packet. */
        boolean hasMemory() {
            return (flags & LARGE_MEMORY) != 0;
        }
    }

    /** With so many bytes of data, the low half of R0 must be that. */
    record Run(int dataSize, int result) {}

    /** Compiles and starts the program. */
    static KernelSuite start(KernelSource source, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("linux"));
        for (String header : List.of("bpf.h", "bpf_common.h", "filter.h")) {
            Files.copy(source.resolve("include/uapi/linux/" + header), folder.resolve("linux/" + header));
        }
        Files.writeString(folder.resolve("linux/compiler.h"), "");
        cut(source.resolve("include/linux/filter.h"), "#define BPF_REG_ARG1", "#define bpf_ctx_range",
                folder.resolve("instructions.inc"));
        cut(source.resolve("lib/test_bpf.c"), "#define MAX_SUBTESTS", "static struct net_device dev;",
                folder.resolve("cases.inc"));
        try (InputStream main = Objects.requireNonNull(KernelSuite.class.getResourceAsStream("kernel_suite.c"))) {
            Files.copy(main, folder.resolve("main.c"));
        }
        Path errors = folder.resolve("gcc.log");
        int status = new ProcessBuilder("gcc", "-w", "-O0", "-D__user=", "-I.", "-o", "suite", "main.c")
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(errors.toFile()).start().waitFor();
        if (status != 0) {
            throw new IOException("gcc: " + Files.readString(errors));
        }
        return new KernelSuite(new ProcessBuilder(folder.resolve("suite").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    private static void cut(Path file, String from, String to, Path target) throws IOException {
        String text = Files.readString(file);
        int start = text.indexOf(from);
        int end = text.indexOf(to, start);
        if (start < 0 || end < 0) {
            throw new IOException(file + " has no text from '" + from + "' to '" + to + "'");
        }
        Files.writeString(target, text.substring(start, end));
    }

    /** The next case, or null behind the last. */
    @Nullable
    Case next() throws IOException {
        byte[] name = new byte[int32OrEnd()];
        if (name.length == 0) {
            return null;
        }
        in.readFully(name);
        int flags = int32();
        byte[] code = new byte[int32() * Slots.BYTES];
        in.readFully(code);
        byte[] data = new byte[DATA];
        in.readFully(data);
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            Run run = new Run(int32(), int32());
            // Only the first may be without data and result.
            if (runs.size() == i && (i == 0 || run.dataSize != 0 || run.result != 0)) {
                runs.add(run);
            }
        }
        return new Case(new String(name, StandardCharsets.UTF_8), flags,
                Slots.ofBytes(code, ByteOrder.LITTLE_ENDIAN).stream().map(KernelSuite::withoutHint).toList(),
                Bytes.of(data), runs);
    }

    /** A 32-bit move of a register into itself with the immediate 1 is the verifier's own (BPF_ZEXT_REG): programs write 0 there. */
    private static RawInstruction withoutHint(RawInstruction slot) {
        boolean hint = slot.opcode() == MOV32_REGISTER && slot.dst() == slot.src() && slot.imm() == 1;
        return hint ? new RawInstruction(slot.opcode(), slot.dst(), slot.src(), slot.offset(), 0) : slot;
    }

    private int int32OrEnd() throws IOException {
        try {
            return int32();
        } catch (EOFException e) {
            return 0;
        }
    }

    private int int32() throws IOException {
        return Integer.reverseBytes(in.readInt());
    }

    @Override
    public void close() {
        process.destroy();
    }
}
