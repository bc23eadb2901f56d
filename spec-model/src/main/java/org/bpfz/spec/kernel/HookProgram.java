package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.Hook;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * A program as the system calls that load and attach it see it; what it computes is behind {@link Hooks}.
 *
 * @param id       the number that {@link Hooks} knows it by
 * @param type     its program type
 * @param attach   its expected attach type; null for none
 * @param target   the kernel function that attach_btf_id names; null for none
 * @param refusal  what the verifier refuses it with; null if it accepts it
 */
public record HookProgram(int id, ProgramType type, @Nullable AttachType attach, @Nullable String target,
        @Nullable Errno refusal) {
    /** A compressor program for one of the hooks, which the verifier accepts. */
    public static HookProgram on(Hook hook, int id) {
        return new HookProgram(id, ProgramType.COMPRESSOR, AttachType.COMPRESSOR, hook.function(), null);
    }

    /** Whether it is a compressor program, by type and by attach type. */
    public boolean isCompressor() {
        return type == ProgramType.COMPRESSOR && attach == AttachType.COMPRESSOR;
    }

    /** The hook that it is for; null if its target is none (clause ATT-2). */
    public @Nullable Hook hook() {
        return Hook.ofFunction(target);
    }
}
