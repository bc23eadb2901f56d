package org.bpfz.loader;

import java.util.List;
import org.bpfz.loader.core.CoreResolution;
import org.bpfz.spec.btf.CoreRelocation;
import org.jspecify.annotations.Nullable;

/**
 * A CO-RE relocation of a function and what came of it on a kernel.
 *
 * @param function   that the instruction is in
 * @param slot       of the instruction, from the function's start
 * @param resolution null where there is none, see {@code refusal}
 * @param described  what is asked: kind, type and field
 * @param poisoned   whether the instruction has become one that must never run
 * @param changes    what was done to the instruction, as libbpf words it
 * @param refusal    why the relocation can not be carried out, null if it was
 */
public record CoreStep(String function, int slot, CoreRelocation relocation, @Nullable CoreResolution resolution,
        String described, boolean poisoned, List<String> changes, @Nullable String refusal) {
    public CoreStep {
        changes = List.copyOf(changes);
    }
}
