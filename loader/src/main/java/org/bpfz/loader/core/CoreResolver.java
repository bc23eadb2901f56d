package org.bpfz.loader.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Int;
import org.bpfz.spec.btf.BtfType.IntEncoding;
import org.bpfz.spec.btf.BtfType.Ptr;
import org.bpfz.spec.btf.CoreRelocation;
import org.bpfz.spec.btf.MalformedBtf;
import org.jspecify.annotations.Nullable;

/** Resolves the relocations of one object on one kernel (bpf_core_calc_relo_insn). */
public final class CoreResolver {
    private final Btf local;
    private final @Nullable CoreTarget target;

    /**
     * A resolver.
     *
     * @param target null for a kernel without types: only what the object itself knows can be resolved
     */
    public CoreResolver(Btf local, @Nullable CoreTarget target) {
        this.local = local;
        this.target = target;
    }

    /**
     * Resolves one relocation.
     *
     * @throws CoreException if it makes no sense, or candidates contradict each other, or the kernel's types are needed and not known
     */
    public CoreResolution resolve(CoreRelocation relocation) throws CoreException {
        try {
            return resolveWellFormed(relocation);
        } catch (MalformedBtf e) {
            throw new CoreException(e.reason());
        }
    }

    private CoreResolution resolveWellFormed(CoreRelocation relocation) throws CoreException {
        CoreSpec spec = CoreSpec.parse(local, relocation);
        if (relocation.kind() == CoreRelocation.Kind.TYPE_ID_LOCAL) {
            long id = spec.rootType();
            return new CoreResolution(relocation, spec, null, List.of(), id, id, false, false, 0, 0, true);
        }
        BtfType root = local.type(spec.rootType());
        if (root.name().isEmpty()) {
            throw new CoreException("a type without a name can not be looked for");
        }
        if (target == null) {
            throw new CoreException("the kernel's types are not known");
        }
        List<Integer> candidates = target.candidates(root);
        List<CoreSpec> matching = new ArrayList<>();
        @Nullable
        CoreAnswer chosen = null;
        for (int candidate : candidates) {
            Optional<CoreSpec> match = new CoreMatcher(spec, target.types()).match(candidate);
            if (match.isEmpty()) {
                continue;
            }
            CoreAnswer answer = CoreAnswer.of(match.get());
            if (chosen != null) {
                refuseAmbiguity(matching.getFirst(), chosen, match.get(), answer);
            } else {
                chosen = answer;
            }
            matching.add(match.get());
        }
        if (chosen == null) {
            chosen = CoreAnswer.ofMissing(relocation.kind()).orElse(null);
        }
        return resolution(relocation, spec, candidates, matching, chosen);
    }

    private static void refuseAmbiguity(CoreSpec first, CoreAnswer chosen, CoreSpec other, CoreAnswer answer)
            throws CoreException {
        if (first.bitOffset() != other.bitOffset() || chosen.value() != answer.value()) {
            throw new CoreException("the kernel has more than one such type, and they disagree: " + first + " gives "
                    + chosen.value() + ", " + other + " gives " + answer.value());
        }
    }

    private static CoreResolution resolution(CoreRelocation relocation, CoreSpec spec, List<Integer> candidates,
            List<CoreSpec> matching, @Nullable CoreAnswer answer) throws CoreException {
        CoreAnswer own = CoreAnswer.of(spec);
        if (answer == null) {
            return new CoreResolution(relocation, spec, candidates, matching, own.value(), 0, true, own.validated(), 0,
                    0, true);
        }
        boolean sized = answer.fieldSize() != 0 && own.fieldSize() != 0 && !matching.isEmpty();
        boolean resizable = !sized || answer.fieldSize() == own.fieldSize()
                || areResizable(spec.btf().type(own.fieldType()),
                        matching.getFirst().btf().type(answer.fieldType()));
        return new CoreResolution(relocation, spec, candidates, matching, own.value(), answer.value(), false,
                own.validated(), sized ? own.fieldSize() : 0, sized ? answer.fieldSize() : 0, resizable);
    }

    private static boolean areResizable(BtfType own, BtfType other) {
        if (own instanceof Int first && other instanceof Int second) {
            return first.encoding() != IntEncoding.SIGNED && second.encoding() != IntEncoding.SIGNED;
        }
        return own instanceof Ptr && other instanceof Ptr;
    }
}
