package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bpfz.spec.peer.KernelSource;
import org.bpfz.spec.program.Helpers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source of Linux 6.12, compiled here, knows the same opcodes and writes every slot into the log the same way. */
class KernelIsaTest {
    private static final int[] REGISTERS = {0, 1, 2, 3, 4, 5, 6, 7, 10, 15};
    private static final int[] OFFSETS = {0, 1, -1, 2, 8, 16, 32, -32768, 32767};
    private static final int[] IMMS = {0, 1, -1, 5, 16, 32, 64, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe0, 0xe1, 0xf0,
        0xf1, 1 << 16, 211, Integer.MIN_VALUE, Integer.MAX_VALUE};

    private static final CallNames NAMES = new CallNames() {
        @Override
        public @Nullable String helper(int number) {
            // The compressor's own helpers are none of Linux 6.12's.
            return number < Helpers.COPY_FROM_BUFFER ? Helpers.name(number) : null;
        }

        @Override
        public @Nullable Integer helper(String name) {
            return null;
        }
    };

    @TempDir
    private static Path folder;

    private static Path program;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        Optional<KernelSource> source = KernelSource.find();
        if (source.isEmpty() || !Files.isExecutable(Path.of("/usr/bin/gcc"))) {
            String reason = source.isEmpty() ? KernelSource.MISSING : "no gcc here";
            System.out.println("skipped: KernelIsaTest: " + reason);
            assumeTrue(false, reason);
        }
        KernelSource kernel = source.orElseThrow();
        String core = Files.readString(kernel.resolve("kernel/bpf/core.c"));
        String carriedOver = Pattern.compile("\\[(BPF_\\w+(?: \\| BPF_\\w+)+)\\] = true").matcher(core).results()
                .map(match -> "printf(\"%02x\\n\", " + match.group(1) + ");").collect(Collectors.joining("\n"));
        String driver;
        try (InputStream in = Objects.requireNonNull(KernelIsaTest.class.getResourceAsStream("kernel-isa.c"))) {
            driver = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Path file = folder.resolve("kernel-isa.c");
        Files.writeString(file, driver.replace("@INSN_MAP@", cut(core)).replace("@CARRIED_OVER@", carriedOver));
        program = folder.resolve("kernel-isa");
        run(new ProcessBuilder("/usr/bin/gcc", "-O1", "-I" + kernel.resolve("kernel/bpf"),
                "-I" + kernel.resolve("tools/include"), "-I" + kernel.resolve("tools/include/uapi"), file.toString(),
                kernel.resolve("kernel/bpf/disasm.c").toString(), "-o", program.toString()));
    }

    /** The macro that lists the opcodes, with its continuation lines. */
    private static String cut(String core) {
        Matcher macro = Pattern.compile("(?m)^#define BPF_INSN_MAP\\((?:[^\\n]*\\\\\\n)*[^\\n]*$").matcher(core);
        assertTrue(macro.find(), "no BPF_INSN_MAP in core.c");
        return macro.group();
    }

    @Test
    void theKernelKnowsTheSameOpcodes() throws IOException, InterruptedException {
        List<String> kernel = run(new ProcessBuilder(program.toString(), "opcodes"));
        assertEquals(new TreeSet<>(kernel), OpcodeTable.rows().stream()
                .map(row -> HexFormat.of().toHexDigits((byte) row.opcode()))
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void theKernelWritesTheSameText() throws IOException, InterruptedException {
        List<RawInstruction> pairs = pairs();
        Path input = folder.resolve("slots");
        Files.write(input, Slots.toBytes(pairs, ByteOrder.nativeOrder()));
        List<String> texts = run(new ProcessBuilder(program.toString()).redirectInput(input.toFile()));
        assertEquals(pairs.size() / 2, texts.size());
        Disassembler disassembler = new Disassembler(NAMES);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = disassembler.logText(pairs.get(2 * i), pairs.get(2 * i + 1), true);
            if (!text.equals(texts.get(i))) {
                differences.add(pairs.get(2 * i) + ": '" + text + "', kernel: '" + texts.get(i) + "'");
            }
        }
        System.out.println("texts compared with the kernel's disasm.c: " + texts.size());
        assertEquals("", differences.stream().limit(50).collect(Collectors.joining("\n")));
    }

    /** Every opcode that the log can show with every combination of the fields' values, each with a second slot. */
    private static List<RawInstruction> pairs() {
        List<RawInstruction> pairs = new ArrayList<>();
        for (int opcode = 0; opcode < 256; opcode++) {
            for (int dst : new int[]{1, 10, 15}) {
                for (int src : REGISTERS) {
                    for (int offset : OFFSETS) {
                        for (int imm : IMMS) {
                            RawInstruction slot = new RawInstruction(opcode, dst, src, (short) offset, imm);
                            RawInstruction next = new RawInstruction(0, 0, 0, (short) 0, offset);
                            boolean shown = !(Decoder.decode(slot, next) instanceof Decoder.Malformed malformed)
                                    || malformed.stage() == Decoder.Stage.REACHED;
                            if (shown) {
                                pairs.add(slot);
                                pairs.add(next);
                            }
                        }
                    }
                }
            }
        }
        return pairs;
    }

    private static List<String> run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        List<String> lines;
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            lines = output.lines().toList();
        }
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
        return lines;
    }
}
