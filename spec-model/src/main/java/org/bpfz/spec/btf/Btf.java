package org.bpfz.spec.btf;

import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.DeclTag;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * The types of an object file, a program or a kernel by id, and the questions that everyone asks of them: how large, which member,
 * what is behind the typedefs. Id 0 is void; a split BTF continues the ids of its base.
 *
 * <p>Immutable. Questions that follow references give up with {@link MalformedBtf} after {@value #MAX_DEPTH} steps, as the kernel
 * does, because {@link BtfRules#KERNEL} does not look for cycles.
 */
public final class Btf {
    /** MAX_RESOLVE_DEPTH of kernel/bpf/btf.c. */
    static final int MAX_DEPTH = 32;

    /** Bytes of a pointer: BPF is a 64-bit machine. */
    public static final int POINTER_SIZE = 8;

    private static final int IN_CYCLE = -1;
    private static final int UNKNOWN = -2;
    private static final BtfType VOID = new BtfType.VoidType();
    private static final long MAX_SIZE = 0xffffffffL;

    private final @Nullable Btf base;
    private final int firstId;
    private final List<BtfType> types;
    private final int[] offsets;
    private final BtfStrings strings;
    private final ByteOrder order;
    private final int[] behindModifiers;
    private final Map<String, List<Integer>> idsByName = new HashMap<>();
    private final Map<Integer, List<DeclTag>> tagsByTarget = new HashMap<>();

    Btf(@Nullable Btf base, List<BtfType> types, int[] offsets, BtfStrings strings, ByteOrder order) {
        this.base = base;
        this.types = List.copyOf(types);
        this.offsets = offsets;
        this.strings = strings;
        this.order = order;
        firstId = base == null ? 1 : base.endId();
        behindModifiers = behindModifiers();
        for (int id = firstId; id < endId(); id++) {
            BtfType type = type(id);
            if (type instanceof DeclTag tag) {
                tagsByTarget.computeIfAbsent(tag.target(), _ -> new ArrayList<>()).add(tag);
            } else if (!type.name().isEmpty()) {
                idsByName.computeIfAbsent(type.name(), _ -> new ArrayList<>()).add(id);
            }
        }
    }

    /** For each own type the id behind its modifiers, itself if it is none; each chain is followed once, however long it is. */
    private int[] behindModifiers() {
        int[] behind = new int[types.size()];
        int[] chain = new int[types.size()];
        Arrays.fill(behind, UNKNOWN);
        for (int first = firstId; first < endId(); first++) {
            int length = 0;
            int current = first;
            while (isOwn(current) && behind[current - firstId] == UNKNOWN
                    && type(current) instanceof Modifier modifier) {
                behind[current - firstId] = IN_CYCLE;
                chain[length++] = current;
                current = modifier.target();
            }
            boolean known = isOwn(current) && behind[current - firstId] != UNKNOWN;
            int end = known
                    ? behind[current - firstId]
                    : base != null && base.contains(current)
                            ? base.skipModifiers(current)
                            : current;
            for (int i = 0; i < length; i++) {
                behind[chain[i] - firstId] = end;
            }
            if (length == 0 && !known) {
                behind[first - firstId] = first;
            }
        }
        return behind;
    }

    private boolean isOwn(int id) {
        return id >= firstId && id < endId();
    }

    /**
     * Reads a BTF, of either byte order.
     *
     * @throws MalformedBtf if it is none or breaks the rules
     */
    public static Btf read(byte[] bytes, BtfRules rules) {
        return checked(BtfReader.read(bytes, null, rules), rules);
    }

    /**
     * Reads a split BTF, whose ids and string offsets continue those of a base (a kernel module's).
     *
     * @throws MalformedBtf if it is none or breaks the rules
     */
    public static Btf readSplit(byte[] bytes, Btf base, BtfRules rules) {
        return checked(BtfReader.read(bytes, base, rules), rules);
    }

    /**
     * This BTF with some of its types changed, held to the rules anew: what a loader does to an object's.
     *
     * @param changed new types by id, of this BTF and not of its base
     * @throws MalformedBtf if the result breaks the rules
     */
    public Btf with(Map<Integer, BtfType> changed, BtfRules rules) {
        return with(changed, List.of(), rules);
    }

    /**
     * This BTF with some of its types changed and others added behind them.
     *
     * @param changed new types by id, of this BTF and not of its base
     * @param added   types that get the ids from {@link #endId} on
     * @throws MalformedBtf if the result breaks the rules
     */
    public Btf with(Map<Integer, BtfType> changed, List<BtfType> added, BtfRules rules) {
        List<BtfType> copy = new ArrayList<>(types);
        changed.forEach((id, type) -> copy.set(id - firstId, type));
        copy.addAll(added);
        return checked(new Btf(base, copy, Arrays.copyOf(offsets, Math.max(offsets.length, copy.size())), strings,
                order), rules);
    }

    /** These types as bytes in their byte order: without those of the base, which a reader has to be given again. */
    public byte[] toBytes() {
        return new BtfWriter(this, base == null ? 0 : base.strings().end(), order).write();
    }

    private static Btf checked(Btf btf, BtfRules rules) {
        new BtfChecker(btf, rules).check();
        return btf;
    }

    /** The byte order it was written in: that of the machine it speaks of. */
    public ByteOrder order() {
        return order;
    }

    /** The first id of this BTF itself: 1, or where its base ends. */
    public int firstId() {
        return firstId;
    }

    /** The id behind the last one. */
    public int endId() {
        return firstId + types.size();
    }

    /** Whether there is such a type; id 0, void, is one. */
    public boolean contains(int id) {
        return id >= 0 && id < endId();
    }

    /**
     * The type with an id that {@link #contains} is true for.
     *
     * @throws IndexOutOfBoundsException otherwise
     */
    public BtfType type(int id) {
        if (id >= firstId) {
            return types.get(id - firstId);
        }
        return base != null ? base.type(id) : id == 0 ? VOID : types.get(-1);
    }

    /** The string at an offset of the string section, null if there is no such offset. {@link BtfExt} refers to strings so. */
    public @Nullable String string(int offset) {
        return strings.contains(offset) ? strings.at(offset) : null;
    }

    /** The ids of all named types with this name, declaration tags apart, lowest first; those of the base too. */
    public List<Integer> idsNamed(String name) {
        List<Integer> own = idsByName.getOrDefault(name, List.of());
        if (base == null) {
            return List.copyOf(own);
        }
        List<Integer> all = new ArrayList<>(base.idsNamed(name));
        all.addAll(own);
        return all;
    }

    /** The lowest id of a type of this kind with this name. */
    public OptionalInt find(Class<? extends BtfType> kind, String name) {
        return idsNamed(name).stream().mapToInt(Integer::intValue).filter(id -> kind.isInstance(type(id))).findFirst();
    }

    /** The declaration tags on a type (component -1), or on a member or parameter of it, in the order of their ids. */
    public List<DeclTag> tags(int target, int component) {
        List<DeclTag> tags = new ArrayList<>(base == null ? List.of() : base.tags(target, component));
        for (DeclTag tag : tagsByTarget.getOrDefault(target, List.of())) {
            if (tag.component() == component) {
                tags.add(tag);
            }
        }
        return tags;
    }

    /** The id of what is left of a type without typedef, const, volatile, restrict and type tags; 0 if that is void. */
    public int skipModifiers(int id) {
        if (base != null && id < firstId) {
            return base.skipModifiers(id);
        }
        int behind = id == 0 ? 0 : behindModifiers[id - firstId];
        if (behind == IN_CYCLE) {
            throw malformed(id, "typedefs and qualifiers in a circle");
        }
        return behind;
    }

    /** The type that is left when {@link #skipModifiers} is through. */
    public BtfType resolved(int id) {
        return type(skipModifiers(id));
    }

    /** What a pointer (behind typedefs and qualifiers) points to, as written, or empty if the type is no pointer. */
    public OptionalInt pointee(int id) {
        return resolved(id) instanceof BtfType.Ptr pointer ? OptionalInt.of(pointer.target()) : OptionalInt.empty();
    }

    /**
     * How many bytes a value of a type takes (kernel/bpf/btf.c, btf_resolve_size), a variable one of its type.
     *
     * @throws MalformedBtf if it has no size, or one that needs more than 32 bits
     */
    public long sizeOf(int id) {
        long count = 1;
        int current = id;
        for (int i = 0; i <= MAX_DEPTH; i++) {
            switch (type(current)) {
                case BtfType.Sized sized -> {
                    return product(id, count, sized.size());
                }
                case BtfType.Ptr _ -> {
                    return product(id, count, POINTER_SIZE);
                }
                case BtfType.Array array -> {
                    count = product(id, count, array.count());
                    current = array.element();
                }
                case BtfType.Var variable -> current = variable.type();
                case Modifier modifier -> current = modifier.target();
                case BtfType.VoidType _,BtfType.Fwd _,BtfType.Func _,BtfType.FuncProto _,DeclTag _ ->
                    throw malformed(id, "a type without a size");
            }
        }
        throw malformed(id, "more than " + MAX_DEPTH + " steps to the type's size");
    }

    private long product(int id, long count, long size) {
        if (count != 0 && size > MAX_SIZE / count) {
            throw malformed(id, "a type of 4 GiB or more");
        }
        return count * size;
    }

    /** Where a member is found: the bits from the start of the composite that was asked for. */
    public record Field(Member member, long bitOffset) {}

    /**
     * The member with a name of a struct or union (behind typedefs and qualifiers), also one of an anonymous struct or union in
     * it; empty if there is none or the type is no composite.
     */
    public Optional<Field> member(int id, String name) {
        record Open(Composite composite, long bitOffset) {}
        Set<Integer> seen = new HashSet<>();
        Deque<Open> open = new ArrayDeque<>();
        if (resolved(id) instanceof Composite composite) {
            open.add(new Open(composite, 0));
        }
        while (!open.isEmpty()) {
            Open next = open.remove();
            for (Member member : next.composite().members()) {
                long bitOffset = next.bitOffset() + member.bitOffset();
                if (member.name().equals(name)) {
                    return Optional.of(new Field(member, bitOffset));
                }
                int inner = skipModifiers(member.type());
                if (member.name().isEmpty() && type(inner) instanceof Composite composite && seen.add(inner)) {
                    open.add(new Open(composite, bitOffset));
                }
            }
        }
        return Optional.empty();
    }

    /** The type as C writes it, short: {@code struct foo}, {@code const char *}, {@code int[4]}. For messages. */
    public String describe(int id) {
        StringBuilder suffix = new StringBuilder();
        int current = id;
        for (int i = 0; i <= MAX_DEPTH; i++) {
            switch (type(current)) {
                case BtfType.Ptr pointer -> {
                    suffix.insert(0, suffix.isEmpty() || suffix.charAt(0) != '*' ? " *" : "*");
                    current = pointer.target();
                }
                case BtfType.Array array -> {
                    suffix.append('[').append(array.count()).append(']');
                    current = array.element();
                }
                case BtfType.Const constant -> current = constant.target();
                case BtfType.Volatile volatileType -> current = volatileType.target();
                case BtfType.Restrict restrict -> current = restrict.target();
                case BtfType.TypeTag tag -> current = tag.target();
                case BtfType.VoidType _ -> {
                    return "void" + suffix;
                }
                case BtfType.Struct struct -> {
                    return "struct " + orAnonymous(struct) + suffix;
                }
                case BtfType.Union union -> {
                    return "union " + orAnonymous(union) + suffix;
                }
                case BtfType.Fwd forward -> {
                    return (forward.union() ? "union " : "struct ") + forward.name() + suffix;
                }
                case BtfType.Enumeration enumeration -> {
                    return "enum " + orAnonymous(enumeration) + suffix;
                }
                case BtfType.FuncProto _ -> {
                    return "function" + suffix;
                }
                case BtfType.Int _,BtfType.FloatType _,BtfType.Typedef _,BtfType.Func _,BtfType.Var _,BtfType.DataSec _,DeclTag _ -> {
                    return orAnonymous(type(current)) + suffix;
                }
            }
        }
        return "type " + id;
    }

    private static String orAnonymous(BtfType type) {
        return type.name().isEmpty() ? "(anon)" : type.name();
    }

    /** An error about a type, at its record. */
    MalformedBtf malformed(int id, String reason) {
        if (base != null && id < firstId) {
            return base.malformed(id, reason);
        }
        BtfType type = type(id);
        String name = type.name().isEmpty() ? "" : " '" + type.name() + "'";
        return new MalformedBtf(id == 0 ? 0 : offsets[id - firstId], "type " + id + name + ": " + reason);
    }

    BtfStrings strings() {
        return strings;
    }
}
