package org.bpfz.loader.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Array;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.EnumValue;
import org.bpfz.spec.btf.BtfType.Enumeration;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.CoreRelocation;
import org.jspecify.annotations.Nullable;

/**
 * A path from a type to what a relocation asks about (struct bpf_core_spec): the type itself, a value of an enumeration, or a field
 * by indices of members and elements.
 *
 * @param btf       the types that ids refer to
 * @param rootType  where the path begins
 * @param raw       all indices, those of anonymous members too
 * @param accesses  the steps that have a name or are an element; empty where the type itself is meant
 * @param bitOffset of the field, from the start of the root type
 */
public record CoreSpec(Btf btf, CoreRelocation.Kind kind, int rootType, List<Integer> raw, List<Access> accesses,
        long bitOffset) {
    /** BPF_CORE_SPEC_MAX_LEN. */
    static final int MAX_LENGTH = 64;

    public CoreSpec {
        raw = List.copyOf(raw);
        accesses = List.copyOf(accesses);
    }

    /**
     * A step.
     *
     * @param type  of the composite or enumeration that the name is in; of the element where there is no name
     * @param index of the member, enumerator or element
     * @param name  null for an element
     */
    public record Access(int type, int index, @Nullable String name) {}

    /** The last step. */
    Access last() {
        return accesses.getLast();
    }

    /**
     * Takes the access string of a relocation apart.
     *
     * @throws CoreException if it fits no type of the object
     */
    static CoreSpec parse(Btf btf, CoreRelocation relocation) throws CoreException {
        List<Integer> raw = indices(relocation.access());
        CoreRelocation.Kind kind = relocation.kind();
        int root = relocation.typeId();
        if (CoreKinds.isType(kind)) {
            require(relocation.access().equals("0"), relocation);
            return new CoreSpec(btf, kind, root, raw, List.of(), 0);
        }
        int type = btf.skipModifiers(root);
        if (CoreKinds.isEnumValue(kind)) {
            require(btf.type(type) instanceof Enumeration enumeration && raw.size() == 1
                    && raw.getFirst() < enumeration.values().size(), relocation);
            EnumValue value = ((Enumeration) btf.type(type)).values().get(raw.getFirst());
            return new CoreSpec(btf, kind, root, raw, List.of(new Access(type, raw.getFirst(), value.name())), 0);
        }
        return new FieldParser(btf, relocation, raw).parse();
    }

    private static List<Integer> indices(String access) throws CoreException {
        String[] parts = access.split(":", -1);
        List<Integer> raw = new ArrayList<>();
        for (String part : parts) {
            if (!part.matches("[0-9]{1,9}") || raw.size() == MAX_LENGTH) {
                throw new CoreException("the access '" + access + "' is no list of at most 64 indices");
            }
            raw.add(Integer.parseInt(part));
        }
        return raw;
    }

    private static void require(boolean holds, CoreRelocation relocation) throws CoreException {
        if (!holds) {
            throw new CoreException("the access '" + relocation.access() + "' fits no "
                    + relocation.kind().name().toLowerCase(Locale.ROOT) + " of the type");
        }
    }

    /** Follows the indices of a field. */
    private record FieldParser(Btf btf, CoreRelocation relocation, List<Integer> raw) {
        CoreSpec parse() throws CoreException {
            int type = btf.skipModifiers(relocation.typeId());
            List<Access> accesses = new ArrayList<>();
            accesses.add(new Access(type, raw.getFirst(), null));
            long bits = 8L * raw.getFirst() * size(btf, type);
            int current = type;
            for (int index : raw.subList(1, raw.size())) {
                int resolved = btf.skipModifiers(current);
                switch (btf.type(resolved)) {
                    case Composite composite -> {
                        require(index < composite.members().size(), relocation);
                        Member member = composite.members().get(index);
                        bits += member.bitOffset();
                        if (!member.name().isEmpty()) {
                            accesses.add(new Access(resolved, index, member.name()));
                        }
                        current = member.type();
                    }
                    case Array array -> {
                        require(index < array.count() || isFlexible(btf, accesses.getLast(), array), relocation);
                        current = btf.skipModifiers(array.element());
                        accesses.add(new Access(current, index, null));
                        bits += 8L * index * size(btf, current);
                    }
                    default -> require(false, relocation);
                }
            }
            return new CoreSpec(btf, relocation.kind(), relocation.typeId(), raw, accesses, bits);
        }
    }

    /** The size of a type, 0 where it has none: a forward declaration that is only ever indexed by 0. */
    static long size(Btf btf, int type) throws CoreException {
        if (type == 0 || btf.type(type) instanceof BtfType.Fwd || btf.type(type) instanceof BtfType.FuncProto) {
            throw new CoreException(btf.describe(type) + " has no size");
        }
        return btf.sizeOf(type);
    }

    /** Whether an array of no elements is the last member of its struct (is_flex_array). */
    static boolean isFlexible(Btf btf, Access before, Array array) {
        return before.name() != null && array.count() == 0
                && btf.type(before.type()) instanceof Composite composite
                && before.index() == composite.members().size() - 1;
    }

    /** The path as libbpf writes it: {@code <byte_off> [7] struct task_struct.pid (0:64 @ offset 1256)}. */
    @Override
    public String toString() {
        String head = "<" + CoreKinds.label(kind) + "> [" + rootType + "] " + kindOf(btf.type(rootType)) + " "
                + (btf.type(rootType).name().isEmpty() ? "<anon>" : btf.type(rootType).name());
        if (CoreKinds.isType(kind)) {
            return head;
        }
        if (CoreKinds.isEnumValue(kind)) {
            Enumeration enumeration = (Enumeration) btf.type(last().type());
            EnumValue value = enumeration.values().get(last().index());
            String number = enumeration.signed() || enumeration instanceof BtfType.Enum32
                    ? Long.toString(enumeration.signed() ? value.value() : value.value() & 0xffffffffL)
                    : Long.toUnsignedString(value.value());
            return head + "::" + value.name() + " = " + number;
        }
        String indices = String.join(":", raw.stream().map(String::valueOf).toList());
        String offset = bitOffset / 8 + (bitOffset % 8 == 0 ? "" : "." + bitOffset % 8);
        return head + path() + " (" + indices + " @ offset " + offset + ")";
    }

    /** The named part of the path as C writes it: {@code .bi_iter.bi_sector}, {@code [2].x}, or nothing. */
    public String path() {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < accesses.size(); i++) {
            Access access = accesses.get(i);
            if (access.name() != null) {
                path.append(CoreKinds.isEnumValue(kind) ? "::" : ".").append(access.name());
            } else if (i > 0 || access.index() > 0) {
                path.append('[').append(access.index()).append(']');
            }
        }
        return path.toString();
    }

    private static String kindOf(BtfType type) {
        return switch (type) {
            case BtfType.VoidType _ -> "void";
            case BtfType.Int _ -> "int";
            case BtfType.Ptr _ -> "ptr";
            case Array _ -> "array";
            case BtfType.Struct _ -> "struct";
            case BtfType.Union _ -> "union";
            case BtfType.Enum32 _ -> "enum";
            case BtfType.Enum64 _ -> "enum64";
            case BtfType.Fwd _ -> "fwd";
            case BtfType.Typedef _ -> "typedef";
            case BtfType.Volatile _ -> "volatile";
            case BtfType.Const _ -> "const";
            case BtfType.Restrict _ -> "restrict";
            case BtfType.TypeTag _ -> "type_tag";
            case BtfType.Func _ -> "func";
            case BtfType.FuncProto _ -> "func_proto";
            case BtfType.Var _ -> "var";
            case BtfType.DataSec _ -> "datasec";
            case BtfType.FloatType _ -> "float";
            case BtfType.DeclTag _ -> "decl_tag";
        };
    }
}
