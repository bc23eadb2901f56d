package org.bpfz.verifier.btf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.DeclTag;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.MalformedBtf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the special fields of a structure or data section by the names of their types, in nested structures and arrays too
 * (btf_parse_fields, btf_find_field).
 */
public final class FieldFinder {
    private static final int MAX_FIELDS = 11;
    private static final int MAX_DEPTH = 32;

    private static final Set<FieldKind> ONCE = EnumSet.of(FieldKind.SPIN_LOCK, FieldKind.TIMER, FieldKind.WORKQUEUE,
            FieldKind.REFCOUNT);

    private final Btf btf;
    private final KernelTypes types;
    private final List<Field> found = new ArrayList<>();
    private final Set<FieldKind> seen = EnumSet.noneOf(FieldKind.class);
    private boolean malformed;

    public FieldFinder(Btf btf, KernelTypes types) {
        this.btf = btf;
        this.types = types;
    }

    /** The fields of a map's value type; none where it is no structure or section. */
    public Fields ofValue(int typeId) {
        int id = btf.skipModifiers(typeId);
        if (btf.type(id) instanceof BtfType.DataSec section) {
            for (BtfType.SectionVar variable : section.vars()) {
                if (btf.type(variable.type()) instanceof BtfType.Var of) {
                    add(of.type(), (int) variable.offset(), btf.tags(variable.type(), -1), 0);
                }
            }
            return fields();
        }
        return ofStruct(id);
    }

    /** The fields of a structure. */
    public Fields ofStruct(int typeId) {
        if (btf.type(typeId) instanceof BtfType.Composite composite) {
            addMembers(typeId, composite, 0, 0);
        }
        return fields();
    }

    private Fields fields() {
        List<Field> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(Field::offset));
        return new Fields(sorted, malformed);
    }

    private void addMembers(int typeId, BtfType.Composite composite, int off, int depth) {
        if (depth >= MAX_DEPTH) {
            malformed = true;
            return;
        }
        List<Member> members = composite.members();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (member.bitOffset() % 8 == 0) {
                add(member.type(), off + (int) member.byteOffset(), btf.tags(typeId, i), depth);
            }
        }
    }

    private void add(int typeId, int off, List<DeclTag> tags, int depth) {
        int id = typeId;
        long count = 1;
        while (btf.type(id) instanceof BtfType.Array array) {
            count *= array.count();
            id = array.element();
        }
        FieldKind kind = kindOf(id);
        if (kind == null) {
            int inner = id;
            if (btf.type(inner) instanceof BtfType.Composite composite && count > 0) {
                addElements(inner, composite, off, count, depth);
            }
            return;
        }
        if (count == 0 || off % kind.alignment() != 0) {
            return;
        }
        if (ONCE.contains(kind) && !seen.add(kind)) {
            malformed = true;
            return;
        }
        Field field = complete(kind, id, off, tags);
        for (int i = 0; field != null && i < count; i++) {
            addField(new Field(kind, off + i * kind.size(), kind.size(), field.btf(), field.typeId(),
                    field.nodeOffset()));
        }
    }

    private void addElements(int id, BtfType.Composite composite, int off, long count, int depth) {
        int before = found.size();
        addMembers(id, composite, off, depth + 1);
        List<Field> first = List.copyOf(found.subList(before, found.size()));
        for (long i = 1; i < count && !first.isEmpty() && !malformed; i++) {
            int distance = (int) (i * composite.size());
            for (Field field : first) {
                addField(new Field(field.kind(), field.offset() + distance, field.size(), field.btf(), field.typeId(),
                        field.nodeOffset()));
            }
        }
    }

    private void addField(Field field) {
        if (found.size() >= MAX_FIELDS) {
            malformed = true;
        } else {
            found.add(field);
        }
    }

    private @Nullable FieldKind kindOf(int id) {
        BtfType type = btf.type(id);
        if (type instanceof BtfType.Struct structure) {
            for (FieldKind kind : FieldKind.values()) {
                if (!kind.isKptr() && kind.logName().equals(structure.name())) {
                    return kind;
                }
            }
            return null;
        }
        return btf.pointee(id).isPresent() ? kptrKind(btf.pointee(id).getAsInt()) : null;
    }

    private @Nullable FieldKind kptrKind(int target) {
        if (!(btf.type(target) instanceof BtfType.TypeTag tag) || btf.type(tag.target()) instanceof BtfType.TypeTag) {
            return null;
        }
        return switch (tag.name()) {
            case "kptr_untrusted" -> FieldKind.KPTR_UNREF;
            case "kptr" -> FieldKind.KPTR_REF;
            case "percpu_kptr" -> FieldKind.KPTR_PERCPU;
            default -> null;
        };
    }

    private @Nullable Field complete(FieldKind kind, int id, int off, List<DeclTag> tags) {
        if (kind.isKptr()) {
            return kptr(kind, btf.skipModifiers(btf.pointee(id).getAsInt()), off);
        }
        return kind.isGraphRoot() ? root(kind, off, tags) : new Field(kind, off, kind.size(), null, 0, 0);
    }

    private @Nullable Field kptr(FieldKind kind, int target, int off) {
        if (!(btf.type(target) instanceof BtfType.Composite composite)) {
            return null;
        }
        Btf kernel = types.kernel();
        int inKernel = types.structNamed(composite.name());
        return kernel != null && inKernel != 0
                ? new Field(kind, off, kind.size(), kernel, inKernel, 0)
                : new Field(kind, off, kind.size(), btf, target, 0);
    }

    /** A list head or tree root says by a tag {@code contains:type:member} what it owns. */
    private @Nullable Field root(FieldKind kind, int off, List<DeclTag> tags) {
        for (DeclTag tag : tags) {
            String[] parts = tag.name().split(":", -1);
            if (parts.length != 3 || !parts[0].equals("contains")) {
                continue;
            }
            int owned = btf.find(BtfType.Struct.class, parts[1]).orElse(0);
            if (owned != 0) {
                try {
                    return btf.member(owned, parts[2])
                            .map(node -> new Field(kind, off, kind.size(), btf, owned, (int) (node.bitOffset() / 8)))
                            .orElse(null);
                } catch (MalformedBtf _) {
                    return null;
                }
            }
        }
        malformed = true;
        return null;
    }
}
