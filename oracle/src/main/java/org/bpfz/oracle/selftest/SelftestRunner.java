package org.bpfz.oracle.selftest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.loader.BtfFiles;
import org.bpfz.loader.KernelTarget;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.oracle.selftest.Expectation.Outcome;
import org.bpfz.oracle.selftest.SelftestResult.Kind;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/** Verifies every annotated program of an object and compares with what its tags expect. */
public final class SelftestRunner {
    /** Files that the kernel's own runner loads with fewer capabilities (prog_tests/verifier.c). */
    private static final Map<String, Set<Capability>> FEWER_CAPABILITIES = Map.of("verifier_mtu.bpf.o",
            Set.of(Capability.BPF, Capability.NET_ADMIN));
    /** All others run without CAP_SYS_ADMIN, which would stand for each of these. */
    private static final Set<Capability> CAPABILITIES = Set.of(Capability.BPF, Capability.PERFMON,
            Capability.NET_ADMIN);

    private final @Nullable Btf kernelBtf;
    private final int possibleCpus;

    /** @param kernelBtf the types of the kernel that programs refer to, or null */
    public SelftestRunner(@Nullable Btf kernelBtf, int possibleCpus) {
        this.kernelBtf = kernelBtf;
        this.possibleCpus = possibleCpus;
    }

    /** Runs one object; a program that can't be linked is an {@link Kind#UNSUPPORTED} result. */
    public List<SelftestResult> run(Path file) throws IOException {
        List<SelftestResult> results = new ArrayList<>();
        String name = String.valueOf(file.getFileName());
        BpfObject opened = BpfObject.open(file);
        BpfObject object = kernelBtf == null ? opened : opened.on(KernelTarget.of(kernelBtf));
        Btf btf = object.btf().orElse(null);
        for (BpfProgram program : object.programs()) {
            int id = btf == null ? 0 : btf.find(BtfType.Func.class, program.name()).orElse(0);
            if (btf != null && id != 0) {
                Expectation expected;
                try {
                    expected = Expectation.of(btf.tags(id, -1));
                } catch (IllegalArgumentException e) {
                    results.add(new SelftestResult(name, program.name(), Kind.UNSUPPORTED, false,
                            "its tags can not be read: "
                                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                            ""));
                    continue;
                }
                String types = expected.targetTypes();
                BpfObject target = types == null
                        ? object
                        : opened.on(KernelTarget.UNKNOWN.withTypes(BtfFiles.read(file.resolveSibling(types), null)));
                run(name, target, program, expected, results);
            }
        }
        return results;
    }

    private void run(String file, BpfObject object, BpfProgram program, Expectation expected,
            List<SelftestResult> results) {
        if (!expected.thisMachine()) {
            return;
        }
        ProgramImage image;
        try {
            image = object.program(program);
        } catch (BadObject e) {
            results.add(new SelftestResult(file, program.name(), Kind.UNSUPPORTED, false,
                    String.valueOf(e.getMessage()), ""));
            return;
        }
        Options options = Options.privileged().withFlags(expected.flags()).withKernelBtf(kernelBtf)
                .withPossibleCpus(possibleCpus)
                .withCapabilities(FEWER_CAPABILITIES.getOrDefault(file, CAPABILITIES))
                .withLogLevel(expected.logLevel() == 0 ? 1 : expected.logLevel());
        Load load = new Load(file, program.name(), object, image);
        if (expected.privileged() != null) {
            results.add(compare(load, options, expected.privileged()));
        }
        if (expected.unprivileged() != null) {
            results.add(compare(new Load(file, program.name() + "@unpriv", object, image),
                    options.withCapabilities(Set.<Capability>of()), expected.unprivileged()));
        }
    }

    /** A program and what it is called in the results. */
    private record Load(String file, String name, BpfObject object, ProgramImage image) {
        SelftestResult result(Kind kind, boolean ran, String reason, String log) {
            return new SelftestResult(file, name, kind, ran, reason, log);
        }
    }

    private static SelftestResult compare(Load load, Options options, Outcome expected) {
        Verdict verdict = Verifier.verify(load.image, options);
        String log = verdict.log();
        boolean refused = verdict instanceof Verdict.Rejected;
        if (refused != expected.failure()) {
            String reason = verdict instanceof Verdict.Rejected rejected ? rejected.message() : "accepted";
            return load.result(refused ? Kind.STRICT : Kind.LAX, false, reason, log);
        }
        int at = 0;
        for (MessagePattern message : expected.messages()) {
            at = message.endOfMatch(log, at);
            if (at < 0) {
                return load.result(Kind.MESSAGE, false, "no '" + message + "' in the log", log);
            }
        }
        ExpectedReturn returned = expected.returned();
        if (verdict instanceof Verdict.Accepted accepted && returned != null) {
            TestRuns.Outcome run = TestRuns.of(load.file, load.object, load.image, accepted.facts(), returned);
            return load.result(run.kind(), run.kind() != Kind.NOT_RUN, run.reason(), log);
        }
        return load.result(Kind.PASSED, false, "", log);
    }
}
