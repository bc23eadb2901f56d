package org.bpfz.spec.kernel;

import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.ProgramType;

/**
 * A program as the system calls that load and attach it see it; what it computes is behind {@link Hooks}.
 *
 * @param id       the number that {@link Hooks} knows it by
 * @param type     its program type
 * @param attach   its expected attach type
 * @param target   the kernel function that attach_btf_id names; empty for none
 * @param accepted whether the verifier accepts it
 */
public record HookProgram(int id, ProgramType type, AttachType attach, String target, boolean accepted) {
    /** The hook that open consults (clause HOOK-1). */
    public static final String DECIDE = "bpf_compressor_decide";
    /** The hook that write consults (clause HOOK-2). */
    public static final String VERIFY = "bpf_compressor_verify";

    /** A compressor program for the decide hook. */
    public static HookProgram decide(int id) {
        return new HookProgram(id, ProgramType.COMPRESSOR, AttachType.COMPRESSOR, DECIDE, true);
    }

    /** A compressor program for the verify hook. */
    public static HookProgram verify(int id) {
        return new HookProgram(id, ProgramType.COMPRESSOR, AttachType.COMPRESSOR, VERIFY, true);
    }

    /** Whether its target is one of the two hooks (clause ATT-2). */
    public boolean targetsHook() {
        return target.equals(DECIDE) || target.equals(VERIFY);
    }
}
