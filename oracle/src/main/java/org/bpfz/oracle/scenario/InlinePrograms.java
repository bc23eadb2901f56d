package org.bpfz.oracle.scenario;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.bpfz.oracle.calls.CallReader;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.oracle.syntax.Value.Name;
import org.bpfz.oracle.syntax.Value.Text;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * What a program that stands in a scenario is loaded as: a GPL compressor program for the hook that its head names, unless
 * attributes say otherwise ({@code type=kprobe attach=none licence="MIT" target="vfs_write"}).
 */
public final class InlinePrograms {
    private static final Set<String> ATTRIBUTES = Set.of("type", "attach", "target", "licence");

    private InlinePrograms() {
    }

    static ProgramImage image(Step.InlineProgram step, CallReader calls, List<RawInstruction> code)
            throws NotationException {
        Attributes attributes = new Attributes(calls, step.attributes(), ATTRIBUTES);
        Value target = attributes.value("target");
        Value licence = attributes.value("licence");
        return ProgramImage.builder(step.name(), type(attributes.value("type")))
                .attachType(attach(attributes.value("attach")))
                .attachTarget(target == null ? step.hook().function() : text(target))
                .licence(licence == null ? "GPL" : text(licence)).code(code).build();
    }

    private static ProgramType type(@Nullable Value value) throws NotationException {
        if (value == null) {
            return ProgramType.COMPRESSOR;
        }
        ProgramType type = value instanceof Name(String name, _) ? ProgramType.ofToolName(name) : null;
        if (type == null) {
            throw new NotationException(value.at(), "a program type as bpftool calls it expected, such as kprobe");
        }
        return type;
    }

    private static @Nullable AttachType attach(@Nullable Value value) throws NotationException {
        if (value == null) {
            return AttachType.COMPRESSOR;
        }
        if (value instanceof Name(String name, _)) {
            AttachType type = AttachType.ofToolName(name);
            if (type != null || name.equals("none")) {
                return type;
            }
        }
        throw new NotationException(value.at(), "an attach type as bpftool calls it expected, or none");
    }

    private static String text(Value value) throws NotationException {
        if (value instanceof Text text) {
            return new String(text.bytes(), StandardCharsets.UTF_8);
        }
        throw new NotationException(value.at(), "text in quotes expected");
    }
}
