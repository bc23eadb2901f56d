package org.bpfz.loader.core;

import java.util.List;
import org.bpfz.spec.btf.CoreRelocation;
import org.jspecify.annotations.Nullable;

/**
 * What became of a relocation on a kernel (struct bpf_core_relo_res).
 *
 * @param relocation   what the object asks
 * @param local        the path in the object's types
 * @param candidates   the ids of the target's types that go by the name, or null where none is looked for
 * @param matching     the paths in those of them that have what is asked for, of which the first is chosen; all give the same value
 * @param original     the number in the object's own types
 * @param value        the number on the target; meant unless poisoned
 * @param poisoned     whether the target has no such thing and the instruction must never run
 * @param validated    whether the instruction must hold {@code original} beforehand
 * @param originalSize bytes of the field in the object's types where its offset is asked for, otherwise 0
 * @param size         bytes of the field on the target, otherwise 0
 * @param resizable    whether a load may change its width from the one to the other: pointers and unsigned integers
 */
public record CoreResolution(CoreRelocation relocation, CoreSpec local, @Nullable List<Integer> candidates,
        List<CoreSpec> matching, long original, long value, boolean poisoned, boolean validated, int originalSize,
        int size, boolean resizable) {
    public CoreResolution {
        matching = List.copyOf(matching);
    }

    /** What was asked for, in words: {@code byte_off of struct task_struct.pid}. */
    public String asked() {
        return CoreKinds.label(relocation.kind()) + " of " + local.btf().describe(local.rootType()) + local.path();
    }
}
