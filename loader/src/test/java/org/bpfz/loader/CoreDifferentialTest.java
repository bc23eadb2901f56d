package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bpfz.loader.core.CoreResolution;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.live.LiveKernel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * libbpf relocates the objects of Debian's libbpf-tools on the types of the running kernel, and says step by step what it does: bpfz says
 * the same of every relocation. The objects are loaded, never attached.
 */
class CoreDifferentialTest {
    private static final Pattern STEP = Pattern.compile("libbpf: prog '([^']*)': relo #[0-9]+: "
            + "((?:<|patched insn|matching candidate|substituting insn).*)");
    private static final int EM_BPF = 247;

    @TempDir
    private Path folder;

    @Test
    void libbpfAgreesOnEveryRelocation() throws IOException, InterruptedException {
        @Nullable
        String unavailable = LiveKernel.unavailable();
        if (unavailable != null) {
            Tool.skip(CoreDifferentialTest.class, unavailable);
        }
        if (!Files.isReadable(BtfFiles.LIVE_KERNEL)) {
            Tool.skip(CoreDifferentialTest.class, "the running kernel has no BTF");
        }
        Path relocate = peer();
        List<Path> programs = tools();
        Btf live = BtfFiles.read(BtfFiles.LIVE_KERNEL, null);
        KernelTarget target = KernelTarget.of(live);
        int objects = 0;
        int relocations = 0;
        for (Path program : programs) {
            for (byte[] bytes : embedded(Files.readAllBytes(program))) {
                Path object = Files.write(folder.resolve(program.getFileName() + ".bpf.o"), bytes);
                relocations += compare(relocate, object, target);
                objects++;
            }
        }
        System.out.println(objects + " objects of libbpf-tools: libbpf agrees on " + relocations + " relocations");
        assertTrue(relocations > 400, relocations + " relocations");
    }

    /** A program around libbpf that loads an object and prints what libbpf says. */
    private Path peer() throws IOException, InterruptedException {
        Tool gcc = Tool.orSkip(CoreDifferentialTest.class, "gcc", "cc");
        Path program = folder.resolve("relocate");
        Tool.Run run = gcc.run(List.of("-O1", "-o", program.toString(), "src/test/peers/relocate.c", "-lbpf"));
        if (run.status() != 0) {
            Tool.skip(CoreDifferentialTest.class,
                    "libbpf-dev is missing: " + run.output().lines().findFirst().orElse(""));
        }
        return program;
    }

    private static List<Path> tools() throws IOException, InterruptedException {
        Tool dpkg = Tool.orSkip(CoreDifferentialTest.class, "dpkg-query");
        Tool.Run run = dpkg.run(List.of("-L", "libbpf-tools"));
        if (run.status() != 0) {
            Tool.skip(CoreDifferentialTest.class, "no package libbpf-tools here");
        }
        return run.output().lines().map(Path::of)
                .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path) && !Files.isSymbolicLink(path))
                .toList();
    }

    /** The objects for BPF that a program carries in its data, as skeletons do. */
    private static List<byte[]> embedded(byte[] program) {
        List<byte[]> found = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 4; at + 64 < program.length; at += 4) {
            if (buffer.getInt(at) == 0x464c457f && buffer.getShort(at + 18) == EM_BPF) {
                long end = at + buffer.getLong(at + 40) + 64L * buffer.getShort(at + 60);
                found.add(Arrays.copyOfRange(program, at, (int) Math.min(end, program.length)));
            }
        }
        return found;
    }

    /** The order of functions is that of the records for libbpf, that of the sections for bpfz. */
    private static String byFunction(List<String> lines) {
        return lines.stream().sorted(Comparator.comparing(line -> line.substring(0, line.indexOf(':'))))
                .collect(Collectors.joining("\n"));
    }

    /** How many relocations were compared. */
    private static int compare(Path relocate, Path object, KernelTarget target)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(relocate.toString(), object.toString()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        List<String> theirs = new ArrayList<>();
        for (String line : output.lines().toList()) {
            Matcher matcher = STEP.matcher(line);
            if (matcher.matches()) {
                theirs.add(matcher.group(1) + ": " + matcher.group(2).replaceAll("candidate #[0-9]+", "candidate"));
            }
        }
        List<CoreStep> steps = BpfObject.open(object).on(target).relocations();
        List<String> ours = new ArrayList<>();
        for (CoreStep step : steps) {
            ours.add(step.function() + ": " + step.described());
            CoreResolution resolution = step.resolution();
            assertTrue(resolution != null, step.toString());
            resolution.matching().forEach(match -> ours.add(step.function() + ": matching candidate " + match));
            step.changes().forEach(change -> ours.add(step.function() + ": " + change));
        }
        assertEquals(byFunction(theirs), byFunction(ours), object.toString());
        return steps.size();
    }
}
