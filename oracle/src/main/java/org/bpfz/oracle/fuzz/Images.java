package org.bpfz.oracle.fuzz;

import java.util.List;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramImage;

/** Images with parts exchanged. */
final class Images {
    private Images() {
    }

    static ProgramImage withTypes(ProgramImage image, ProgramBtf types) {
        return new ProgramImage(image.name(), image.section(), image.type(), image.attachType(), image.attachTarget(),
                image.sleepable(), image.licence(), image.code(), image.maps(), types,
                image.unresolved());
    }

    static ProgramImage named(ProgramImage image, String name) {
        return new ProgramImage(name, image.section(), image.type(), image.attachType(), image.attachTarget(),
                image.sleepable(), image.licence(), image.code(), image.maps(), image.btf(),
                image.unresolved());
    }

    static ProgramImage withCode(ProgramImage image, List<RawInstruction> code) {
        return new ProgramImage(image.name(), image.section(), image.type(), image.attachType(), image.attachTarget(),
                image.sleepable(), image.licence(), code, image.maps(), image.btf(),
                image.unresolved());
    }
}
