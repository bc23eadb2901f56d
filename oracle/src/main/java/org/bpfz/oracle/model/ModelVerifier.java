package org.bpfz.oracle.model;

import org.bpfz.spec.bpf.ProgramVerifier;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/** The model of 6.12's verifier behind BPF_PROG_LOAD, for a privileged loader. */
public final class ModelVerifier implements ProgramVerifier {
    /** BPF_F_STRICT_ALIGNMENT to BPF_F_TEST_REG_INVARIANTS. */
    private static final int FLAGS = 0xff;

    private final @Nullable Btf kernelTypes;
    private Verdict.@Nullable Rejected lastRefusal;

    /** A verifier of a kernel with these types, or without. */
    public ModelVerifier(@Nullable Btf kernelTypes) {
        this.kernelTypes = kernelTypes;
    }

    @Override
    public Answer verify(ProgramImage image, int flags, int logLevel) {
        Options options = Options.privileged().withKernelBtf(kernelTypes).withFlags(flags & FLAGS)
                .withLogLevel(logLevel);
        return switch (Verifier.verify(image, options)) {
            case Verdict.Accepted accepted -> new Answer(null, accepted.facts(), accepted.log(),
                    accepted.statistics().instructions());
            case Verdict.Rejected rejected -> {
                lastRefusal = rejected;
                yield new Answer(rejected.errno(), Facts.NONE, rejected.log(), rejected.statistics().instructions());
            }
        };
    }

    /** The last program that was refused, null if none was. */
    public Verdict.@Nullable Rejected lastRefusal() {
        return lastRefusal;
    }
}
