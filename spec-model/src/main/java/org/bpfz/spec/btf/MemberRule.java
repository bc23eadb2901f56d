package org.bpfz.spec.btf;

import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.Member;
import org.jspecify.annotations.Nullable;

/** Says whether a member lies inside of its struct, by what its type is (kernel/bpf/btf.c, check_member of each kind). */
final class MemberRule {
    private static final int MAX_BITS = 128;

    private MemberRule() {
    }

    /** What is wrong with the member, null if nothing is; its type exists and has been walked. */
    static @Nullable String violation(Btf btf, Composite composite, Member member) {
        return switch (btf.resolved(member.type())) {
            case BtfType.Int integer -> composite.bitFields()
                    ? bitField(composite, member, integer)
                    : integer(composite, member, integer);
            case BtfType.Enumeration enumeration -> enumeration(composite, member, enumeration);
            case BtfType.FloatType number -> number(composite, member, number);
            case BtfType.Ptr _ -> plain(composite, member, Btf.POINTER_SIZE);
            case Composite inner -> plain(composite, member, inner.size());
            case BtfType.Array _ -> plain(composite, member, btf.sizeOf(member.type()));
            case BtfType.VoidType _,BtfType.Fwd _,BtfType.Func _,BtfType.FuncProto _,BtfType.Var _,BtfType.DataSec _,BtfType.DeclTag _,BtfType.Modifier _ ->
                "has no size";
        };
    }

    private static @Nullable String plain(Composite composite, Member member, long size) {
        if (member.bitFieldSize() != 0) {
            return "is a bit-field of a type that can have none";
        }
        if (member.bitOffset() % 8 != 0) {
            return "is not aligned to bytes";
        }
        return inside(composite, member.byteOffset(), size);
    }

    private static @Nullable String number(Composite composite, Member member, BtfType.FloatType number) {
        if (member.bitFieldSize() != 0) {
            return "is a bit-field of a type that can have none";
        }
        if (member.bitOffset() % (Math.min(Btf.POINTER_SIZE, number.size()) * 8) != 0) {
            return "is not aligned to its size";
        }
        return inside(composite, member.byteOffset(), number.size());
    }

    private static @Nullable String enumeration(Composite composite, Member member, BtfType.Enumeration enumeration) {
        if (!composite.bitFields()) {
            return plain(composite, member, enumeration.size());
        }
        // The kernel reckons with 32 bits here, however wide the enumeration is.
        int bits = member.bitFieldSize() == 0 ? 32 : member.bitFieldSize();
        if (bits > 32) {
            return "has more bits than an enumeration";
        }
        if (member.bitFieldSize() == 0 && member.bitOffset() % 8 != 0) {
            return "is not aligned to bytes";
        }
        return (member.bitOffset() + bits + 7) / 8 > composite.size() ? "ends outside of the type" : null;
    }

    private static @Nullable String integer(Composite composite, Member member, BtfType.Int integer) {
        long offset = member.bitOffset() + integer.bitOffset();
        return bits(composite, offset, integer.bits());
    }

    private static @Nullable String bitField(Composite composite, Member member, BtfType.Int integer) {
        if (!integer.regular()) {
            return "is a bit-field of an odd integer";
        }
        if (member.bitFieldSize() == 0 && member.bitOffset() % 8 != 0) {
            return "is not aligned to bytes";
        }
        if (member.bitFieldSize() > integer.bits()) {
            return "has more bits than its type";
        }
        return bits(composite, member.bitOffset(), member.bitFieldSize() == 0 ? integer.bits() : member.bitFieldSize());
    }

    private static @Nullable String bits(Composite composite, long offset, int bits) {
        long copied = bits + offset % 8;
        if (copied > MAX_BITS) {
            return "spans more than " + MAX_BITS + " bits";
        }
        return inside(composite, offset / 8, (copied + 7) / 8);
    }

    private static @Nullable String inside(Composite composite, long byteOffset, long size) {
        return byteOffset + size > composite.size() ? "ends outside of the type" : null;
    }
}
