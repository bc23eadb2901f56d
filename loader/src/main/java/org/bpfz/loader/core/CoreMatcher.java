package org.bpfz.loader.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfz.loader.core.CoreSpec.Access;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType.Array;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.Enumeration;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.CoreRelocation;

/**
 * Follows a path of the object in a type of the target: members by name, also into anonymous structs and unions that the object does not
 * have, elements by index (bpf_core_spec_match and bpf_core_match_member). Made for one path and one candidate.
 */
final class CoreMatcher {
    private final CoreSpec local;
    private final Btf target;
    private final CoreTypes types;
    private final List<Integer> raw = new ArrayList<>();
    private final List<Access> accesses = new ArrayList<>();
    private long bitOffset;

    CoreMatcher(CoreSpec local, Btf target) {
        this.local = local;
        this.target = target;
        types = new CoreTypes(local.btf(), target);
    }

    /** The path in the candidate; empty if the candidate has none. */
    Optional<CoreSpec> match(int candidate) throws CoreException {
        CoreRelocation.Kind kind = local.kind();
        boolean found = CoreKinds.isType(kind)
                ? matchType(candidate)
                : CoreKinds.isEnumValue(kind) ? matchEnumerator(candidate) : matchField(candidate);
        return found
                ? Optional.of(new CoreSpec(target, kind, candidate, raw, accesses, bitOffset))
                : Optional.empty();
    }

    private boolean matchType(int candidate) throws CoreException {
        raw.add(0);
        return local.kind() == CoreRelocation.Kind.TYPE_MATCHES
                ? types.match(local.rootType(), candidate)
                : types.areCompatible(local.rootType(), candidate);
    }

    private boolean matchEnumerator(int candidate) {
        String wanted = CoreNames.essential(String.valueOf(local.last().name()));
        int id = target.skipModifiers(candidate);
        if (!(target.type(id) instanceof Enumeration enumeration)) {
            return false;
        }
        for (int i = 0; i < enumeration.values().size(); i++) {
            String name = enumeration.values().get(i).name();
            if (CoreNames.essential(name).equals(wanted)) {
                raw.add(i);
                accesses.add(new Access(id, i, name));
                return true;
            }
        }
        return false;
    }

    private boolean matchField(int candidate) throws CoreException {
        int current = candidate;
        for (int i = 0; i < local.accesses().size(); i++) {
            Access access = local.accesses().get(i);
            current = target.skipModifiers(current);
            if (access.name() != null) {
                int next = member(access, current);
                if (next < 0) {
                    return false;
                }
                current = next;
                continue;
            }
            if (i > 0) {
                if (!(target.type(current) instanceof Array array)
                        || (access.index() >= array.count()
                                && !CoreSpec.isFlexible(target, accesses.getLast(), array))) {
                    return false;
                }
                current = target.skipModifiers(array.element());
            }
            extend(access.index());
            accesses.add(new Access(current, access.index(), null));
            bitOffset += 8L * access.index() * CoreSpec.size(target, current);
        }
        return true;
    }

    private void extend(int index) throws CoreException {
        if (raw.size() == CoreSpec.MAX_LENGTH) {
            throw new CoreException("the field is nested more than " + CoreSpec.MAX_LENGTH + " deep in the target");
        }
        raw.add(index);
    }

    /** Goes to the member of the same name; returns the id of its type, -1 if there is none that would do. */
    private int member(Access access, int composite) throws CoreException {
        int resolved = target.skipModifiers(composite);
        if (!(target.type(resolved) instanceof Composite type)) {
            return -1;
        }
        Member wanted = ((Composite) local.btf().type(access.type())).members().get(access.index());
        for (int i = 0; i < type.members().size(); i++) {
            Member member = type.members().get(i);
            extend(i);
            bitOffset += member.bitOffset();
            if (member.name().isEmpty()) {
                int found = member(access, member.type());
                if (found >= 0) {
                    return found;
                }
            } else if (member.name().equals(wanted.name())) {
                accesses.add(new Access(resolved, i, member.name()));
                return types.fieldsAreCompatible(wanted.type(), member.type()) ? member.type() : -1;
            }
            bitOffset -= member.bitOffset();
            raw.removeLast();
        }
        return -1;
    }
}
