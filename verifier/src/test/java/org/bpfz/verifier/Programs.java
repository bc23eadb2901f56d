package org.bpfz.verifier;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;

/** Programs in the log's syntax, and what the verifier says of them. */
final class Programs {
    private static final Assembler ASSEMBLER = new Assembler(CallNames.none());

    private Programs() {
    }

    /** A GPL program. */
    static ProgramImage image(ProgramType type, String text, MapSpec... maps) {
        ProgramImage.Builder image = ProgramImage.builder("test", type).code(Encoder.encode(ASSEMBLER.assemble(text)))
                .maps(List.of(maps));
        return type == ProgramType.COMPRESSOR ? image.attachType(AttachType.COMPRESSOR).build() : image.build();
    }

    static Verdict verify(ProgramType type, String text, MapSpec... maps) {
        return Verifier.verify(image(type, text, maps), Options.privileged());
    }

    static void assertAccepted(ProgramType type, String text, MapSpec... maps) {
        Verdict verdict = verify(type, text, maps);
        assertInstanceOf(Verdict.Accepted.class, verdict,
                () -> verdict instanceof Verdict.Rejected rejected ? rejected.message() : "");
    }

    static Verdict.Rejected rejected(ProgramType type, String text, MapSpec... maps) {
        return assertInstanceOf(Verdict.Rejected.class, verify(type, text, maps));
    }
}
