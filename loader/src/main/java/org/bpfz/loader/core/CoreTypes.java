package org.bpfz.loader.core;

import java.util.List;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Array;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.EnumValue;
import org.bpfz.spec.btf.BtfType.Enumeration;
import org.bpfz.spec.btf.BtfType.FuncProto;
import org.bpfz.spec.btf.BtfType.Fwd;
import org.bpfz.spec.btf.BtfType.Int;
import org.bpfz.spec.btf.BtfType.IntEncoding;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.Ptr;

/**
 * Compares a type of the object with one of the target, in three strengths: as fields (bpf_core_fields_are_compat), as types
 * (bpf_core_types_are_compat), and exactly (bpf_core_types_match). That the names of the two agree has been looked at before.
 *
 * @param local  the object's types
 * @param target the kernel's types
 */
public record CoreTypes(Btf local, Btf target) {
    /** Types within types, and function types within function types, up to this depth. */
    private static final int MAX_DEPTH = 32;

    /** Work that a comparison may cost before it is given up: members of members of members multiply. */
    private static final int MAX_STEPS = 1 << 20;

    /** Whether two records are of the same kind; both widths of enumeration are one. */
    static boolean sameKind(BtfType a, BtfType b) {
        return a.getClass() == b.getClass() || (a instanceof Enumeration && b instanceof Enumeration);
    }

    private static boolean plain(Int a, Int b) {
        return a.bitOffset() == 0 && b.bitOffset() == 0;
    }

    /** Whether a member of the one type may be read as a member of the other. */
    boolean fieldsAreCompatible(int localId, int targetId) {
        int localType = localId;
        int targetType = targetId;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            BtfType here = local.resolved(localType);
            BtfType there = target.resolved(targetType);
            if (here instanceof Composite && there instanceof Composite) {
                return true;
            }
            if (!sameKind(here, there)) {
                return false;
            }
            switch (here) {
                case Ptr _,BtfType.FloatType _ -> {
                    return true;
                }
                case Fwd _,Enumeration _ -> {
                    return here.name().isEmpty() || there.name().isEmpty()
                            || CoreNames.essential(here.name()).equals(CoreNames.essential(there.name()));
                }
                case Int integer -> {
                    return plain(integer, (Int) there);
                }
                case Array array -> {
                    localType = array.element();
                    targetType = ((Array) there).element();
                }
                default -> {
                    return false;
                }
            }
        }
        return false;
    }

    /**
     * Whether two types are of the same make: kinds agree all the way down through pointers, arrays and function types, and composites
     * and enumerations are taken as they are.
     *
     * @throws CoreException if they nest too deeply to say
     */
    public boolean areCompatible(int localId, int targetId) throws CoreException {
        return sameKind(local.type(localId), target.type(targetId)) && areCompatible(localId, targetId, MAX_DEPTH);
    }

    private boolean areCompatible(int localId, int targetId, int level) throws CoreException {
        if (level <= 0) {
            throw new CoreException("function types nest too deeply");
        }
        int localType = localId;
        int targetType = targetId;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            BtfType here = local.resolved(localType);
            BtfType there = target.resolved(targetType);
            if (!sameKind(here, there)) {
                return false;
            }
            switch (here) {
                case BtfType.VoidType _,Composite _,Enumeration _,Fwd _ -> {
                    return true;
                }
                case Int integer -> {
                    return plain(integer, (Int) there);
                }
                case Ptr pointer -> {
                    localType = pointer.target();
                    targetType = ((Ptr) there).target();
                }
                case Array array -> {
                    localType = array.element();
                    targetType = ((Array) there).element();
                }
                case FuncProto proto -> {
                    FuncProto other = (FuncProto) there;
                    if (proto.params().size() != other.params().size()) {
                        return false;
                    }
                    for (int i = 0; i < proto.params().size(); i++) {
                        if (!areCompatible(proto.params().get(i).type(), other.params().get(i).type(), level - 1)) {
                            return false;
                        }
                    }
                    localType = proto.returned();
                    targetType = other.returned();
                }
                default -> {
                    return false;
                }
            }
        }
        throw new CoreException("the types nest too deeply");
    }

    /**
     * Whether the target's type has all that the object's type has, and the same: members and enumerators by name, sizes and signs of
     * integers, lengths of arrays. Behind a pointer a composite is taken as it is.
     *
     * @throws CoreException if they nest too deeply to say
     */
    boolean match(int localId, int targetId) throws CoreException {
        return new Matching(new int[1]).types(localId, targetId, false, MAX_DEPTH);
    }

    /** One question with the steps that it has cost. */
    private final class Matching {
        private final int[] steps;

        Matching(int[] steps) {
            this.steps = steps;
        }

        private boolean types(int localId, int targetId, boolean behindPointer, int level) throws CoreException {
            if (level <= 0) {
                throw new CoreException("the types nest too deeply");
            }
            int localType = localId;
            int targetType = targetId;
            boolean behind = behindPointer;
            for (int depth = 0; depth < MAX_DEPTH; depth++) {
                if (++steps[0] > MAX_STEPS) {
                    throw new CoreException("the types have too many members to compare");
                }
                BtfType here = local.resolved(localType);
                BtfType there = target.resolved(targetType);
                if (!namesMatch(here.name(), there.name())) {
                    return false;
                }
                switch (here) {
                    case Fwd forward -> {
                        return forward(forward, there, behind);
                    }
                    case Enumeration enumeration -> {
                        return there instanceof Enumeration other && enumerators(enumeration, other);
                    }
                    case Composite composite -> {
                        return behind
                                ? behindPointer(composite, there)
                                : there.getClass() == here.getClass() && members(composite, (Composite) there, level);
                    }
                    case Int integer -> {
                        return there instanceof Int other && integer.size() == other.size()
                                && isSigned(integer) == isSigned(other);
                    }
                    case Ptr pointer when there instanceof Ptr other -> {
                        behind = true;
                        localType = pointer.target();
                        targetType = other.target();
                    }
                    case Array array when there instanceof Array other && array.count() == other.count() -> {
                        localType = array.element();
                        targetType = other.element();
                    }
                    case FuncProto proto when there instanceof FuncProto other
                            && proto.params().size() == other.params().size() -> {
                        for (int i = 0; i < proto.params().size(); i++) {
                            if (!types(proto.params().get(i).type(), other.params().get(i).type(), behind,
                                    level - 1)) {
                                return false;
                            }
                        }
                        localType = proto.returned();
                        targetType = other.returned();
                    }
                    case BtfType.VoidType _ -> {
                        return there instanceof BtfType.VoidType;
                    }
                    default -> {
                        return false;
                    }
                }
            }
            throw new CoreException("the types nest too deeply");
        }

        private boolean members(Composite here, Composite there, int level) throws CoreException {
            if (here.members().size() > there.members().size()) {
                return false;
            }
            for (Member member : here.members()) {
                boolean matched = false;
                for (Member other : there.members()) {
                    if (namesMatch(member.name(), other.name())
                            && types(member.type(), other.type(), false, level - 1)) {
                        matched = true;
                        break;
                    }
                }
                if (!matched) {
                    return false;
                }
            }
            return true;
        }
    }

    private static boolean isSigned(Int integer) {
        return integer.encoding() == IntEncoding.SIGNED;
    }

    private static boolean namesMatch(String here, String there) {
        return there.isEmpty() ? here.isEmpty() : CoreNames.essential(here).equals(CoreNames.essential(there));
    }

    private static boolean behindPointer(Composite here, BtfType there) {
        return there.getClass() == here.getClass()
                || (there instanceof Fwd other && other.union() == here instanceof BtfType.Union);
    }

    private static boolean forward(Fwd here, BtfType there, boolean behindPointer) {
        return switch (there) {
            case Fwd other -> here.union() == other.union();
            case BtfType.Struct _ -> behindPointer && !here.union();
            case BtfType.Union _ -> behindPointer && here.union();
            default -> false;
        };
    }

    private static boolean enumerators(Enumeration here, Enumeration there) {
        List<EnumValue> others = there.values();
        return here.size() == there.size() && here.values().size() <= others.size() && here.values().stream()
                .allMatch(value -> others.stream().anyMatch(other -> namesMatch(value.name(), other.name())));
    }
}
