package org.bpfz.spec.kernel;

import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * The programs on the two hooks, in the order of attaching.
 *
 * @param decide on bpf_compressor_decide
 * @param verify on bpf_compressor_verify
 */
public record Attachments(PVector<Attached> decide, PVector<Attached> verify) {
    /**
     * One program on a hook.
     *
     * @param link    the id of the link's inode
     * @param program the id that {@link Hooks} knows the program by
     */
    public record Attached(int link, int program) {}

    /** Nothing attached. */
    public static final Attachments NONE = new Attachments(TreePVector.empty(), TreePVector.empty());

    /** Whether nothing is attached at all (clause HOOK-6). */
    public boolean isEmpty() {
        return decide.isEmpty() && verify.isEmpty();
    }

    /** The programs on the hook of that name. */
    public PVector<Attached> on(String hook) {
        return hook.equals(HookProgram.DECIDE) ? decide : verify;
    }

    /** With one more program on the hook of that name. */
    public Attachments plus(String hook, Attached attached) {
        return hook.equals(HookProgram.DECIDE)
                ? new Attachments(decide.plus(attached), verify)
                : new Attachments(decide, verify.plus(attached));
    }

    /** Without the program of a link (clause ATT-3). */
    public Attachments minusLink(int link) {
        return new Attachments(without(decide, link), without(verify, link));
    }

    private static PVector<Attached> without(PVector<Attached> programs, int link) {
        PVector<Attached> rest = programs;
        for (Attached attached : programs) {
            if (attached.link == link) {
                rest = rest.minus(attached);
            }
        }
        return rest;
    }
}
