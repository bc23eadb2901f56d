package org.bpfz.verifier.btf;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The special fields of a type, by offset (struct btf_record).
 *
 * @param malformed whether the type's fields break a rule; the kernel refuses to create such a map
 */
public record Fields(List<Field> all, boolean malformed) {
    /** No special field. */
    public static final Fields NONE = new Fields(List.of(), false);

    public Fields {
        all = List.copyOf(all);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** Whether one of the kind is there (btf_record_has_field). */
    public boolean has(FieldKind kind) {
        return first(kind) != null;
    }

    /** Whether one of such a kind is there. */
    public boolean has(Predicate<FieldKind> kinds) {
        return all.stream().anyMatch(field -> kinds.test(field.kind()));
    }

    /** The first of the kind, or null. */
    public @Nullable Field first(FieldKind kind) {
        for (Field field : all) {
            if (field.kind() == kind) {
                return field;
            }
        }
        return null;
    }

    /** The offset of the only field of the kind, or -22 where there is none, as the kernel's record says and its messages print. */
    public int offsetOf(FieldKind kind) {
        Field field = first(kind);
        return field == null ? -22 : field.offset();
    }

    /** The field of such a kind at exactly this offset, or null (btf_record_find). */
    public @Nullable Field at(long offset, Predicate<FieldKind> kinds) {
        for (Field field : all) {
            if (field.offset() == offset && kinds.test(field.kind())) {
                return field;
            }
        }
        return null;
    }
}
