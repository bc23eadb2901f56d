package org.bpfz.spec.kernel;

import org.bpfz.spec.program.Hook;
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

    /** The programs on a hook. */
    public PVector<Attached> on(Hook hook) {
        return switch (hook) {
            case DECIDE -> decide;
            case VERIFY -> verify;
        };
    }

    /** With one more program on a hook. */
    public Attachments plus(Hook hook, Attached attached) {
        return with(hook, on(hook).plus(attached));
    }

    /** Without the program of a link (clause ATT-3). */
    public Attachments minus(Hook hook, int link) {
        PVector<Attached> rest = on(hook);
        for (Attached attached : on(hook)) {
            if (attached.link == link) {
                rest = rest.minus(attached);
            }
        }
        return with(hook, rest);
    }

    private Attachments with(Hook hook, PVector<Attached> programs) {
        return switch (hook) {
            case DECIDE -> new Attachments(programs, verify);
            case VERIFY -> new Attachments(decide, programs);
        };
    }
}
