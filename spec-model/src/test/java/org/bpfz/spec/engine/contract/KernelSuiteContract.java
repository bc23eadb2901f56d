package org.bpfz.spec.engine.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.contract.KernelSuite.Case;
import org.bpfz.spec.engine.contract.KernelSuite.Run;
import org.bpfz.spec.memory.Memory;
import org.bpfz.spec.peer.KernelSource;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel tests its own interpreter and JITs with (lib/test_bpf.c) gives the results that stand there. */
public abstract class KernelSuiteContract extends EngineContract {
    /** sizeof(struct __sk_buff). */
    private static final int SK_BUFF = 192;

    /** How many cases of 6.12 there are for the extended instruction set. */
    private static final int CASES = 915;

    @Test
    void passesTheKernelsSuite(@TempDir Path folder) throws IOException, InterruptedException {
        Optional<KernelSource> source = KernelSource.find();
        boolean gcc = Files.isExecutable(Path.of("/usr/bin/gcc"));
        if (source.isEmpty() || !gcc) {
            System.out.println("skipped: kernel suite: " + (gcc ? KernelSource.MISSING : "no gcc here"));
        }
        assumeTrue(source.isPresent() && gcc);
        List<String> failed = new ArrayList<>();
        int cases = 0;
        try (KernelSuite suite = KernelSuite.start(source.get(), folder)) {
            for (Case one = suite.next(); one != null; one = suite.next()) {
                cases++;
                for (Run run : one.runs()) {
                    String difference = difference(one, run);
                    if (difference != null) {
                        failed.add(one.name() + ": " + difference);
                    }
                }
            }
        }
        assertEquals(List.of(), failed);
        assertTrue(cases >= CASES, cases + " cases");
    }

    private @Nullable String difference(Case one, Run run) {
        Executable program = engine().open(Services.repeatable(1).withMemory(Memory.Rules.LENIENT)).load(
                ProgramImage.builder(one.name(), ProgramType.SOCKET_FILTER).code(one.code()).build(), Facts.NONE);
        Result result = program.run(invocation(one, run));
        if (result.fault() != null) {
            return result.fault().toString();
        }
        return (int) result.r0() == run.result()
                ? null
                : "returns " + Long.toHexString(result.r0()) + ", not " + Integer.toHexString(run.result());
    }

    private static Invocation invocation(Case one, Run run) {
        if (one.hasMemory()) {
            return Invocation.raw(new byte[run.dataSize()]).budget(Long.MAX_VALUE).build();
        }
        byte[] packet = new byte[one.hasNoData() ? 0 : run.dataSize()];
        byte[] data = one.data().toArray();
        System.arraycopy(data, 0, packet, 0, Math.min(packet.length, data.length));
        return Invocation.context(new byte[SK_BUFF]).packet(packet).budget(Long.MAX_VALUE).build();
    }
}
